import {
  assertLot,
  floorToLot,
  keeps,
  type Limits,
  type Lot,
  limitedBy,
  nextQuantity,
  perUnit,
  type Resource,
} from './limits.ts';

/**
 * Whole quantities in proportion to weights, as large as the limits allow:
 *   exact_i = min(most_i, weight_i t) with the largest t that keeps every limit,
 * rounded down to lots; what that leaves goes to the next lots with the largest remainders, of equal ones to the first,
 * and what is then left is shared again, until no item with a weight can take its next lot. With lots of one unit, no
 * most and a limit of units alone this is the method of largest remainders.
 */
export function shareOut(lots: readonly Lot[], weights: readonly number[], limits: Limits): number[] {
  const limited = limitedBy(limits);
  for (const [i, lot] of lots.entries()) {
    assertLot(lot, `item ${i}`);
    if (weights[i]! > 0 && lot.most === undefined && !limited.some((resource) => perUnit(lot, resource) > 0))
      throw new RangeError(`item ${i} uses nothing that is limited, and has no most`);
  }
  const shares = new Shares(lots, limited, limits);
  let live = lots.map((_, i) => i).filter((i) => weights[i]! > 0 && shares.fitsNext(i));
  // Each turn ends with at least one item less.
  for (let turn = 0; live.length > 0 && turn <= lots.length; turn++) {
    const scale = shares.largestScale(live, weights);
    const remainders = live.map((i) => shares.raiseTo(i, weights[i]! * scale));
    const byRemainder = live
      .map((i, k) => ({ i, remainder: remainders[k]! }))
      .sort((a, b) => b.remainder - a.remainder || a.i - b.i);
    for (const { i } of byRemainder) if (shares.fitsNext(i)) shares.raise(i, shares.next(i));
    live = live.filter((i) => shares.fitsNext(i));
  }
  return shares.quantities;
}

/** What was given so far, and what it uses. */
class Shares {
  readonly quantities: number[];
  readonly lots: readonly Lot[];
  readonly limited: readonly Resource[];
  readonly limits: Limits;
  readonly used: number[];

  constructor(lots: readonly Lot[], limited: readonly Resource[], limits: Limits) {
    this.lots = lots;
    this.limited = limited;
    this.limits = limits;
    this.quantities = lots.map(() => 0);
    this.used = limited.map(() => 0);
  }

  next(i: number): number {
    return nextQuantity(this.quantities[i]!, this.lots[i]!);
  }

  fits(i: number, quantity: number): boolean {
    if (quantity === Number.POSITIVE_INFINITY) return false;
    const more = quantity - this.quantities[i]!;
    return this.limited.every((resource, r) =>
      keeps(this.used[r]! + more * perUnit(this.lots[i]!, resource), this.limits[resource]!),
    );
  }

  fitsNext(i: number): boolean {
    return this.fits(i, this.next(i));
  }

  raise(i: number, quantity: number): void {
    const more = quantity - this.quantities[i]!;
    for (const [r, resource] of this.limited.entries())
      this.used[r]! += more * perUnit(this.lots[i]!, resource);
    this.quantities[i] = quantity;
  }

  /** Gives so much more, rounded down to a lot; answers which part of its next lot is missing to the exact share. */
  raiseTo(i: number, more: number): number {
    const lot = this.lots[i]!;
    const { most = Number.POSITIVE_INFINITY, multiple = 1 } = lot;
    const exact = Math.min(most, this.quantities[i]! + more);
    const floor = floorToLot(exact, lot);
    // Rounding of the scale may put a share a hair above a limit.
    const quantity = this.fits(i, floor) ? floor : floorToLot(floor - multiple, lot);
    if (quantity > this.quantities[i]!) this.raise(i, quantity);
    const next = this.next(i);
    return next === Number.POSITIVE_INFINITY
      ? 0
      : (exact - this.quantities[i]!) / (next - this.quantities[i]!);
  }

  /** Largest t for which min(most - quantity, weight t) of each live item keeps what is left of every limit. */
  largestScale(live: readonly number[], weights: readonly number[]): number {
    const room = (i: number) => (this.lots[i]!.most ?? Number.POSITIVE_INFINITY) - this.quantities[i]!;
    const byRoom = live
      .map((i) => ({ i, scale: room(i) / weights[i]! }))
      .sort((a, b) => a.scale - b.scale || a.i - b.i);
    let largest = Number.POSITIVE_INFINITY;
    for (const [r, resource] of this.limited.entries()) {
      const left = this.limits[resource]! - this.used[r]!;
      const slopes = new Float64Array(byRoom.length + 1);
      for (let k = byRoom.length - 1; k >= 0; k--) {
        const { i } = byRoom[k]!;
        slopes[k] = slopes[k + 1]! + perUnit(this.lots[i]!, resource) * weights[i]!;
      }
      let full = 0;
      for (const [k, { i, scale }] of byRoom.entries()) {
        if (slopes[k] === 0) break;
        const reached = Math.max(0, left - full) / slopes[k]!;
        if (reached <= scale) {
          largest = Math.min(largest, reached);
          break;
        }
        const use = perUnit(this.lots[i]!, resource);
        if (use > 0) full += use * room(i);
      }
    }
    return largest;
  }
}
