import * as z from 'zod';
import { Fault } from '../../contracts/fault.ts';
import { positionKey } from '../../core/inventory/book-movements.ts';
import { type Database, json, StaleRead, type Statements } from '../sql/database.ts';
import { lockAvailable, lockStock, type Position } from './ledger-store.ts';
import { expireReservations } from './reservation-expiry.ts';

export interface NewReservationRow extends Position {
  readonly reservationId: string;
  readonly quantity: number;
  readonly reference: string | null;
  /** YYYY-MM-DD HH:MM:SS.mmm in UTC; null never. */
  readonly expiresAt: string | null;
}

/**
 * Promises units that are there and not promised yet. `InsufficientStock` when there are fewer, Fault `invalid` when the
 * promise would be over already, `StaleRead` when the id was taken since the transaction began to read.
 */
export async function insertReservation(
  tx: Statements,
  reservation: NewReservationRow,
  actor: string,
): Promise<void> {
  const { reservationId, productId, locationId, quantity, reference, expiresAt } = reservation;
  await lockAvailable(tx, [{ productId, locationId, quantityChange: -quantity }]);
  // The clock that ends it decides whether it can begin.
  const { updated } = await tx.write(
    `INSERT IGNORE INTO reservation
            (reservation_id, product_id, location_id, quantity, quantity_open, status, reference, expires_at, created_by)
     SELECT :reservationId, :productId, :locationId, :quantity, :quantity, 'open', :reference, :expiresAt, :actor
       FROM stock
      WHERE product_id = :productId AND location_id = :locationId
        AND (:expiresAt IS NULL OR :expiresAt > UTC_TIMESTAMP(3))`,
    { reservationId, productId, locationId, quantity, reference, expiresAt, actor },
  );
  if (updated === 0) {
    // Made after this transaction began to read, by whoever asked the same or something else.
    if (await readOpen(tx, reservationId, 'FOR UPDATE')) throw new StaleRead(`reservation ${reservationId}`);
    const details = [{ field: 'expires_at', reason: 'is over' }];
    throw new Fault('invalid', 'A reservation ends in the future', { details });
  }
  await commit(tx, { productId, locationId }, quantity);
}

/**
 * Takes units that were reserved out of the promise, for whoever books their movement in the same transaction; more
 * than are left take what is left. Answers how many. Fault `missing` without the reservation, `conflict` when it has
 * ended or is of other stock.
 */
export async function takeReserved(
  tx: Statements,
  reservationId: string,
  wanted: Position & { readonly units: number },
  actor: string,
): Promise<number> {
  const held = await lockReservation(tx, reservationId);
  if (positionKey(held) !== positionKey(wanted)) {
    const { productId, locationId } = held;
    throw new Fault('conflict', `Reservation ${reservationId} is of ${productId} at ${locationId}`);
  }
  if (held.status !== 'open') throw new Fault('conflict', `Reservation ${reservationId} is ${held.status}`);
  const units = Math.min(wanted.units, held.open);
  await tx.write(
    `UPDATE reservation
        SET quantity_open = quantity_open - :units, quantity_taken = quantity_taken + :units,
            status = CASE WHEN quantity_open = 0 THEN 'consumed' ELSE status END,
            ended_by = CASE WHEN quantity_open = 0 THEN :actor END,
            ended_at = CASE WHEN quantity_open = 0 THEN UTC_TIMESTAMP(3) END
      WHERE reservation_id = :reservationId`,
    { reservationId, units, actor },
  );
  await commit(tx, held, -units);
  return units;
}

/** Gives what a reservation still holds back. One that has ended stays as it ended. Fault `missing` without it. */
export async function releaseReservation(
  tx: Statements,
  reservationId: string,
  actor: string,
): Promise<void> {
  const held = await lockReservation(tx, reservationId);
  if (held.status !== 'open') return;
  await tx.write(
    `UPDATE reservation
        SET status = 'released', quantity_open = 0, ended_by = :actor, ended_at = UTC_TIMESTAMP(3)
      WHERE reservation_id = :reservationId`,
    { reservationId, actor },
  );
  await commit(tx, held, -held.open);
}

