import * as z from 'zod';
import { json, type Statements } from '../sql/database.ts';
import type { Position } from './ledger-store.ts';

/** Reservations that one call lets expire. */
export const EXPIRED_AT_ONCE = 1_000;

const Overdue = z.object({
  reservation_id: z.string(),
  product_id: z.string(),
  location_id: z.string(),
  quantity_open: z.int(),
});

/**
 * Ends reservations of these positions whose time is over by the database's clock, and gives what they held back to
 * stock. The positions' stock must be locked. Answers how many ended; at most 1,000 a call, oldest first.
 */
export async function expireReservations(tx: Statements, positions: readonly Position[]): Promise<number> {
  if (positions.length === 0) return 0;
  const overdue = await tx.select(
    Overdue,
    `SELECT STRAIGHT_JOIN r.reservation_id, r.product_id, r.location_id, r.quantity_open
       FROM JSON_TABLE(:positions, '$[*]' COLUMNS (
              product_id  VARCHAR(64) PATH '$[0]',
              location_id VARCHAR(50) PATH '$[1]')) AS j
       JOIN reservation r FORCE INDEX (reservation_position)
         ON r.product_id = j.product_id AND r.location_id = j.location_id AND r.status = 'open'
      WHERE r.expires_at <= UTC_TIMESTAMP(3)
      ORDER BY r.expires_at
      LIMIT ${EXPIRED_AT_ONCE}
        FOR UPDATE`,
    { positions: json(positions.map(({ productId, locationId }) => [productId, locationId])) },
  );
  if (overdue.length === 0) return 0;
  await tx.write(
    `UPDATE reservation r
       JOIN JSON_TABLE(:ids, '$[*]' COLUMNS (id VARCHAR(64) PATH '$')) AS j ON r.reservation_id = j.id
        SET r.status = 'expired', r.quantity_open = 0, r.ended_by = 'expiry', r.ended_at = UTC_TIMESTAMP(3)`,
    { ids: json(overdue.map((one) => one.reservation_id)) },
  );
  await tx.write(
    `UPDATE stock s
       JOIN (SELECT x.product_id, x.location_id, SUM(x.units) AS units
               FROM JSON_TABLE(:rows, '$[*]' COLUMNS (
                      product_id  VARCHAR(64) PATH '$[0]',
                      location_id VARCHAR(50) PATH '$[1]',
                      units       INT         PATH '$[2]')) AS x
              GROUP BY x.product_id, x.location_id) AS j
         ON s.product_id = j.product_id AND s.location_id = j.location_id
        SET s.committed = s.committed - j.units`,
    { rows: json(overdue.map((one) => [one.product_id, one.location_id, one.quantity_open])) },
  );
  return overdue.length;
}
