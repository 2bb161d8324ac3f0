import type { MovementFact } from '../../shared/core/inventory/book-movements.ts';
import { addDemand, demandOf } from '../../shared/data/demand/demand-store.ts';
import type { LateReject } from '../../shared/data/imports/import-store.ts';
import { generationKey } from '../../shared/data/imports/imported-movements.ts';
import { reviveOrders } from '../../shared/data/imports/imported-order-store.ts';
import {
  type RecordedLine,
  recordedLines,
  replaceLines,
} from '../../shared/data/imports/imported-sales-store.ts';
import { lockStock, type Position, recordMovements } from '../../shared/data/ledger/ledger-store.ts';
import { markCancelled } from '../../shared/data/orders/cancellation-store.ts';
import { insertOrders, insertSales } from '../../shared/data/orders/order-store.ts';
import type { Statements } from '../../shared/data/sql/database.ts';
import { type Applied, type ChunkSource, daySpan } from './apply-chunk.ts';
import { endUndoShortages } from './end-undo-shortages.ts';
import { matchCancellations } from './match-cancellations.ts';
import type { OrderLine } from './order-line.ts';
import { reverseShortages } from './reverse-shortages.ts';
import { reviseLines } from './revise-lines.ts';

/**
 * Records order lines: orders, lines, stock movements and demand, all or nothing.
 * A line that is already recorded changes nothing; with other values it is rejected, or corrected where its file tells
 * the newest state of orders. A line that an undo took away is recorded again.
 */
export async function applyOrderLines(
  tx: Statements,
  lines: readonly OrderLine[],
  source: ChunkSource,
): Promise<Applied> {
  const rejects: LateReject[] = [];
  const atKnownLocation = lines.filter((line) => {
    const isKnown = source.locations.has(line.sale.locationId);
    if (!isKnown) rejects.push({ line: line.line, field: 'location_id', reason: 'is no known location' });
    return isKnown;
  });
  // The locks come before the first plain read: that read fixes what this transaction sees, so that an overlapping
  // file is seen whole or not at all.
  const locked = await lockStock(tx, positionsOfLines(atKnownLocation));
  const sorted = await sortLines(tx, atKnownLocation);
  for (const line of sorted.conflicting)
    rejects.push({ line: line.line, field: '', reason: 'already recorded with other values' });
  const { fresh, revived, generations } = sorted;
  const written = [...fresh, ...revived];
  const orders = new Map(written.map((line) => [line.order.orderId, line.order] as const).reverse());
  const made = await insertOrders(tx, source.importId, [...orders.values()].reverse());
  // An order that an undo had emptied is one again, whichever of its lines comes.
  if (made < orders.size) await reviveOrders(tx, source.importId, [...orders.values()]);
  await insertSales(
    tx,
    fresh.map((line) => line.sale),
    source.importNo,
  );
  await reviveLines(tx, revived, generations, source);
  const revision = await reviseLines(tx, sorted.revised, source, locked);
  rejects.push(...revision.rejects);
  const takenBack = await matchCancellations(tx, written);
  await markCancelled(tx, takenBack);
  const reasons = new Map(takenBack.map((pair) => [pair.cancelledBy, `cancellation of ${pair.saleId}`]));
  const booked = await recordMovements(
    tx,
    [
      ...written.flatMap((line) => factsOf(line, generations.get(line.sale.saleId)?.next ?? 1, reasons)),
      ...revision.facts,
    ],
    { actor: source.actor },
    revision.stock,
  );
  const again = revived.flatMap(({ sale: { saleId }, movements }) =>
    movements.map(({ type }) => ({ key: `${type}:${saleId}`, generation: generations.get(saleId)!.next })),
  );
  const stock = await endUndoShortages(tx, again, source.actor, booked.stock);
  await reverseShortages(tx, takenBack, source.actor, stock);
  await addDemand(tx, [
    ...written.filter((line) => isDemand(line, generations)).map((line) => demandOf(line.sale)),
    ...revision.demand,
    ...takenBack.map((pair) => pair.demand),
  ]);
  const imported = [...written, ...revision.lines];
  return {
    rejects,
    known: sorted.known,
    counts: {
      imported: imported.length,
      duplicates: sorted.known.length,
      excluded: imported.filter((line) => line.sale.kind !== 'sale').length,
      shortages: booked.shortages.length,
      kinds: {
        ...kindsOf(imported),
        ...(takenBack.length > 0 ? { takenBack: takenBack.length } : {}),
        ...(revision.lines.length > 0 ? { revised: revision.lines.length } : {}),
      },
      ...daySpan(imported.map((line) => line.sale.date)),
    },
  };
}

