import { type MovementType, movementFault } from './movement-types.ts';

/** A place in the ledger and what is known of it. */
export interface StockPosition {
  readonly productId: string;
  readonly locationId: string;
  readonly level: number;
  /** Units of it that are promised: wishes leave them alone, facts need not. */
  readonly committed: number;
  /** When true the level may fall below zero, and no movement is ever short. */
  readonly backordersAllowed: boolean;
}

/** Something that happened to stock, or shall happen. `key` is its identity for ever. */
export interface MovementFact {
  readonly key: string;
  readonly productId: string;
  readonly locationId: string;
  readonly date: string;
  /** Signed whole units: negative leaves. */
  readonly quantityChange: number;
  readonly type: MovementType;
  readonly reason: string | null;
  readonly referenceId: string | null;
}

/** A movement as the ledger keeps it. */
export interface BookedMovement extends MovementFact {
  /** Stock on hand right after it. */
  readonly level: number;
  /** For the adjustment that covers a shortage: the key of the fact that was short; else null. */
  readonly shortageOf: string | null;
}

/** Movements in the order of the facts, and the final level of each position they touched, by `positionKey`. */
export interface Booking {
  readonly movements: readonly BookedMovement[];
  readonly levels: ReadonlyMap<string, number>;
  readonly shortages: number;
}

/** A product at a location that is asked for more than it has. */
export interface Shortfall {
  readonly productId: string;
  readonly locationId: string;
  readonly wanted: number;
  readonly level: number;
  readonly committed: number;
}

/** What an order with a shortage is answered: nothing is booked. */
export interface Refusal {
  readonly shortfalls: readonly Shortfall[];
}

/** The reason of the adjustment before a fact that took more than the ledger knew of. */
export const UNEXPLAINED_SHORTAGE = 'unexplained shortage';

/** Key of a product at a location. */
export function positionKey(position: { readonly productId: string; readonly locationId: string }): string {
  return JSON.stringify([position.productId, position.locationId]);
}

/**
 * Books what has happened: facts are never refused. Before a fact that would take a level below zero comes an
 * `adjustment` with the reason `unexplained shortage` and the key of the fact plus `:shortage`, which lifts the level
 * by exactly what is missing. Nobody may book what its type forbids: RangeError. A position that is not listed starts at 0 without backorders.
 * Sum of changes = final level - first level, and no level is negative unless backorders are allowed.
 */
export function bookMovements(
  stock: ReadonlyMap<string, StockPosition>,
  facts: readonly MovementFact[],
): Booking {
  const levels = new Map<string, number>();
  const movements: BookedMovement[] = [];
  let shortages = 0;
  for (const fact of facts) {
    if (!Number.isSafeInteger(fact.quantityChange)) {
      throw new RangeError(`movement ${fact.key}: ${fact.quantityChange} is not a whole number of units`);
    }
    const fault = movementFault(fact.type, fact.quantityChange, fact.reason);
    if (fault) throw new RangeError(`movement ${fact.key}: ${fault.field} ${fault.reason}`);
    const at = positionKey(fact);
    const position = stock.get(at);
    let level = levels.get(at) ?? position?.level ?? 0;
    const missing = -(level + fact.quantityChange);
    // A receipt never is short, even where an older rule left the level below zero.
    if (missing > 0 && fact.quantityChange < 0 && !position?.backordersAllowed) {
      level += missing;
      shortages++;
      movements.push({
        ...fact,
        key: `${fact.key}:shortage`,
        quantityChange: missing,
        type: 'adjustment',
        reason: UNEXPLAINED_SHORTAGE,
        level,
        shortageOf: fact.key,
      });
    }
    level += fact.quantityChange;
    levels.set(at, level);
    movements.push({ ...fact, level, shortageOf: null });
  }
  return { movements, levels, shortages };
}

/**
 * Books what is still a wish, such as an order: all or nothing, out of what is there and not promised. The changes of
 * one product at one location are summed first, so that two lines that fit one by one but not together are refused.
 */
export function bookOrRefuse(
  stock: ReadonlyMap<string, StockPosition>,
  wishes: readonly MovementFact[],
): Booking | Refusal {
  const shortfalls = shortfallsOf(stock, wishes);
  if (shortfalls.length > 0) return { shortfalls };
  // What comes in goes first, so that no wish of a batch that fits as a whole looks short on the way.
  const ordered = [...wishes].sort((a, b) => Number(a.quantityChange < 0) - Number(b.quantityChange < 0));
  return bookMovements(stock, ordered);
}

/** What these changes together ask for beyond what is there and not promised; nothing where backorders are allowed. */
export function shortfallsOf(
  stock: ReadonlyMap<string, StockPosition>,
  wishes: readonly Pick<MovementFact, 'productId' | 'locationId' | 'quantityChange'>[],
): Shortfall[] {
  const sums = new Map<string, { productId: string; locationId: string; change: number }>();
  for (const wish of wishes) {
    const at = positionKey(wish);
    const sum = sums.get(at) ?? { productId: wish.productId, locationId: wish.locationId, change: 0 };
    sum.change += wish.quantityChange;
    sums.set(at, sum);
  }
  const shortfalls: Shortfall[] = [];
  for (const [at, { productId, locationId, change }] of sums) {
    const position = stock.get(at);
    const { level, committed } = position ?? { level: 0, committed: 0 };
    if (change < 0 && level - committed + change < 0 && !position?.backordersAllowed) {
      shortfalls.push({ productId, locationId, wanted: -change, level, committed });
    }
  }
  return shortfalls;
}
