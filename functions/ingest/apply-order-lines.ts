import type { MovementFact } from '../../shared/core/inventory/book-movements.ts';
import { markCancelled } from '../../shared/data/cancellation-store.ts';
import type { Statements } from '../../shared/data/database.ts';
import { addDemand, demandOf } from '../../shared/data/demand-store.ts';
import type { LateReject } from '../../shared/data/import-store.ts';
import { lockStock, recordMovements } from '../../shared/data/ledger-store.ts';
import { insertOrders, insertSales, recordedSales } from '../../shared/data/order-store.ts';
import { type Applied, type ChunkSource, daySpan } from './apply-chunk.ts';
import { matchCancellations } from './match-cancellations.ts';
import type { OrderLine } from './order-line.ts';
import { reverseShortages } from './reverse-shortages.ts';

/**
 * Records order lines: orders, lines, stock movements and demand, all or nothing.
 * A line that is already recorded changes nothing; with other values it is rejected.
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
  const stock = await lockStock(
    tx,
    atKnownLocation.filter((line) => line.movements.length > 0).map(positionOf),
  );
  const { fresh, duplicates } = await newLines(tx, atKnownLocation, rejects);
  const orders = new Map(fresh.map((line) => [line.order.orderId, line.order] as const).reverse());
  await insertOrders(tx, source.importId, [...orders.values()].reverse());
  await insertSales(
    tx,
    fresh.map((line) => line.sale),
  );
  const takenBack = await matchCancellations(tx, fresh);
  await markCancelled(tx, takenBack);
  const reasons = new Map(takenBack.map((pair) => [pair.cancelledBy, `cancellation of ${pair.saleId}`]));
  const booked = await recordMovements(
    tx,
    fresh.flatMap((line) => factsOf(line, reasons)),
    { actor: source.actor },
    stock,
  );
  await reverseShortages(tx, takenBack, source.actor, booked.stock);
  await addDemand(tx, [
    ...fresh.filter((line) => line.sale.kind === 'sale').map((line) => demandOf(line.sale)),
    ...takenBack.map((pair) => pair.demand),
  ]);
  return {
    rejects,
    counts: {
      imported: fresh.length,
      duplicates,
      excluded: fresh.filter((line) => line.sale.kind !== 'sale').length,
      shortages: booked.shortages.length,
      kinds: { ...kindsOf(fresh), ...(takenBack.length > 0 ? { takenBack: takenBack.length } : {}) },
      ...daySpan(fresh.map((line) => line.sale.date)),
    },
  };
}

const positionOf = ({ sale }: OrderLine) => ({ productId: sale.productId, locationId: sale.locationId });

async function newLines(tx: Statements, lines: readonly OrderLine[], rejects: LateReject[]) {
  const recorded = await recordedSales(
    tx,
    lines.map((line) => line.sale.saleId),
  );
  const fresh: OrderLine[] = [];
  let duplicates = 0;
  for (const line of lines) {
    const { saleId, contentHash } = line.sale;
    const known = recorded.get(saleId);
    if (known === undefined) {
      recorded.set(saleId, contentHash);
      fresh.push(line);
    } else if (known === contentHash) {
      duplicates++;
    } else {
      rejects.push({ line: line.line, field: '', reason: 'already recorded with other values' });
    }
  }
  return { fresh, duplicates };
}

function factsOf({ sale, movements }: OrderLine, reasons: ReadonlyMap<string, string>): MovementFact[] {
  return movements.map((movement) => ({
    key: `${movement.type}:${sale.saleId}`,
    productId: sale.productId,
    locationId: sale.locationId,
    date: sale.date,
    quantityChange: movement.units,
    type: movement.type,
    reason: reasons.get(sale.saleId) ?? movement.reason,
    referenceId: sale.saleId,
  }));
}

function kindsOf(lines: readonly OrderLine[]): Record<string, number> {
  const kinds: Record<string, number> = {};
  for (const { sale } of lines) kinds[sale.kind] = (kinds[sale.kind] ?? 0) + 1;
  return kinds;
}