/** The stock that lines move. */
export const positionsOfLines = (lines: readonly OrderLine[]): Position[] =>
  lines
    .filter((line) => line.movements.length > 0)
    .map(({ sale }) => ({ productId: sale.productId, locationId: sale.locationId }));

/** The movements of a line that is booked for the n-th time. */
export function factsOf(
  { sale, movements }: Pick<OrderLine, 'sale' | 'movements'>,
  generation: number,
  reasons: ReadonlyMap<string, string> = new Map(),
): MovementFact[] {
  return movements.map((movement) => ({
    key: generationKey(`${movement.type}:${sale.saleId}`, generation),
    productId: sale.productId,
    locationId: sale.locationId,
    date: sale.date,
    quantityChange: movement.units,
    type: movement.type,
    reason: reasons.get(sale.saleId) ?? movement.reason,
    referenceId: sale.saleId,
  }));
}

interface Generation {
  readonly next: number;
  readonly isCancelled: boolean;
}

/** Which lines are new, were undone, say something newer, or are there already. */
async function sortLines(tx: Statements, lines: readonly OrderLine[]) {
  const recorded: ReadonlyMap<string, RecordedLine> = await recordedLines(
    tx,
    lines.map((line) => line.sale.saleId),
  );
  const fresh = new Map<string, OrderLine>();
  const revived = new Map<string, OrderLine>();
  const revised = new Map<string, OrderLine>();
  const generations = new Map<string, Generation>();
  const known: number[] = [];
  const conflicting: OrderLine[] = [];
  for (const line of lines) {
    const { saleId, contentHash } = line.sale;
    const earlier = recorded.get(saleId);
    const group = earlier === undefined ? fresh : earlier.kind === 'undone' ? revived : revised;
    // The same line twice in this chunk: the later state of an order replaces the earlier one.
    const twin = group.get(saleId);
    const hash = twin?.sale.contentHash ?? (group === revised ? earlier!.content_hash : undefined);
    if (hash === contentHash) known.push(line.line);
    else if (hash !== undefined && line.revises !== true) conflicting.push(line);
    else {
      if (twin !== undefined) known.push(twin.line);
      group.set(saleId, line);
      if (group === revived) {
        generations.set(saleId, {
          next: earlier!.generation + 1,
          isCancelled: earlier!.cancelled_by !== null,
        });
      }
    }
  }
  return {
    fresh: [...fresh.values()],
    revived: [...revived.values()],
    revised: [...revised.values()],
    generations,
    known,
    conflicting,
  };
}

async function reviveLines(
  tx: Statements,
  lines: readonly OrderLine[],
  generations: ReadonlyMap<string, Generation>,
  { importNo }: ChunkSource,
): Promise<void> {
  if (lines.length === 0) return;
  await replaceLines(
    tx,
    lines.map(({ sale }) => ({ sale, importNo, generation: generations.get(sale.saleId)!.next })),
  );
}

/** A sale that came back after a cancellation had found it stays cancelled. */
const isDemand = ({ sale }: OrderLine, generations: ReadonlyMap<string, Generation>): boolean =>
  sale.kind === 'sale' && generations.get(sale.saleId)?.isCancelled !== true;

function kindsOf(lines: readonly OrderLine[]): Record<string, number> {
  const kinds: Record<string, number> = {};
  for (const { sale } of lines) kinds[sale.kind] = (kinds[sale.kind] ?? 0) + 1;
  return kinds;
}
