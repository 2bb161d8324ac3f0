import { Suggestion } from '../../contracts/api/page.ts';
import { SupplierNeed } from '../../contracts/api/planning.ts';
import { explainOrdered } from '../../core/inventory/explain-ordered.ts';
import {
  jsonColumn,
  moneyColumn,
  type Page,
  type PageAsked,
  Total,
  timeColumn,
  where,
} from '../sql/columns.ts';
import { date, decimal, json, type Param, type Statements } from '../sql/database.ts';
import { StoredExplanation } from './stored-explanation.ts';

const Row = Suggestion.extend({
  unit_cost: moneyColumn,
  cost: moneyColumn,
  money_at_risk: moneyColumn,
  decided_at: timeColumn.nullable(),
  updated_at: timeColumn,
  explanation: jsonColumn(StoredExplanation),
}).transform((row): Suggestion => ({ ...row, explanation: explainOrdered(row.explanation, row) }));

/** Suggestions of the table or derived table `chosen`, in full. */
const inFull = (
  chosen: string,
) => `SELECT g.suggestion_id, g.status, g.kind, g.run_id, g.product_id, p.product_name, p.category, g.class,
       g.location_id, g.from_location, g.supplier_id, s.supplier_name, g.quantity,
       COALESCE(g.need_quantity, g.quantity) AS need_quantity, g.top_up, g.edited_by, g.edited_why, CAST(g.edited_until AS CHAR) AS edited_until,
       g.unit_cost, ROUND(g.cost, 2) AS cost, ROUND(g.money_at_risk, 2) AS money_at_risk, ROUND(g.cover_days, 1) AS cover_days, g.stockout_probability,
       CAST(g.stockout_date AS CHAR) AS stockout_date, g.order_by, CAST(g.snoozed_until AS CHAR) AS snoozed_until,
       g.decided_by, g.decided_at, g.decided_why, g.purchase_order_id, g.updated_at, g.explanation
  FROM ${chosen}
  JOIN products p ON p.product_id = g.product_id
  LEFT JOIN supplier s ON s.supplier_id = g.supplier_id`;

/** In which order suggestions come: what costs most to leave, what must be ordered first, what costs most, what lasts longest. */
const ORDERS = {
  risk: 'g.money_at_risk DESC, g.suggestion_id',
  order_by: 'g.order_by, g.cost DESC, g.suggestion_id',
  cost: 'g.cost DESC, g.suggestion_id',
  cover: 'g.cover_days DESC, g.suggestion_id',
} as const;
export type SuggestionOrder = keyof typeof ORDERS;

export interface SuggestionFilter {
  readonly status?: string | undefined;
  readonly supplierId?: string | undefined;
  readonly productId?: string | undefined;
  readonly locationId?: string | undefined;
  readonly kind?: string | undefined;
  /** `AX`, or one letter of it. */
  readonly className?: string | undefined;
  readonly category?: string | undefined;
  /** Must be ordered before that day. */
  readonly dueBefore?: string | undefined;
  /** Costs at least that, as a decimal. */
  readonly minValue?: string | undefined;
  /** Lasts at least so many days. */
  readonly minCoverDays?: number | undefined;
}

/** Full rows of one answer of the database: each has up to 7 KB of reasons, where they were stored in full. */
const ROWS_AT_ONCE = 100;
const Id = Suggestion.pick({ suggestion_id: true });

/** Suggestions; by default those whose neglect costs most come first. */
export async function listSuggestions(
  db: Statements,
  filter: SuggestionFilter,
  { skip, limit }: PageAsked,
  sort: SuggestionOrder = 'risk',
): Promise<Page<Suggestion>> {
  const { conditions, params, from } = chosenBy(filter);
  const [count] = await db.select(Total, `SELECT COUNT(*) AS total ${from} ${conditions}`, params);
  // First the page from an index, then its rows: with their explanations, all of them would be sorted.
  const ids = await db.select(
    Id,
    `SELECT g.suggestion_id ${from} ${conditions} ORDER BY ${ORDERS[sort]} LIMIT :limit OFFSET :skip`,
    { ...params, skip, limit },
  );
  const data: Suggestion[] = [];
  for (let at = 0; at < ids.length; at += ROWS_AT_ONCE) {
    const some = ids.slice(at, at + ROWS_AT_ONCE).map((row) => row.suggestion_id);
    data.push(
      ...(await db.select(
        Row,
        `${inFull(
          `JSON_TABLE(:ids, '$[*]' COLUMNS (id BIGINT PATH '$')) AS k JOIN suggestion g ON g.suggestion_id = k.id`,
        )} ORDER BY ${ORDERS[sort]}`,
        { ids: json(some) },
      )),
    );
  }
  return { data, pagination: { skip, limit, total: count!.total } };
}

