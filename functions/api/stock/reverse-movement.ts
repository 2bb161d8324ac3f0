import type { BookedMovements } from '../../../shared/contracts/api/ledger.ts';
import { Fault } from '../../../shared/contracts/fault.ts';
import { findMovement, listMovements } from '../../../shared/data/ledger/ledger-reads.ts';
import { reverseMovements } from '../../../shared/data/ledger/ledger-reversals.ts';
import { announceAll } from '../../../shared/data/messages/outbox-store.ts';
import type { Statements } from '../../../shared/data/sql/database.ts';
import { found } from '../http/found.ts';
import { stockAnnouncements } from './stock-announcements.ts';

/** Movements that stand for themselves; the others are part of a document, which has its own way back. */
const FREE = /^(reversal:)*(movement|opening|adjustment|count|receipt|lot-write-off|lot-expiry):/;

/**
 * Takes one movement back by a linked reversal at its own time, as if it had never happened. Twice is once.
 * Fault `missing` without it, `conflict` for a movement of an order, a transfer or another document.
 */
export async function reverseMovement(
  tx: Statements,
  logId: number,
  reason: string,
  actor: string,
): Promise<BookedMovements> {
  const movement = found(await findMovement(tx, logId), 'movement', logId);
  if (!FREE.test(movement.movement_key)) {
    const details = [{ field: 'id', reason: `movement ${movement.movement_key} is part of a document` }];
    throw new Fault('conflict', 'Take back the order, the transfer or the receipt itself', { details });
  }
  const reversed = await reverseMovements(tx, [logId], { actor, reason });
  await announceAll(tx, stockAnnouncements(reversed, reason), { userId: actor });
  const keys = reversed.movements.map((one) => one.key);
  const isRepeated = reversed.skipped.length > 0;
  const filter = isRepeated ? { reversesLogId: logId } : { movementKeys: keys };
  const { movements } = await listMovements(tx, filter, { limit: 10 });
  return { data: movements, is_repeated: isRepeated };
}
