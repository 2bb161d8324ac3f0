import * as z from 'zod';
import { UNEXPLAINED_SHORTAGE } from '../../core/inventory/book-movements.ts';
import type { Position } from '../ledger/ledger-store.ts';
import { json, type Statements } from '../sql/database.ts';

/** Why the adjustment of a shortage is taken back that a later message has explained. */
export const SHORTAGE_EXPLAINED = 'the shortage is explained by now';
/** Beginning of the actor of whatever shops tell. */
export const WEBHOOK_ACTOR = 'webhook:';

const OF_ASSUMPTION = `l.actor LIKE '${WEBHOOK_ACTOR}%' AND l.reason IN ('${UNEXPLAINED_SHORTAGE}', '${SHORTAGE_EXPLAINED}')`;

/** A movement that no shop told of. */
const OURS = `o.actor NOT LIKE '${WEBHOOK_ACTOR}%'`;

/**
 * For each moment, the units on hand now that came too late for it: how far our own movements after it lifted the level
 * from its lowest point since. What shops brought counts as if it had been there, so that their messages may come in any
 * order. In the order asked.
 */
export async function unitsTooLate(
  tx: Statements,
  moments: readonly (Position & { readonly date: string })[],
): Promise<number[]> {
  if (moments.length === 0) return [];
  const rows = await tx.select(
    z.object({ n: z.int(), rise: z.string().transform(Number) }),
    `SELECT r.n, CAST(SUM(r.step) - LEAST(0, MIN(r.running)) AS CHAR) AS rise
       FROM (SELECT s.n, s.step, SUM(s.step) OVER (PARTITION BY s.n ORDER BY s.date, s.log_id) AS running
               FROM (SELECT j.n, o.date, o.log_id,
                            CASE WHEN ${OURS} OR o.quantity_change < 0 THEN o.quantity_change ELSE 0 END AS step
                       FROM JSON_TABLE(:rows, '$[*]' COLUMNS (
                              n           INT         PATH '$[0]',
                              product_id  VARCHAR(64) PATH '$[1]',
                              location_id VARCHAR(50) PATH '$[2]',
                              date        DATETIME(3) PATH '$[3]')) AS j
                       JOIN inventory_log o
                         ON o.product_id = j.product_id AND o.warehouse = j.location_id AND o.date > j.date) AS s) AS r
      GROUP BY r.n`,
    { rows: json(moments.map((moment, n) => [n, moment.productId, moment.locationId, moment.date])) },
  );
  const rises = new Map(rows.map((row) => [row.n, row.rise]));
  return moments.map((_, n) => rises.get(n) ?? 0);
}

/**
 * For each position, the sum of its movements up to a moment, leaving out what was only assumed because a message of a
 * shop had not come yet. In the order asked; positions must be locked, and none may be given twice.
 */
export async function knownLevelsAt(
  tx: Statements,
  moments: readonly (Position & { readonly date: string })[],
): Promise<number[]> {
  const rows = await tx.select(
    z.object({ n: z.int(), level: z.string().transform(Number) }),
    `SELECT j.n, CAST(COALESCE(SUM(CASE WHEN ${OF_ASSUMPTION} THEN 0 ELSE l.quantity_change END), 0) AS CHAR) AS level
       FROM JSON_TABLE(:rows, '$[*]' COLUMNS (
              n           INT         PATH '$[0]',
              product_id  VARCHAR(64) PATH '$[1]',
              location_id VARCHAR(50) PATH '$[2]',
              date        DATETIME(3) PATH '$[3]')) AS j
       LEFT JOIN inventory_log l
         ON l.product_id = j.product_id AND l.warehouse = j.location_id AND l.date <= j.date
      GROUP BY j.n
      ORDER BY j.n`,
    { rows: json(moments.map((moment, n) => [n, moment.productId, moment.locationId, moment.date])) },
  );
  return rows.map((row) => row.level);
}

const Assumed = z
  .object({
    log_id: z.int(),
    movement_key: z.string(),
    product_id: z.string(),
    warehouse: z.string(),
    date: z.string(),
    quantity_change: z.int(),
    counted: z.int(),
  })
  .transform((row) => ({
    logId: row.log_id,
    key: row.movement_key,
    productId: row.product_id,
    locationId: row.warehouse,
    date: row.date,
    units: row.quantity_change,
    /** Somebody counted, after it was booked, what was there at its time or later. */
    isCounted: row.counted === 1,
  }));
export type AssumedShortage = z.infer<typeof Assumed>;

/** Shortages of these positions that messages of shops met and that nothing has explained, newest first. */
export async function readAssumedShortages(
  tx: Statements,
  positions: readonly Position[],
): Promise<AssumedShortage[]> {
  if (positions.length === 0) return [];
  return await tx.select(
    Assumed,
    `SELECT STRAIGHT_JOIN l.log_id, l.movement_key, l.product_id, l.warehouse, CAST(l.date AS CHAR) AS date,
            l.quantity_change,
            EXISTS (SELECT 1
                      FROM inventory_log o
                      LEFT JOIN inventory_log b ON b.reverses_log_id = o.log_id
                     WHERE o.product_id = l.product_id AND o.warehouse = l.warehouse AND o.date >= l.date
                       AND o.log_id > l.log_id AND o.change_type IN ('count', 'opening')
                       AND ${OURS} AND b.log_id IS NULL) AS counted
       FROM JSON_TABLE(:rows, '$[*]' COLUMNS (
              product_id  VARCHAR(64) PATH '$[0]',
              location_id VARCHAR(50) PATH '$[1]')) AS j
       JOIN inventory_log l
         ON l.product_id = j.product_id AND l.warehouse = j.location_id AND l.knowledge = 2
        AND l.actor LIKE '${WEBHOOK_ACTOR}%'
       LEFT JOIN inventory_log r FORCE INDEX (inventory_log_reverses) ON r.reverses_log_id = l.log_id
      WHERE r.log_id IS NULL
      ORDER BY l.log_id DESC`,
    { rows: json(positions.map((position) => [position.productId, position.locationId])) },
  );
}

const Logged = z.object({ log_id: z.int(), movement_key: z.string() });

/** Ledger rows of these movements that nothing has taken back, by key. At most 4,000 at once. */
export async function standingMovements(
  tx: Statements,
  keys: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  if (keys.length === 0) return new Map();
  const rows = await tx.select(
    Logged,
    `SELECT STRAIGHT_JOIN l.log_id, l.movement_key
       FROM JSON_TABLE(:keys, '$[*]' COLUMNS (movement_key VARCHAR(160) PATH '$')) AS j
       JOIN inventory_log l FORCE INDEX (inventory_log_movement_key) ON l.movement_key = j.movement_key
       LEFT JOIN inventory_log r FORCE INDEX (inventory_log_reverses) ON r.reverses_log_id = l.log_id
      WHERE r.log_id IS NULL`,
    { keys: json(keys) },
  );
  return new Map(rows.map((row) => [row.movement_key, row.log_id]));
}
