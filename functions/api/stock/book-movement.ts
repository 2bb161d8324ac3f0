import type { BookedMovements, LedgerMovement, NewMovement } from '../../../shared/contracts/api/ledger.ts';
import { Fault } from '../../../shared/contracts/fault.ts';
import { type MovementFact, UNEXPLAINED_SHORTAGE } from '../../../shared/core/inventory/book-movements.ts';
import { movementFault } from '../../../shared/core/inventory/movement-types.ts';
import { listMovements } from '../../../shared/data/ledger/ledger-reads.ts';
import { recordMovements } from '../../../shared/data/ledger/ledger-store.ts';
import { announceAll } from '../../../shared/data/messages/outbox-store.ts';
import { databaseErrorNumber } from '../../../shared/data/sql/data-api-errors.ts';
import { StaleRead, type Statements } from '../../../shared/data/sql/database.ts';
import { toSqlTime } from '../../../shared/data/sql/sql-time.ts';
import { findLotByCode, nameLot, recordLots } from '../../../shared/data/waste/lot-store.ts';
import { effectiveTime } from '../http/effective-time.ts';
import { stockAnnouncements } from './stock-announcements.ts';
import { knownLocation, mustBeStocked } from './stocked-place.ts';

const DUPLICATE_KEY = 1062;

/**
 * Books what somebody says has happened to stock: a fact, which is never refused for want of stock. The same id with
 * the same content is the same movement. Fault `invalid` for what its type forbids, `conflict` for another movement
 * under a known id.
 */
export async function bookMovement(
  tx: Statements,
  movement: NewMovement,
  { actor, now }: { readonly actor: string; readonly now: Date },
): Promise<BookedMovements> {
  const fault = movementFault(movement.type, movement.quantity_change, movement.reason);
  if (fault) throw new Fault('invalid', 'This is no such movement', { details: [fault] });
  const key = `movement:${movement.id}`;
  const locationId = await knownLocation(tx, movement.location_id);
  await mustBeStocked(tx, [movement.product_id]);
  const [known] = await movementsOf(tx, key);
  if (known) {
    if (!isSame(known, movement, locationId))
      throw new Fault('conflict', `There is another movement ${movement.id}`);
    return { data: await movementsOf(tx, key), is_repeated: true };
  }
  const fact: MovementFact = {
    key,
    productId: movement.product_id,
    locationId,
    date: await effectiveTime(tx, movement.effective_at, now),
    quantityChange: movement.quantity_change,
    type: movement.type,
    reason: movement.reason,
    referenceId: movement.reference_id,
  };
  const booked = await recordMovements(tx, [fact], { actor }).catch((error: unknown) => {
    // Somebody booked it after our read.
    throw databaseErrorNumber(error) === DUPLICATE_KEY ? new StaleRead(key) : error;
  });
  await nameItsLot(tx, movement, fact, actor);
  await announceAll(tx, stockAnnouncements(booked, movement.reason ?? movement.type), { userId: actor });
  return { data: await movementsOf(tx, key), is_repeated: false };
}

/** Goods that come make their lot; what leaves can only be of one that is known. */
async function nameItsLot(
  tx: Statements,
  { lot_code, expiry_date }: NewMovement,
  fact: MovementFact,
  actor: string,
): Promise<void> {
  if (fact.quantityChange > 0)
    return await recordLots(
      tx,
      [{ movementKey: fact.key, lotCode: lot_code, expiryDate: expiry_date }],
      actor,
    );
  if (lot_code === null) return;
  const lot = await findLotByCode(tx, fact, lot_code);
  if (!lot)
    throw new Fault('missing', `There is no lot ${lot_code} of ${fact.productId} at ${fact.locationId}`);
  await nameLot(tx, [{ movementKey: fact.key, lotId: lot.lotId }]);
}

/** The movement of that key, after it the adjustment for what the ledger did not know of, if there is one. */
async function movementsOf(tx: Statements, key: string): Promise<LedgerMovement[]> {
  const { movements } = await listMovements(tx, { movementKeys: [key, `${key}:shortage`] }, { limit: 2 });
  return movements.filter((one) => one.movement_key === key || one.reason === UNEXPLAINED_SHORTAGE);
}

/** A time that was left out agrees with any. */
function isSame(known: LedgerMovement, movement: NewMovement, locationId: string): boolean {
  return (
    known.product_id === movement.product_id &&
    known.location_id === locationId &&
    known.type === movement.type &&
    known.quantity_change === movement.quantity_change &&
    (movement.effective_at === undefined ||
      toSqlTime(known.effective_at) === toSqlTime(movement.effective_at))
  );
}
