import type { Transfer, TransferArrival } from '../../../shared/contracts/api/transfer.ts';
import { Fault } from '../../../shared/contracts/fault.ts';
import type { MovementFact } from '../../../shared/core/inventory/book-movements.ts';
import { lockStock, recordMovements } from '../../../shared/data/ledger/ledger-store.ts';
import { findTransfer } from '../../../shared/data/ledger/transfer-reads.ts';
import {
  noteStep,
  type OpenTransfer,
  readOpenTransfer,
  settleLines,
} from '../../../shared/data/ledger/transfer-store.ts';
import { announceAll } from '../../../shared/data/messages/outbox-store.ts';
import type { Statements } from '../../../shared/data/sql/database.ts';
import { effectiveTime } from '../http/effective-time.ts';
import { found } from '../http/found.ts';
import { stockAnnouncements } from './stock-announcements.ts';

interface Arriving {
  readonly line: number;
  readonly productId: string;
  readonly units: number;
}

/**
 * Books what arrived of a transfer; several arrivals are as good as one. Fault `conflict` for more than is in transit,
 * and for a transfer that has ended; `missing` without it.
 */
export async function receiveTransfer(
  tx: Statements,
  transferId: string,
  arrival: TransferArrival,
  { actor, now }: { readonly actor: string; readonly now: Date },
): Promise<Transfer> {
  const transfer = await lockTransfer(tx, transferId);
  if (transfer.status !== 'in_transit')
    throw new Fault('conflict', `Transfer ${transferId} is ${transfer.status}`);
  const date = await effectiveTime(tx, arrival.effective_at, now);
  mustNotBeBefore(transfer, date);
  const arriving = arrivingOf(transfer, arrival);
  const facts = arriving.map(
    ({ line, productId, units }): MovementFact => ({
      key: `transfer:${transferId}:in${transfer.arrivals + 1}:${line}`,
      productId,
      locationId: transfer.toLocation,
      date,
      quantityChange: units,
      type: 'transfer_in',
      reason: null,
      referenceId: `transfer:${transferId}`,
    }),
  );
  const booked = await recordMovements(tx, facts, { actor });
  await settleLines(tx, transferId, 'received', arriving);
  const came = new Map(arriving.map((one) => [one.line, one.units]));
  const isWhole = transfer.lines.every(({ line, open }) => open === (came.get(line) ?? 0));
  await noteStep(tx, transferId, { status: isWhole ? 'received' : 'in_transit', actor });
  await announceAll(tx, stockAnnouncements(booked, `transfer ${transferId}`), { userId: actor });
  return (await findTransfer(tx, transferId))!;
}

/** Holds the stock at both ends, then the transfer: in the order in which every writer takes them. */
export async function lockTransfer(tx: Statements, transferId: string): Promise<OpenTransfer> {
  const seen = found(await readOpenTransfer(tx, transferId), 'transfer', transferId);
  await lockStock(
    tx,
    seen.lines.flatMap(({ productId }) =>
      [seen.fromLocation, seen.toLocation].map((locationId) => ({ productId, locationId })),
    ),
  );
  return (await readOpenTransfer(tx, transferId, 'FOR UPDATE'))!;
}

/** Fault `invalid` for goods that are there before they left. */
export function mustNotBeBefore({ shippedAt }: OpenTransfer, date: string): void {
  if (date >= shippedAt) return;
  const details = [{ field: 'effective_at', reason: `is before the goods left at ${shippedAt}` }];
  throw new Fault('invalid', 'Nothing arrives before it leaves', { details });
}

function arrivingOf(transfer: OpenTransfer, { lines }: TransferArrival): Arriving[] {
  const open = transfer.lines.filter((line) => line.open > 0);
  if (!lines) return open.map(({ line, productId, open: units }) => ({ line, productId, units }));
  const wanted = new Map<string, number>();
  for (const { product_id, quantity } of lines)
    wanted.set(product_id, (wanted.get(product_id) ?? 0) + quantity);
  const lineOf = new Map(transfer.lines.map((line) => [line.productId, line]));
  const details = [...wanted]
    .filter(([productId, units]) => units > (lineOf.get(productId)?.open ?? 0))
    .map(([productId, units]) => ({
      field: productId,
      reason: `${units} arrived, ${lineOf.get(productId)?.open ?? 0} in transit`,
    }));
  if (details.length > 0) throw new Fault('conflict', 'More arrived than was under way', { details });
  return [...wanted].map(([productId, units]) => ({ line: lineOf.get(productId)!.line, productId, units }));
}
