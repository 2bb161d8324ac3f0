import type { MovementFact } from '../../shared/core/inventory/book-movements.ts';
import { generationKey, reversedShortages } from '../../shared/data/imports/imported-movements.ts';
import { shortagesBefore } from '../../shared/data/ledger/ledger-queries.ts';
import { reverseMovements } from '../../shared/data/ledger/ledger-reversals.ts';
import { type LockedStock, recordMovements } from '../../shared/data/ledger/ledger-store.ts';
import type { Statements } from '../../shared/data/sql/database.ts';
import type { TakenBack } from './match-cancellations.ts';

const REASON = 'the sale that was short is cancelled';

/**
 * Where a sale that is now cancelled had been short, the units of the shortage were invented to book it: they go again
 * by a linked reversal, or a cancelled typing error of 74,215 units would stay in stock for ever.
 * What was sold of them in between is short in its turn: the ledger did not know of those either.
 */
export async function reverseShortages(
  tx: Statements,
  takenBack: readonly TakenBack[],
  actor: string,
  stock: LockedStock,
): Promise<void> {
  if (takenBack.length === 0) return;
  const shortages = await shortagesBefore(tx, takenBack.map(saleKey));
  const reverses = new Map<string, number>();
  const facts = takenBack.flatMap((pair): MovementFact[] => {
    const shortage = shortages.get(saleKey(pair));
    if (shortage === undefined) return [];
    const key = `reversal:${saleKey(pair)}:shortage`;
    reverses.set(key, shortage.logId);
    return [
      {
        key,
        productId: pair.demand.productId,
        locationId: pair.demand.locationId,
        date: pair.date,
        quantityChange: -shortage.units,
        type: 'reversal',
        reason: REASON,
        referenceId: pair.cancelledBy,
      },
    ];
  });
  if (facts.length > 0) await recordMovements(tx, facts, { actor, reverses }, stock);
  // One that was taken back before, and came back when that import was undone, goes by the end of its chain.
  const others = takenBack.filter((pair) => !shortages.has(saleKey(pair)));
  const chained = await reversedShortages(tx, others.map(saleKey));
  for (const pair of others) {
    const logId = chained.get(saleKey(pair));
    if (logId === undefined) continue;
    await reverseMovements(tx, [logId], { actor, date: pair.date, reason: REASON });
  }
}

const saleKey = ({ saleId, generation }: TakenBack): string => generationKey(`sale:${saleId}`, generation);
