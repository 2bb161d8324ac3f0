import {
  type MovementFact,
  positionKey,
  UNEXPLAINED_SHORTAGE,
} from '../../../shared/core/inventory/book-movements.ts';
import {
  knownLevelsAt,
  readAssumedShortages,
  SHORTAGE_EXPLAINED,
  unitsTooLate,
} from '../../../shared/data/channels/channel-ledger.ts';
import { readStatedLevels } from '../../../shared/data/channels/channel-store.ts';
import {
  type LockedStock,
  type Position,
  recordMovements,
} from '../../../shared/data/ledger/ledger-store.ts';
import type { Statements } from '../../../shared/data/sql/database.ts';

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
 * So where only shops tell, stock = max(0, stated level + later movements). The positions and their items must be held.
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
  const statedAt = new Map(stated.map((level) => [positionKey(level), level.date]));
  const explained = await explainedShortages(tx, positions, now, statedAt);
  if (explained.facts.length > 0) {
    const { facts, reverses } = explained;
    now = (await recordMovements(tx, facts, { actor, reverses }, now)).stock;
  }
  return { stock: now, shortages };
}

/**
 * How much of each assumed shortage is explained by now, the newest first. A shortage is taken back whole; what of it is
 * not explained is assumed anew at the same time. Goods of our own that came after it do not explain it, they were not
 * there when it was sold; nor does anything once somebody counted what was there after it. All that is void where a
 * shop stated a level after it: that corrects what is known without assumptions, so they have to go.
 */
async function explainedShortages(
  tx: Statements,
  positions: readonly Position[],
  stock: LockedStock,
  stated: ReadonlyMap<string, string>,
) {
  const inStock = positions.filter((position) => (stock.get(positionKey(position))?.level ?? 0) > 0);
  const taken = new Map<string, number>();
  const facts: MovementFact[] = [];
  const reverses = new Map<string, number>();
  const assumed = (await readAssumedShortages(tx, inStock))
    .map((one) => ({ ...one, isStated: (stated.get(positionKey(one)) ?? '') >= one.date }))
    .filter((one) => one.isStated || !one.isCounted);
  const tooLate = await unitsTooLate(tx, assumed);
  for (const [n, { productId, locationId, date, units, logId, isStated }] of assumed.entries()) {
    const at = positionKey({ productId, locationId });
    const available = stock.get(at)!.level - (isStated ? 0 : tooLate[n]!) - (taken.get(at) ?? 0);
    if (available <= 0) continue;
    const explained = Math.min(units, available);
    taken.set(at, (taken.get(at) ?? 0) + explained);
    const of = { productId, locationId, date, referenceId: null };
    if (explained < units) {
      facts.push({
        ...of,
        key: `shortage-left:${logId}`,
        quantityChange: units - explained,
        type: 'adjustment',
        reason: UNEXPLAINED_SHORTAGE,
      });
    }
    const key = `reversal:log:${logId}`;
    reverses.set(key, logId);
    facts.push({ ...of, key, quantityChange: -units, type: 'reversal', reason: SHORTAGE_EXPLAINED });
  }
  return { facts, reverses };
}