const Promised = z.object({
  product_id: z.string(),
  location_id: z.string(),
  units: z.string().transform(Number),
});

/** Units of these positions that are promised and not over, but for some promises; nothing where none are. */
export async function promisedToOthers(
  db: Statements,
  positions: readonly Position[],
  but: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const rows = await db.select(
    Promised,
    `SELECT STRAIGHT_JOIN r.product_id, r.location_id, CAST(SUM(r.quantity_open) AS CHAR) AS units
       FROM JSON_TABLE(:positions, '$[*]' COLUMNS (
              product_id  VARCHAR(64) PATH '$[0]',
              location_id VARCHAR(50) PATH '$[1]')) AS j
       JOIN reservation r FORCE INDEX (reservation_position)
         ON r.product_id = j.product_id AND r.location_id = j.location_id AND r.status = 'open'
      WHERE (r.expires_at IS NULL OR r.expires_at > UTC_TIMESTAMP(3))
        AND NOT EXISTS (SELECT 1
                          FROM JSON_TABLE(:but, '$[*]' COLUMNS (id VARCHAR(64) PATH '$')) AS b
                         WHERE b.id = r.reservation_id)
      GROUP BY r.product_id, r.location_id`,
    {
      positions: json(positions.map(({ productId, locationId }) => [productId, locationId])),
      but: json(but),
    },
  );
  return new Map(
    rows.map((row) => [positionKey({ productId: row.product_id, locationId: row.location_id }), row.units]),
  );
}

const OverduePosition = z.object({ product_id: z.string(), location_id: z.string() });
/** Positions of one transaction, and transactions of one sweep. */
const PAGE = 200;
const MAX_PAGES = 500;

/** Ends every reservation whose time is over, for a nightly job: nobody has to ask for its stock. Answers how many. */
export async function expireAllReservations(database: Database): Promise<number> {
  let ended = 0;
  for (let page = 0; page < MAX_PAGES; page++) {
    const rows = await database.select(
      OverduePosition,
      `SELECT DISTINCT product_id, location_id
         FROM reservation FORCE INDEX (reservation_expiry)
        WHERE status = 'open' AND expires_at <= UTC_TIMESTAMP(3)
        LIMIT ${PAGE}`,
    );
    if (rows.length === 0) return ended;
    const positions = rows.map((row) => ({ productId: row.product_id, locationId: row.location_id }));
    ended += await database.transaction(async (tx) => {
      await lockStock(tx, positions);
      return await expireReservations(tx, positions);
    });
  }
  return ended;
}

interface HeldReservation extends Position {
  readonly status: string;
  readonly open: number;
}

const Row = z.object({
  product_id: z.string(),
  location_id: z.string(),
  status: z.string(),
  quantity_open: z.int(),
});

/** Stock first, as every writer does, then the reservation; one whose time is over ends on the way. */
async function lockReservation(tx: Statements, reservationId: string): Promise<HeldReservation> {
  const seen = await readOpen(tx, reservationId);
  if (!seen) throw new Fault('missing', `There is no reservation ${reservationId}`);
  const position = { productId: seen.productId, locationId: seen.locationId };
  await lockStock(tx, [position]);
  await expireReservations(tx, [position]);
  return (await readOpen(tx, reservationId, 'FOR UPDATE'))!;
}

async function readOpen(
  tx: Statements,
  reservationId: string,
  lock: '' | 'FOR UPDATE' = '',
): Promise<HeldReservation | undefined> {
  const [row] = await tx.select(
    Row,
    `SELECT product_id, location_id, status, quantity_open
       FROM reservation
      WHERE reservation_id = :reservationId
      ${lock}`,
    { reservationId },
  );
  return (
    row && {
      productId: row.product_id,
      locationId: row.location_id,
      status: row.status,
      open: row.quantity_open,
    }
  );
}

async function commit(tx: Statements, { productId, locationId }: Position, units: number): Promise<void> {
  await tx.write(
    `UPDATE stock SET committed = committed + :units WHERE product_id = :productId AND location_id = :locationId`,
    { productId, locationId, units },
  );
}
