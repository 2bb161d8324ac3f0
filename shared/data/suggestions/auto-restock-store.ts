import * as z from 'zod';
import { AutoRestockRule } from '../../contracts/api/purchasing.ts';
import type { AutoDraft, AutoRestockRule as Rule } from '../../core/inventory/pick-auto-orders.ts';
import { flagColumn, moneyColumn } from '../sql/columns.ts';
import { date, decimal, json, type Statements } from '../sql/database.ts';

const Row = AutoRestockRule.extend({
  is_active: flagColumn,
  usual_only: flagColumn,
  due_only: flagColumn,
  max_order_value: moneyColumn,
  max_day_value: moneyColumn,
});
/** Rules that are kept and asked. */
export const MOST_RULES = 500;
const COLUMNS = `rule_id AS id, is_active, priority, supplier_id, location_id, category, class, currency,
       max_order_value, max_day_value, usual_only, due_only`;

/** All rules, in the order in which they are asked. */
export const listAutoRestockRules = (db: Statements): Promise<AutoRestockRule[]> =>
  db.select(Row, `SELECT ${COLUMNS} FROM auto_restock_rule ORDER BY priority, rule_id LIMIT ${MOST_RULES}`);

/** One rule. */
export async function findAutoRestockRule(db: Statements, id: string): Promise<AutoRestockRule | undefined> {
  const [rule] = await db.select(Row, `SELECT ${COLUMNS} FROM auto_restock_rule WHERE rule_id = :id`, { id });
  return rule;
}

const cents = (amount: string): number => Math.round(Number(amount) * 100);

/** The active rules as the choice takes them. */
export const readActiveRules = async (db: Statements): Promise<Rule[]> =>
  (await listAutoRestockRules(db))
    .filter((rule) => rule.is_active)
    .map((rule) => ({
      ruleId: rule.id,
      supplierId: rule.supplier_id,
      locationId: rule.location_id,
      category: rule.category,
      class: rule.class,
      currency: rule.currency,
      maxOrderCents: cents(rule.max_order_value),
      maxDayCents: cents(rule.max_day_value),
      isUsualOnly: rule.usual_only,
      isDueOnly: rule.due_only,
    }));

const Spent = z.object({ rule_id: z.string(), cents: z.coerce.number() });

/** Holds what the rules have ordered on a day until the transaction ends: of two runs at once, the second sees the first. */
export async function holdSpent(
  tx: Statements,
  ruleIds: readonly string[],
  day: string,
): Promise<Map<string, number>> {
  const params = { ids: json([...ruleIds].sort()), day: date(day) };
  await tx.write(
    `INSERT IGNORE INTO auto_restock_day (rule_id, day)
     SELECT j.id, :day FROM JSON_TABLE(:ids, '$[*]' COLUMNS (id VARCHAR(64) PATH '$')) AS j`,
    params,
  );
  return await readSpent(tx, ruleIds, day, 'FOR UPDATE');
}

/** What the rules have ordered on a day, in hundredths. */
export async function readSpent(
  db: Statements,
  ruleIds: readonly string[],
  day: string,
  lock: '' | 'FOR UPDATE' = '',
): Promise<Map<string, number>> {
  const rows = await db.select(
    Spent,
    `SELECT STRAIGHT_JOIN d.rule_id, CAST(ROUND(d.spent * 100) AS SIGNED) AS cents
       FROM JSON_TABLE(:ids, '$[*]' COLUMNS (id VARCHAR(64) PATH '$')) AS j
       JOIN auto_restock_day d ON d.rule_id = j.id AND d.day = :day
       ${lock}`,
    { ids: json([...ruleIds].sort()), day: date(day) },
  );
  return new Map(rows.map((row) => [row.rule_id, row.cents]));
}

/** Counts an order upon what its rule may order that day. */
export async function addSpent(
  tx: Statements,
  ruleId: string,
  day: string,
  spentCents: number,
): Promise<void> {
  await tx.write(
    `UPDATE auto_restock_day SET spent = spent + :amount, orders = orders + 1 WHERE rule_id = :ruleId AND day = :day`,
    { ruleId, day: date(day), amount: decimal((spentCents / 100).toFixed(2)) },
  );
}

