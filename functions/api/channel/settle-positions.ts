import { type MovementFact, positionKey } from '../../../shared/core/inventory/book-movements.ts';
import {
  knownLevelsAt,
  readAssumedShortages,
  SHORTAGE_EXPLAINED,
} from '../../../shared/data/channel-ledger.ts';
import { readStatedLevels } from '../../../shared/data/channel-store.ts';
import type { Statements } from '../../../shared/data/database.ts';
import { type LockedStock, type Position, recordMovements } from '../../../shared/data/ledger-store.ts';

/** Which message of which shop is being followed. */
export interface MessageName {
  readonly actor: string;
  readonly connectionId: string;
  readonly eventId: string;
}

/**
 * Makes the ledger agree with all that shops have told of these positions, in whatever order it came:
 * 1. at the moment of the newest stated level it says that level; what moved since comes on top;
 * 2. a shortage was assumed because something had not been told yet: where there is stock, as much of it goes again.
 * So stock = max(0, stated level + later movements). The positions and their items must be held.
 */
export async function settlePositions(
  tx: Statements,
  positions: readonly Position[],
  { actor, connectionId, eventId }: MessageName,
  stock: LockedStock,
): Promise<{ stock: LockedStock; shortages: number }> {
  const stated = await readStatedLevels(tx, positions);
  const known = stated.length > 0 ? await knownLevelsAt(tx, stated) : [];
  const corrections = stated.flatMap((level, n): MovementFact[] => {
    const quantityChange = level.quantity - known[n]!;
    if (quantityChange === 0) return [];
    return [
      {
        key: `level:${connectionId}:${eventId}:${n}`,
        productId: level.productId,
        locationId: level.locationId,
        date: level.date,
        quantityChange,
        type: 'count',
        reason: 'level stated by a shop',
        referenceId: null,
      },
    ];
  });
  let now = stock;
  let shortages = 0;
  if (corrections.length > 0) {
    const booked = await recordMovements(tx, corrections, { actor }, now);
    now = booked.stock;
    shortages += booked.shortages.length;
  }
  const explained = await explainedShortages(tx, positions, now);
  if (explained.facts.length > 0) {
    const { facts, reverses } = explained;
    now = (await recordMovements(tx, facts, { actor, reverses }, now)).stock;
  }
  return { stock: now, shortages };
}

/** Whole shortages are taken back; the part of the last one that is still missing becomes a new shortage by itself. */
async function explainedShortages(tx: Statements, positions: readonly Position[], stock: LockedStock) {
  const inStock = positions.filter((position) => (stock.get(positionKey(position))?.level ?? 0) > 0);
  const left = new Map(
    inStock.map((position) => [positionKey(position), stock.get(positionKey(position))!.level]),
  );
  const facts: MovementFact[] = [];
  const reverses = new Map<string, number>();
  for (const shortage of await readAssumedShortages(tx, inStock)) {
    const at = positionKey(shortage);
    const level = left.get(at)!;
    if (level <= 0) continue;
    left.set(at, level - shortage.units);
    const key = `reversal:log:${shortage.logId}`;
    reverses.set(key, shortage.logId);
    facts.push({
      key,
      productId: shortage.productId,
      locationId: shortage.locationId,
      date: shortage.date,
      quantityChange: -shortage.units,
      type: 'reversal',
      reason: SHORTAGE_EXPLAINED,
      referenceId: null,
    });
  }
  return { facts, reverses };
}
