import type { NewReservation, Reservation } from '../../../shared/contracts/api/reservation.ts';
import { Fault } from '../../../shared/contracts/fault.ts';
import { findReservation } from '../../../shared/data/ledger/reservation-reads.ts';
import { insertReservation } from '../../../shared/data/ledger/reservation-store.ts';
import type { Statements } from '../../../shared/data/sql/database.ts';
import { toSqlTime } from '../../../shared/data/sql/sql-time.ts';
import { knownLocation, mustBeStocked } from './stocked-place.ts';

/**
 * Promises units of a product, out of what is there and not promised: `InsufficientStock` when that is less.
 * The same id with the same content is the same reservation. Fault `conflict` for another one under a known id.
 */
export async function createReservation(
  tx: Statements,
  asked: NewReservation,
  actor: string,
): Promise<Reservation> {
  const locationId = await knownLocation(tx, asked.location_id);
  await mustBeStocked(tx, [asked.product_id]);
  const known = await findReservation(tx, asked.id);
  if (known) {
    const isSame =
      known.product_id === asked.product_id &&
      known.location_id === locationId &&
      known.quantity === asked.quantity &&
      known.reference === asked.reference;
    if (!isSame) throw new Fault('conflict', `There is another reservation ${asked.id}`);
    return known;
  }
  const row = {
    reservationId: asked.id,
    productId: asked.product_id,
    locationId,
    quantity: asked.quantity,
    reference: asked.reference,
    expiresAt: asked.expires_at && toSqlTime(asked.expires_at),
  };
  await insertReservation(tx, row, actor);
  return (await findReservation(tx, asked.id))!;
}
