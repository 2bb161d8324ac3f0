import type { RowOf } from '../../shared/contracts/csv/csv-format.ts';
import type { stockOnHand } from '../../shared/contracts/csv/stock-on-hand.ts';
import { type MovementFact, positionKey } from '../../shared/core/inventory/book-movements.ts';
import type { LateReject } from '../../shared/data/imports/import-store.ts';
import { levelsAt } from '../../shared/data/ledger/ledger-queries.ts';
import { lockStock, recordMovements } from '../../shared/data/ledger/ledger-store.ts';
import type { Statements } from '../../shared/data/sql/database.ts';
import { type Applied, type ChunkSource, daySpan } from './apply-chunk.ts';

/** Units counted at a time, without those that are sold already. */
export interface StockCount {
  readonly line: number;
  readonly productId: string;
  readonly locationId: string;
  readonly date: string;
  readonly quantity: number;
  readonly isSynthetic: boolean;
}

/** A row of the stock template as a count. */
export function stockCountOf(
  row: RowOf<typeof stockOnHand>,
  line: number,
  defaultLocation: string,
): StockCount {
  return {
    line,
    productId: row.product_id,
    locationId: row.location_id ?? defaultLocation,
    date: row.date,
    quantity: row.quantity - row.committed,
    isSynthetic: row.is_synthetic,
  };
}

/**
 * Brings the ledger to what was counted: the difference to its level at that time is booked, as `opening` where
 * nothing moved before and as an adjustment elsewhere. A count that agrees changes nothing, so a repeated file does not.
 */
export async function applyStockCounts(
  tx: Statements,
  counts: readonly StockCount[],
  source: ChunkSource,
): Promise<Applied> {
  const rejects: LateReject[] = [];
  const located = counts.filter((count) => {
    const isKnown = source.locations.has(count.locationId);
    if (!isKnown) rejects.push({ line: count.line, field: 'location_id', reason: 'is no known location' });
    return isKnown;
  });
  let stock = await lockStock(tx, located);
  const levels = await levelsAt(tx, located);
  const booked = new Map<string, Pick<MovementFact, 'date' | 'quantityChange'>[]>();
  const onHand = new Map<string, number>();
  const known: number[] = [];
  const nthOfLine = new Map<number, number>();
  const facts: { fact: MovementFact; isSynthetic: boolean }[] = [];
  located.forEach((count, n) => {
    // counts of one product in one chunk build on each other
    const at = positionKey(count);
    const mine = booked.get(at) ?? [];
    const earlier = mine.filter((fact) => fact.date <= count.date);
    const level = earlier.reduce((sum, fact) => sum + fact.quantityChange, levels[n]!.level);
    // a row of a foreign file may count one product at several locations
    const nth = (nthOfLine.get(count.line) ?? 0) + 1;
    nthOfLine.set(count.line, nth);
    const isFirst = levels[n]!.movements + earlier.length === 0;
    if (level === count.quantity) {
      known.push(count.line);
      return;
    }
    const fact: MovementFact = {
      key: `count:${source.importId}:${count.line}${nth === 1 ? '' : `:${nth}`}`,
      productId: count.productId,
      locationId: count.locationId,
      date: count.date,
      quantityChange: count.quantity - level,
      type: isFirst ? 'opening' : 'adjustment',
      reason: isFirst ? null : 'stock count',
      referenceId: null,
    };
    // what is missing to book it is part of what the next count finds
    const missing = shortageOf(
      fact,
      onHand.get(at) ?? stock.get(at)!.level,
      stock.get(at)!.backordersAllowed,
    );
    booked.set(at, [...mine, fact, { date: count.date, quantityChange: missing }]);
    onHand.set(at, (onHand.get(at) ?? stock.get(at)!.level) + missing + fact.quantityChange);
    facts.push({ fact, isSynthetic: count.isSynthetic });
  });
  let shortages = 0;
  for (const isSynthetic of [false, true]) {
    const some = facts.filter((entry) => entry.isSynthetic === isSynthetic).map((entry) => entry.fact);
    if (some.length === 0) continue;
    const result = await recordMovements(tx, some, { actor: source.actor, isSynthetic }, stock);
    stock = result.stock;
    shortages += result.shortages.length;
  }
  return {
    rejects,
    known,
    counts: {
      imported: facts.length,
      duplicates: known.length,
      excluded: 0,
      shortages,
      kinds: {},
      ...daySpan(located.map((count) => count.date)),
    },
  };
}

/** Units that `bookMovements` adds before a fact, because they are not there. */
const shortageOf = ({ quantityChange }: MovementFact, level: number, backordersAllowed: boolean): number =>
  quantityChange < 0 && !backordersAllowed ? Math.max(0, -(level + quantityChange)) : 0;
