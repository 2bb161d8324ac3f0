import * as z from 'zod';
import { Explanation } from '../contracts/explanation.ts';
import { Fault } from '../contracts/fault.ts';
import { json, type Statements } from './database.ts';
import { jsonChunks } from './json-chunks.ts';
import { mirrorDrafts } from './purchase-order-store.ts';
import { KEY_COLUMNS, keysJson, type SeriesKey, seriesName } from './series-store.ts';

/** What to order of one product for one location, from whom, and why. */
export interface Need extends SeriesKey {
  readonly supplierId: string;
  readonly quantity: number;
  readonly unitCost: string;
  readonly orderBy: string;
  readonly explanation: Explanation;
}

const Row = z
  .object({
    suggestion_id: z.int(),
    product_id: z.string(),
    location_id: z.string(),
    supplier_id: z.string(),
    status: z.enum(['open', 'dismissed']),
    quantity: z.int(),
    unit_cost: z.string(),
    order_by: z.iso.date(),
    explanation: z.string().transform((text) => Explanation.parse(JSON.parse(text))),
  })
  .transform((row) => ({
    suggestionId: row.suggestion_id,
    productId: row.product_id,
    locationId: row.location_id,
    supplierId: row.supplier_id,
    status: row.status,
    quantity: row.quantity,
    unitCost: row.unit_cost,
    orderBy: row.order_by,
    explanation: row.explanation,
  }));

/** A suggestion that still speaks: open, or dismissed with nothing suggested since. */
export type StandingSuggestion = z.infer<typeof Row>;

/** The standing suggestion of each series, by `seriesName`. */
export async function readStandingSuggestions(
  db: Statements,
  keys: readonly SeriesKey[],
): Promise<Map<string, StandingSuggestion>> {
  const rows = await db.select(
    Row,
    `SELECT s.suggestion_id, s.product_id, s.location_id, s.supplier_id, s.status, s.quantity, s.unit_cost,
            s.order_by, s.explanation
       FROM (SELECT MAX(x.suggestion_id) AS suggestion_id
               FROM JSON_TABLE(:keys, '$[*]' COLUMNS (${KEY_COLUMNS})) AS k
               JOIN suggestion x ON x.product_id = k.product_id AND x.location_id = k.location_id
              GROUP BY x.product_id, x.location_id) AS newest
       JOIN suggestion s ON s.suggestion_id = newest.suggestion_id
      WHERE s.status IN ('open', 'dismissed')`,
    { keys: keysJson(keys) },
  );
  return new Map(rows.map((row) => [seriesName(row), row]));
}

/** Opens a suggestion for each need, or brings the open one of that series up to date. */
export async function saveSuggestions(tx: Statements, runId: string, needs: readonly Need[]): Promise<void> {
  const rows = needs.map((need) => [
    need.productId,
    need.locationId,
    need.supplierId,
    need.quantity,
    need.unitCost,
    need.orderBy,
    JSON.stringify(need.explanation),
  ]);
  for (const text of jsonChunks(rows)) {
    await tx.write(
      `INSERT INTO suggestion (run_id, product_id, location_id, supplier_id, status, quantity, unit_cost, order_by, explanation)
       SELECT :runId, j.product_id, j.location_id, j.supplier_id, 'open', j.quantity, j.unit_cost, j.order_by, j.explanation
         FROM JSON_TABLE(:rows, '$[*]' COLUMNS (
                ${KEY_COLUMNS},
                supplier_id VARCHAR(64) PATH '$[2]',
                quantity INT PATH '$[3]',
                unit_cost DECIMAL(12, 4) PATH '$[4]',
                order_by DATE PATH '$[5]',
                explanation LONGTEXT PATH '$[6]')) AS j
           ON DUPLICATE KEY UPDATE run_id = :runId, supplier_id = j.supplier_id, quantity = j.quantity,
              unit_cost = j.unit_cost, order_by = j.order_by, explanation = j.explanation`,
      { runId, rows: text },
    );
  }
}

