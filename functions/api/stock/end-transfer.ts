import type { Transfer, TransferEnd } from '../../../shared/contracts/api/transfer.ts';
import { Fault } from '../../../shared/contracts/fault.ts';
import type { MovementFact } from '../../../shared/core/inventory/book-movements.ts';
import { recordMovements } from '../../../shared/data/ledger/ledger-store.ts';
import { findTransfer } from '../../../shared/data/ledger/transfer-reads.ts';
import { noteStep, type OpenTransfer, settleLines } from '../../../shared/data/ledger/transfer-store.ts';
import { announceAll } from '../../../shared/data/messages/outbox-store.ts';
import type { Statements } from '../../../shared/data/sql/database.ts';
import { effectiveTime } from '../http/effective-time.ts';
import { lockTransfer, mustNotBeBefore } from './receive-transfer.ts';
import { stockAnnouncements } from './stock-announcements.ts';

/**
 * Ends a transfer of which something is in transit still: `cancelled` brings it back to where it came from, `closed`
 * books it as arrived and lost, so that what left one location is always what came to another. The same end twice is one.
 */
export async function endTransfer(
  tx: Statements,
  transferId: string,
  status: 'cancelled' | 'closed',
  end: TransferEnd,
  { actor, now }: { readonly actor: string; readonly now: Date },
): Promise<Transfer> {
  const transfer = await lockTransfer(tx, transferId);
  if (transfer.status !== 'in_transit') {
    if (transfer.status === status) return (await findTransfer(tx, transferId))!;
    throw new Fault('conflict', `Transfer ${transferId} is ${transfer.status}`);
  }
  const date = await effectiveTime(tx, end.effective_at, now);
  mustNotBeBefore(transfer, date);
  const facts = status === 'cancelled' ? homecoming(transfer, date, end) : loss(transfer, date, end);
  const booked = await recordMovements(tx, facts, { actor });
  const rest = transfer.lines.filter(({ open }) => open > 0).map(({ line, open }) => ({ line, units: open }));
  await settleLines(tx, transferId, status === 'cancelled' ? 'returned' : 'lost', rest);
  await noteStep(tx, transferId, { status, actor, reason: end.reason });
  await announceAll(tx, stockAnnouncements(booked, `transfer ${transferId}`), { userId: actor });
  return (await findTransfer(tx, transferId))!;
}

function homecoming(transfer: OpenTransfer, date: string, { reason }: TransferEnd): MovementFact[] {
  return restOf(transfer).map(({ line, productId, open }) => ({
    key: `transfer:${transfer.transferId}:back:${line}`,
    productId,
    locationId: transfer.fromLocation,
    date,
    quantityChange: open,
    type: 'transfer_in',
    reason,
    referenceId: `transfer:${transfer.transferId}`,
  }));
}

/** Lost goods come to the destination's books and leave them as damage. */
function loss(transfer: OpenTransfer, date: string, { reason }: TransferEnd): MovementFact[] {
  const of = { date, reason, referenceId: `transfer:${transfer.transferId}` };
  return restOf(transfer).flatMap(({ line, productId, open }): MovementFact[] => {
    const position = { productId, locationId: transfer.toLocation };
    const key = `transfer:${transfer.transferId}:lost`;
    return [
      { ...of, ...position, key: `${key}-in:${line}`, quantityChange: open, type: 'transfer_in' },
      { ...of, ...position, key: `${key}:${line}`, quantityChange: -open, type: 'damage' },
    ];
  });
}

const restOf = (transfer: OpenTransfer) => transfer.lines.filter(({ open }) => open > 0);
