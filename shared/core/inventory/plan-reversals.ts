import type { MovementFact } from './book-movements.ts';

/** A movement of the ledger, and whether its data is invented. */
export interface RecordedMovement extends MovementFact {
  readonly logId: number;
  readonly isSynthetic: boolean;
}

export interface ReversalPlan {
  /** The movements to write a reversal of, what comes back in first, so that a batch that fits as a whole never looks short. */
  readonly reverse: readonly RecordedMovement[];
  /** Asked for, and taken back already; or a movement and its reversal, which are nothing together. */
  readonly skipped: readonly number[];
}

/**
 * What to write so that none of the wanted movements counts any more.
 * A reversal is a movement like any other and may itself be taken back, and so on: a chain in which each takes back the
 * one before. A movement counts as long as an even number of reversals follows it; the next reversal takes back the
 * last of the chain. `reversalOf` = the reversal of each movement that has one, for whole chains after the wanted ones.
 */
export function planReversals(
  wanted: readonly RecordedMovement[],
  reversalOf: ReadonlyMap<number, RecordedMovement>,
): ReversalPlan {
  const chains = new Map<number, { last: RecordedMovement; places: { logId: number; behind: number }[] }>();
  for (const movement of new Map(wanted.map((one) => [one.logId, one])).values()) {
    let last = movement;
    let behind = 0;
    for (let next = reversalOf.get(last.logId); next !== undefined; next = reversalOf.get(last.logId)) {
      last = next;
      behind++;
    }
    const chain = chains.get(last.logId) ?? { last, places: [] };
    chain.places.push({ logId: movement.logId, behind });
    chains.set(last.logId, chain);
  }
  const reverse: RecordedMovement[] = [];
  const skipped: number[] = [];
  for (const { last, places } of chains.values()) {
    // From the newest back: each that still counts is taken back by one more reversal at the end of the chain.
    let written = 0;
    const taken: number[] = [];
    for (const { logId, behind } of places.sort((a, b) => a.behind - b.behind)) {
      if ((behind + written) % 2 === 1) skipped.push(logId);
      else {
        written++;
        taken.push(logId);
      }
    }
    // Two reversals in a row are nothing: they need not be written.
    if (written % 2 === 1) reverse.push(last);
    else skipped.push(...taken);
  }
  const comesBack = (movement: RecordedMovement) => (movement.quantityChange < 0 ? 0 : 1);
  reverse.sort((a, b) => comesBack(a) - comesBack(b) || b.logId - a.logId);
  return { reverse, skipped: skipped.sort((a, b) => a - b) };
}