/** Takes suggestions back whose need went away; a dismissal ends with its need. */
export async function withdrawSuggestions(tx: Statements, ids: readonly number[]): Promise<void> {
  if (ids.length === 0) return;
  await tx.write(
    `UPDATE suggestion s
       JOIN JSON_TABLE(:ids, '$[*]' COLUMNS (id BIGINT PATH '$')) AS k ON k.id = s.suggestion_id
        SET s.status = 'withdrawn', s.purchase_order_id = NULL
      WHERE s.status IN ('open', 'dismissed')`,
    { ids: json(ids) },
  );
}

const Stray = z.object({ suggestion_id: z.int(), product_id: z.string(), location_id: z.string() });

/** Open suggestions for series that the run does not cover any more, at most `limit`. */
export async function readStraySuggestions(
  db: Statements,
  runId: string,
  limit: number,
): Promise<(SeriesKey & { readonly suggestionId: number })[]> {
  const rows = await db.select(
    Stray,
    `SELECT s.suggestion_id, s.product_id, s.location_id
       FROM suggestion s
       LEFT JOIN forecast f ON f.run_id = :runId AND f.product_id = s.product_id AND f.location_id = s.location_id
      WHERE s.status = 'open' AND f.forecast_id IS NULL
      ORDER BY s.suggestion_id
      LIMIT :limit`,
    { runId, limit },
  );
  return rows.map((row) => ({
    suggestionId: row.suggestion_id,
    productId: row.product_id,
    locationId: row.location_id,
  }));
}

const Place = z.object({
  product_id: z.string(),
  location_id: z.string(),
  purchase_order_id: z.int().nullable(),
  status: z.string(),
});

/**
 * Says no to a suggestion: its line leaves the draft, and it is not made again until the need changes.
 * Dismissing twice changes nothing. Fault `missing`, or `conflict` when it is not open any more.
 */
export async function dismissSuggestion(tx: Statements, suggestionId: number): Promise<void> {
  const [place] = await tx.select(
    Place,
    `SELECT product_id, location_id, purchase_order_id, status FROM suggestion WHERE suggestion_id = :id`,
    { id: suggestionId },
  );
  if (!place) throw new Fault('missing', `There is no suggestion ${suggestionId}`);
  if (place.status === 'dismissed') return;
  // The draft first, as a restock takes them: whoever comes second waits instead of deadlocking.
  await tx.select(
    z.object({ purchase_order_id: z.int() }),
    `SELECT purchase_order_id FROM purchase_order WHERE purchase_order_id = :id FOR UPDATE`,
    { id: place.purchase_order_id ?? 0 },
  );
  const { updated } = await tx.write(
    `UPDATE suggestion SET status = 'dismissed', purchase_order_id = NULL WHERE suggestion_id = :id AND status = 'open'`,
    { id: suggestionId },
  );
  if (updated === 0) throw new Fault('conflict', `Suggestion ${suggestionId} is ${place.status}`);
  await mirrorDrafts(tx, [{ productId: place.product_id, locationId: place.location_id }]);
}

const Counts = z.object({ suggestions: z.int(), drafts: z.int(), without_supplier: z.int() });

/** What stands after a restock: open suggestions, drafts, and series of the run that nobody supplies. */
export async function countOutcome(
  db: Statements,
  runId: string,
): Promise<{ suggestions: number; drafts: number; withoutSupplier: number }> {
  const [row] = await db.select(
    Counts,
    `SELECT (SELECT COUNT(*) FROM suggestion WHERE status = 'open') AS suggestions,
            (SELECT COUNT(*) FROM purchase_order WHERE status = 'draft') AS drafts,
            (SELECT COUNT(*)
               FROM forecast f
              WHERE f.run_id = :runId
                AND NOT EXISTS (SELECT 1
                                  FROM supplier_item i
                                  JOIN supplier s ON s.supplier_id = i.supplier_id AND s.is_active = 1
                                 WHERE i.product_id = f.product_id)) AS without_supplier`,
    { runId },
  );
  return {
    suggestions: row!.suggestions,
    drafts: row!.drafts,
    withoutSupplier: row!.without_supplier,
  };
}
