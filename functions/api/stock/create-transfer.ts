import type { NewTransfer, Transfer } from '../../../shared/contracts/api/transfer.ts';
import { Fault } from '../../../shared/contracts/fault.ts';
import type { MovementFact } from '../../../shared/core/inventory/book-movements.ts';
import { lockStock, recordOrderMovements } from '../../../shared/data/ledger/ledger-store.ts';
import { findTransfer } from '../../../shared/data/ledger/transfer-reads.ts';
import { insertTransfer, type TransferRow } from '../../../shared/data/ledger/transfer-store.ts';
import { announceAll } from '../../../shared/data/messages/outbox-store.ts';
import { databaseErrorNumber } from '../../../shared/data/sql/data-api-errors.ts';
import { StaleRead, type Statements } from '../../../shared/data/sql/database.ts';
import { effectiveTime } from '../http/effective-time.ts';
import { receiveTransfer } from './receive-transfer.ts';
import { stockAnnouncements } from './stock-announcements.ts';
import { knownLocation, mustBeStocked } from './stocked-place.ts';

const DUPLICATE_KEY = 1062;

/**
 * Takes goods from one location on their way to another; with `arrives` they are there in the same transaction.
 * All or nothing: `InsufficientStock` names every product of which there is less than wanted, or promised to others.
 * The same id with the same content is the same transfer. Fault `conflict` for another transfer under a known id.
 */
export async function createTransfer(
  tx: Statements,
  asked: NewTransfer & { readonly id: string },
  asking: { readonly actor: string; readonly now: Date },
): Promise<{ transfer: Transfer; isNew: boolean }> {
  const lines = summed(asked.lines);
  const known = await findTransfer(tx, asked.id);
  if (known) {
    if (!isSame(known, asked, lines)) throw new Fault('conflict', `There is another transfer ${asked.id}`);
    return { transfer: known, isNew: false };
  }
  if (asked.from_location === asked.to_location) {
    const details = [{ field: 'to_location', reason: 'is where the goods are already' }];
    throw new Fault('invalid', 'A transfer goes somewhere else', { details });
  }
  await knownLocation(tx, asked.from_location);
  await knownLocation(tx, asked.to_location);
  await mustBeStocked(
    tx,
    lines.map((line) => line.productId),
  );
  const row: TransferRow = {
    transferId: asked.id,
    fromLocation: asked.from_location,
    toLocation: asked.to_location,
    reason: asked.reason,
    shippedAt: await effectiveTime(tx, asked.effective_at, asking.now),
    lines,
  };
  // Both ends at once and in order, or transfers in opposite directions wait for each other.
  await lockStock(
    tx,
    lines.flatMap(({ productId }) =>
      [row.fromLocation, row.toLocation].map((locationId) => ({ productId, locationId })),
    ),
  );
  const booked = await recordOrderMovements(tx, departures(row), { actor: asking.actor }).catch(
    (error: unknown) => {
      // Somebody made this very transfer after our read.
      throw databaseErrorNumber(error) === DUPLICATE_KEY ? new StaleRead(`transfer ${asked.id}`) : error;
    },
  );
  if (!(await insertTransfer(tx, row, asking.actor))) throw new StaleRead(`transfer ${asked.id}`);
  await announceAll(tx, stockAnnouncements(booked, `transfer ${asked.id}`), { userId: asking.actor });
  if (asked.arrives) await receiveTransfer(tx, asked.id, { effective_at: asked.effective_at }, asking);
  return { transfer: (await findTransfer(tx, asked.id))!, isNew: true };
}

const departures = (transfer: TransferRow): MovementFact[] =>
  transfer.lines.map(({ productId, quantity }, i) => ({
    key: `transfer:${transfer.transferId}:out:${i + 1}`,
    productId,
    locationId: transfer.fromLocation,
    date: transfer.shippedAt,
    quantityChange: -quantity,
    type: 'transfer_out',
    reason: transfer.reason,
    referenceId: `transfer:${transfer.transferId}`,
  }));

type Line = TransferRow['lines'][number];

/** One line a product. */
function summed(lines: NewTransfer['lines']): Line[] {
  const sums = new Map<string, number>();
  for (const { product_id, quantity } of lines) sums.set(product_id, (sums.get(product_id) ?? 0) + quantity);
  return [...sums].map(([productId, quantity]) => ({ productId, quantity }));
}

function isSame(known: Transfer, asked: NewTransfer, lines: readonly Line[]): boolean {
  return (
    known.from_location === asked.from_location &&
    known.to_location === asked.to_location &&
    known.lines.length === lines.length &&
    known.lines.every(
      (line, i) => line.product_id === lines[i]!.productId && line.quantity === lines[i]!.quantity,
    )
  );
}
