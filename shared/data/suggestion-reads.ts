import { Suggestion } from '../contracts/api/page.ts';
import { SupplierNeed } from '../contracts/api/planning.ts';
import { Explanation } from '../contracts/explanation.ts';
import { jsonColumn, moneyColumn, type Page, type PageAsked, Total, where } from './columns.ts';
import type { Statements } from './database.ts';

const Row = Suggestion.extend({
  unit_cost: moneyColumn,
  cost: moneyColumn,
  explanation: jsonColumn(Explanation),
});

/** Suggestions of the table or derived table `chosen`, in full. */
const inFull = (
  chosen: string,
) => `SELECT g.suggestion_id, g.status, g.run_id, g.product_id, p.product_name, p.category,
       g.location_id, g.supplier_id, s.supplier_name, g.quantity, g.unit_cost, ROUND(g.cost, 2) AS cost,
       g.order_by, g.purchase_order_id, g.explanation
  FROM ${chosen}
  JOIN products p ON p.product_id = g.product_id
  JOIN supplier s ON s.supplier_id = g.supplier_id`;

export interface SuggestionFilter {
  readonly status?: string | undefined;
  readonly supplierId?: string | undefined;
  readonly productId?: string | undefined;
  readonly locationId?: string | undefined;
}

/** Suggestions, the most urgent and then the most expensive first. */
export async function listSuggestions(
  db: Statements,
  { status, supplierId, productId, locationId }: SuggestionFilter,
  { skip, limit }: PageAsked,
): Promise<Page<Suggestion>> {
  const conditions = where([
    status !== undefined && 'g.status = :status',
    supplierId !== undefined && 'g.supplier_id = :supplierId',
    productId !== undefined && 'g.product_id = :productId',
    locationId !== undefined && 'g.location_id = :locationId',
  ]);
  const params = {
    ...(status !== undefined && { status }),
    ...(supplierId !== undefined && { supplierId }),
    ...(productId !== undefined && { productId }),
    ...(locationId !== undefined && { locationId }),
  };
  const [count] = await db.select(Total, `SELECT COUNT(*) AS total FROM suggestion g ${conditions}`, params);
  const ORDER = `g.order_by, g.cost DESC, g.suggestion_id`;
  // First the page from an index, then its rows: with their explanations, all of them would be sorted.
  const page = `SELECT g.suggestion_id
     FROM suggestion g
    ${conditions}
    ORDER BY ${ORDER}
    LIMIT :limit OFFSET :skip`;
  const data = await db.select(
    Row,
    `${inFull(`(${page}) AS page JOIN suggestion g ON g.suggestion_id = page.suggestion_id`)}
      ORDER BY ${ORDER}`,
    { ...params, skip, limit },
  );
  return { data, pagination: { skip, limit, total: count!.total } };
}

export async function findSuggestion(db: Statements, suggestionId: number): Promise<Suggestion | undefined> {
  const [found] = await db.select(Row, `${inFull('suggestion g')} WHERE g.suggestion_id = :suggestionId`, {
    suggestionId,
  });
  return found;
}

const Need = SupplierNeed.extend({ cost: moneyColumn });

/** What is to be ordered from each supplier, the most urgent first. */
export async function listSupplierNeeds(
  db: Statements,
  { skip, limit }: PageAsked,
): Promise<Page<SupplierNeed>> {
  const [count] = await db.select(
    Total,
    `SELECT COUNT(DISTINCT supplier_id) AS total FROM suggestion WHERE status = 'open'`,
  );
  const data = await db.select(
    Need,
    `SELECT g.supplier_id, s.supplier_name, s.currency, COUNT(*) AS suggestions,
            CAST(SUM(g.quantity) AS SIGNED) AS units, ROUND(SUM(g.cost), 2) AS cost,
            MIN(g.order_by) AS order_by
       FROM suggestion g
       JOIN supplier s ON s.supplier_id = g.supplier_id
      WHERE g.status = 'open'
      GROUP BY g.supplier_id, s.supplier_name, s.currency
      ORDER BY MIN(g.order_by), SUM(g.cost) DESC, g.supplier_id
      LIMIT :limit OFFSET :skip`,
    { skip, limit },
  );
  return { data, pagination: { skip, limit, total: count!.total } };
}
