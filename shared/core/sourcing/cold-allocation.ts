import { largestRemainder } from '../math/largest-remainder.ts';
import type { Random } from '../math/random.ts';

/** What is known of a product's popularity before anything was sold: stars, and how many gave some. */
export interface Popularity {
  readonly rating: number | null;
  readonly reviews: number | null;
}

/** Weight of a product in the first allocation: rating times reviews, or undefined where that says nothing. */
export function popularityOf({ rating, reviews }: Popularity): number | undefined {
  const weight = (rating ?? 0) * (reviews ?? 0);
  return weight > 0 ? weight : undefined;
}

/**
 * First allocation of a stock to products that have not sold yet, in units that are not whole:
 *   factor = rating * reviews / sum of rating * reviews,   cold = factor * total
 * Products without a rating or reviews get a fair share first, round(total * k / n) / k for each of the k among n;
 * the factors divide the rest. The shares sum to `total`.
 */
export function coldAllocation(products: readonly Popularity[], total: number): number[] {
  const { weights, unknownTotal, unknownCount, sum } = split(products, total);
  return weights.map((weight) =>
    weight === undefined ? unknownTotal / unknownCount : (weight / sum) * (total - unknownTotal),
  );
}

/** The same in whole units, to the unit: what is left by rounding down goes to the largest remainders. */
export function coldUnits(products: readonly Popularity[], total: number): number[] {
  const { weights, unknownTotal } = split(products, total);
  const unknown = largestRemainder(
    weights.map((weight) => (weight === undefined ? 1 : 0)),
    unknownTotal,
  );
  const known = largestRemainder(
    weights.map((weight) => weight ?? 0),
    total - unknownTotal,
  );
  return weights.map((_, i) => unknown[i]! + known[i]!);
}

/** Bounds of a drawn allocation: 20 % of the cold one, rounded down, to 80 %, rounded up. */
export function allocationBounds(cold: number): { readonly lower: number; readonly upper: number } {
  return { lower: Math.floor(0.2 * cold), upper: Math.ceil(0.8 * cold) };
}

export interface DrawnUnits {
  readonly units: number[];
  /** What no product was given: the bounds leave about half of the total undealt. */
  readonly heldBack: number;
}

/**
 * Units drawn evenly between the bounds of each product's cold allocation, and what is held back; both sum to `total`.
 * A draw that the total has no units left for is cut, which only the rounding up of many tiny shares can bring about.
 */
export function drawnUnits(products: readonly Popularity[], total: number, random: Random): DrawnUnits {
  let left = total;
  const units = coldAllocation(products, total).map((cold) => {
    const { lower, upper } = allocationBounds(cold);
    const drawn = Math.min(left, lower + random.integer(upper - lower + 1));
    left -= drawn;
    return drawn;
  });
  return { units, heldBack: left };
}

function split(products: readonly Popularity[], total: number) {
  if (!Number.isSafeInteger(total) || total < 0) throw new RangeError(`total ${total} is no number of units`);
  const weights = products.map(popularityOf);
  const unknownCount = weights.filter((weight) => weight === undefined).length;
  const unknownTotal = products.length === 0 ? 0 : Math.round((total * unknownCount) / products.length);
  const sum = weights.reduce<number>((before, weight) => before + (weight ?? 0), 0);
  if (products.length === 0 && total > 0) throw new RangeError('there is no product to give stock to');
  return { weights, unknownTotal, unknownCount, sum };
}