function chosenBy(filter: SuggestionFilter) {
  const params: Record<string, Param> = {};
  const conditions: string[] = [];
  const add = (value: string | undefined, name: string, sql: string, param?: Param) => {
    if (value === undefined) return;
    params[name] = param ?? value;
    conditions.push(sql);
  };
  add(filter.status, 'status', 'g.status = :status');
  add(filter.supplierId, 'supplierId', 'g.supplier_id = :supplierId');
  add(filter.productId, 'productId', 'g.product_id = :productId');
  add(filter.locationId, 'locationId', 'g.location_id = :locationId');
  add(filter.kind, 'kind', 'g.kind = :kind');
  const { className, category, dueBefore, minValue, minCoverDays } = filter;
  const pattern = className === undefined || className.length === 2 ? className : classPattern(className);
  add(pattern, 'class', 'g.class LIKE :class');
  add(category, 'category', 'p.category = :category');
  add(
    dueBefore,
    'dueBefore',
    'g.order_by < :dueBefore',
    dueBefore === undefined ? undefined : date(dueBefore),
  );
  add(minValue, 'minValue', 'g.cost >= :minValue', minValue === undefined ? undefined : decimal(minValue));
  add(minCoverDays?.toString(), 'minCover', 'g.cover_days >= :minCover', minCoverDays);
  const from = `FROM suggestion g${category === undefined ? '' : ' JOIN products p ON p.product_id = g.product_id'}`;
  return { conditions: where(conditions), params, from };
}

const classPattern = (letter: string): string => ('ABC'.includes(letter) ? `${letter}_` : `_${letter}`);

/** One suggestion with every number behind it. */
export async function findSuggestion(db: Statements, suggestionId: number): Promise<Suggestion | undefined> {
  const [found] = await db.select(Row, `${inFull('suggestion g')} WHERE g.suggestion_id = :suggestionId`, {
    suggestionId,
  });
  return found;
}

const Need = SupplierNeed.extend({
  cost: moneyColumn,
  money_at_risk: moneyColumn,
  minimum_order: moneyColumn,
  shortfall: moneyColumn,
});

/** What is to be ordered from each supplier, in sums of the amounts that are shown of each, and what it lacks to the supplier's minimum, the most urgent first. */
export async function listSupplierNeeds(
  db: Statements,
  { skip, limit }: PageAsked,
  { locationId }: { readonly locationId?: string | undefined } = {},
): Promise<Page<SupplierNeed>> {
  const conditions = where([
    `g.status = 'open'`,
    `g.kind = 'purchase'`,
    locationId !== undefined && 'g.location_id = :locationId',
  ]);
  const params = { ...(locationId !== undefined && { locationId }) };
  const [count] = await db.select(
    Total,
    `SELECT COUNT(DISTINCT g.supplier_id) AS total FROM suggestion g ${conditions}`,
    params,
  );
  const data = await db.select(
    Need,
    `SELECT o.supplier_id, s.supplier_name, s.currency, CAST(SUM(o.suggestions) AS SIGNED) AS suggestions,
            CAST(SUM(o.units) AS SIGNED) AS units, SUM(o.cost) AS cost, SUM(o.risk) AS money_at_risk, MIN(o.order_by) AS order_by, s.minimum_order, COUNT(*) AS orders,
            ROUND(SUM(GREATEST(s.minimum_order - o.cost, 0)), 2) AS shortfall
       FROM (SELECT g.supplier_id, g.location_id, COUNT(*) AS suggestions, SUM(g.quantity) AS units,
                    SUM(ROUND(g.cost, 2)) AS cost, SUM(ROUND(g.money_at_risk, 2)) AS risk, MIN(g.order_by) AS order_by
               FROM suggestion g
               ${conditions}
              GROUP BY g.supplier_id, g.location_id) AS o
       JOIN supplier s ON s.supplier_id = o.supplier_id
      GROUP BY o.supplier_id, s.supplier_name, s.currency, s.minimum_order
      ORDER BY MIN(o.order_by), SUM(o.risk) DESC, SUM(o.cost) DESC, o.supplier_id
      LIMIT :limit OFFSET :skip`,
    { ...params, skip, limit },
  );
  return { data, pagination: { skip, limit, total: count!.total } };
}