const DraftLine = z.object({
  purchase_order_id: z.int(),
  supplier_id: z.string(),
  location_id: z.string(),
  currency: z.string(),
  minimum: z.coerce.number(),
  suggestion_id: z.int(),
  product_id: z.string(),
  category: z.string().nullable(),
  class: z.string().nullable(),
  is_usual: flagColumn,
  order_day: z.string(),
  cover_days: z.number().nullable(),
  cents: z.coerce.number(),
});
/** Lines of one answer, and of one run. */
const PAGE = 2_500;
const MOST_LINES = 200_000;

/** Drafts that mirror suggestions, with what is suggested in each. */
export async function readAutoDrafts(db: Statements): Promise<AutoDraft[]> {
  const drafts = new Map<number, AutoDraft & { lines: AutoDraft['lines'][number][] }>();
  let [afterOrder, afterProduct, count] = [0, '', 0];
  while (count < MOST_LINES) {
    const rows = await db.select(
      DraftLine,
      `SELECT o.purchase_order_id, o.supplier_id, o.location_id, s.currency,
              CAST(ROUND(s.minimum_order * 100) AS SIGNED) AS minimum, g.suggestion_id, l.product_id, p.category,
              g.class, COALESCE(JSON_VALUE(g.explanation, '$.confidence'), 'usual') <> 'low' AS is_usual,
              CAST(COALESCE(JSON_VALUE(g.explanation, '$.order_day'), g.order_by) AS CHAR) AS order_day, g.cover_days,
              CAST(ROUND(l.quantity * l.unit_cost, 2) * 100 AS SIGNED) AS cents
         FROM purchase_order o
         JOIN supplier s ON s.supplier_id = o.supplier_id AND s.is_active = 1
         JOIN purchase_order_line l ON l.purchase_order_id = o.purchase_order_id
         JOIN products p ON p.product_id = l.product_id
         JOIN suggestion g ON g.purchase_order_id = o.purchase_order_id AND g.product_id = l.product_id
          AND g.status = 'open'
        WHERE o.status = 'draft' AND o.is_own = 0
          AND (o.purchase_order_id > :afterOrder
               OR (o.purchase_order_id = :afterOrder AND l.product_id > :afterProduct))
        ORDER BY o.purchase_order_id, l.product_id
        LIMIT ${PAGE}`,
      { afterOrder, afterProduct },
    );
    for (const row of rows) {
      const draft = drafts.get(row.purchase_order_id) ?? {
        purchaseOrderId: row.purchase_order_id,
        supplierId: row.supplier_id,
        locationId: row.location_id,
        currency: row.currency,
        minimumCents: row.minimum,
        lines: [],
      };
      draft.lines.push({
        suggestionId: row.suggestion_id,
        productId: row.product_id,
        category: row.category,
        class: row.class,
        isUsual: row.is_usual,
        orderDay: row.order_day,
        coverDays: row.cover_days,
        cents: row.cents,
      });
      drafts.set(row.purchase_order_id, draft);
    }
    count += rows.length;
    if (rows.length < PAGE) break;
    afterOrder = rows.at(-1)!.purchase_order_id;
    afterProduct = rows.at(-1)!.product_id;
  }
  return [...drafts.values()];
}

/** Moves some lines of a draft, with their suggestions, into a draft of their own; its number. */
export async function splitDraft(
  tx: Statements,
  draft: Pick<AutoDraft, 'purchaseOrderId' | 'supplierId' | 'locationId'>,
  productIds: readonly string[],
  actor: string,
): Promise<number> {
  const { insertId } = await tx.write(
    `INSERT INTO purchase_order (supplier_id, location_id, status, is_own, created_by)
     VALUES (:supplierId, :locationId, 'draft', 1, :actor)`,
    { supplierId: draft.supplierId, locationId: draft.locationId, actor },
  );
  const params = { from: draft.purchaseOrderId, to: insertId!, ids: json(productIds) };
  const CHOSEN = `JSON_TABLE(:ids, '$[*]' COLUMNS (id VARCHAR(64) PATH '$')) AS j ON j.id = x.product_id`;
  await tx.write(
    `UPDATE purchase_order_line x
       JOIN ${CHOSEN}
        SET x.purchase_order_id = :to
      WHERE x.purchase_order_id = :from`,
    params,
  );
  await tx.write(
    `UPDATE suggestion x
       JOIN ${CHOSEN}
        SET x.purchase_order_id = :to
      WHERE x.purchase_order_id = :from AND x.status = 'open'`,
    params,
  );
  return insertId!;
}
