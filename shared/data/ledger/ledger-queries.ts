import * as z from 'zod';
import { type MovementFact, UNEXPLAINED_SHORTAGE } from '../../core/inventory/book-movements.ts';
import { json, type Statements } from '../sql/database.ts';
import type { Position } from './ledger-store.ts';

const Sum = z.object({ n: z.int(), level: z.string().transform(Number), movements: z.int() });

/** For each position, its level at the end of a moment, and how many movements led to it and count. In the order asked. */
export async function levelsAt(
  tx: Statements,
  moments: readonly (Position & { readonly date: string })[],
): Promise<{ level: number; movements: number }[]> {
  const rows = await tx.select(
    Sum,
    `SELECT j.n, CAST(COALESCE(SUM(l.quantity_change), 0) AS CHAR) AS level,
            COUNT(CASE WHEN r.log_id IS NULL AND l.change_type <> 'reversal' THEN 1 END) AS movements
       FROM JSON_TABLE(:rows, '$[*]' COLUMNS (
              n           INT         PATH '$[0]',
              product_id  VARCHAR(64) PATH '$[1]',
              location_id VARCHAR(50) PATH '$[2]',
              date        DATETIME(3) PATH '$[3]')) AS j
       LEFT JOIN inventory_log l FORCE INDEX (inventory_log_position)
         ON l.product_id = j.product_id AND l.warehouse = j.location_id AND l.date <= j.date
       LEFT JOIN inventory_log r FORCE INDEX (inventory_log_reverses) ON r.reverses_log_id = l.log_id
      GROUP BY j.n
      ORDER BY j.n`,
    { rows: json(moments.map((moment, n) => [n, moment.productId, moment.locationId, moment.date])) },
  );
  return rows;
}

const Newest = z.object({ product_id: z.string(), date: z.string() });

/** When the newest movement of each product at a location took effect; nothing where none did. */
export async function newestMovements(
  db: Statements,
  locationId: string,
  productIds: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const rows = await db.select(
    Newest,
    `SELECT STRAIGHT_JOIN j.product_id, CAST(MAX(l.date) AS CHAR) AS date
       FROM JSON_TABLE(:ids, '$[*]' COLUMNS (product_id VARCHAR(64) PATH '$')) AS j
       JOIN inventory_log l FORCE INDEX (inventory_log_position)
         ON l.product_id = j.product_id AND l.warehouse = :locationId
      GROUP BY j.product_id`,
    { ids: json([...new Set(productIds)]), locationId },
  );
  return new Map(rows.map((row) => [row.product_id, row.date]));
}

const Key = z.object({ movement_key: z.string(), same: z.union([z.boolean(), z.int()]).transform(Boolean) });

/** Which of these movements are recorded, and whether with the same values. At most 4,000 at once. */
export async function recordedMovements(
  tx: Statements,
  facts: readonly MovementFact[],
): Promise<Map<string, boolean>> {
  const rows = await tx.select(
    Key,
    `SELECT STRAIGHT_JOIN l.movement_key,
            CASE WHEN l.product_id = j.product_id AND l.warehouse = j.location_id AND l.date = j.date
                  AND l.quantity_change = j.quantity_change AND l.change_type = j.change_type
                 THEN 1 ELSE 0 END AS same
       FROM JSON_TABLE(:rows, '$[*]' COLUMNS (
              movement_key    VARCHAR(160) PATH '$[0]',
              product_id      VARCHAR(64)  PATH '$[1]',
              location_id     VARCHAR(50)  PATH '$[2]',
              date            DATETIME(3)  PATH '$[3]',
              quantity_change INT          PATH '$[4]',
              change_type     VARCHAR(20)  PATH '$[5]')) AS j
       JOIN inventory_log l FORCE INDEX (inventory_log_movement_key) ON l.movement_key = j.movement_key`,
    {
      rows: json(
        facts.map((fact) => [
          fact.key,
          fact.productId,
          fact.locationId,
          fact.date,
          fact.quantityChange,
          fact.type,
        ]),
      ),
    },
  );
  return new Map(rows.map((row) => [row.movement_key, row.same]));
}

const Shortage = z.object({ log_id: z.int(), movement_key: z.string(), quantity_change: z.int() });

/** The adjustments that covered shortages of these movements and still count, by the movement's key. At most 4,000 at once. */
export async function shortagesBefore(
  tx: Statements,
  keys: readonly string[],
): Promise<ReadonlyMap<string, { logId: number; units: number }>> {
  const rows = await tx.select(
    Shortage,
    `SELECT STRAIGHT_JOIN l.log_id, l.movement_key, l.quantity_change
       FROM JSON_TABLE(:keys, '$[*]' COLUMNS (movement_key VARCHAR(160) PATH '$')) AS j
       JOIN inventory_log l FORCE INDEX (inventory_log_movement_key) ON l.movement_key = j.movement_key
       LEFT JOIN inventory_log r FORCE INDEX (inventory_log_reverses) ON r.reverses_log_id = l.log_id
      WHERE r.log_id IS NULL AND l.change_type = 'adjustment' AND l.reason = '${UNEXPLAINED_SHORTAGE}'`,
    { keys: json(keys.map((key) => `${key}:shortage`)) },
  );
  return new Map(
    rows.map((row) => [
      row.movement_key.slice(0, -':shortage'.length),
      { logId: row.log_id, units: row.quantity_change },
    ]),
  );
}
