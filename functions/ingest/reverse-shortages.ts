import type { MovementFact } from '../../shared/core/inventory/book-movements.ts';
import type { Statements } from '../../shared/data/database.ts';
import { generationKey } from '../../shared/data/imported-movements.ts';
import { shortagesBefore } from '../../shared/data/ledger-queries.ts';
import { type LockedStock, recordMovements } from '../../shared/data/ledger-store.ts';
import type { TakenBack } from './match-cancellations.ts';

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
        reason: 'the sale that was short is cancelled',
        referenceId: pair.cancelledBy,
      },
    ];
  });
  if (facts.length > 0) await recordMovements(tx, facts, { actor, reverses }, stock);
}

const saleKey = ({ saleId, generation }: TakenBack): string => generationKey(`sale:${saleId}`, generation);
