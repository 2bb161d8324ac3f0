import { seededRandom, seedOf } from '../math/random.ts';

const LEAST_SHARE = 0.3;
const MOST_SHARE = 0.7;
/** Ten-thousandths in a cent; below one unit of money a cent is too coarse. */
const CENT = 100;
const FINE_BELOW = 10_000;

/**
 * An invented cost for a product whose cost nobody told: evenly between 30 and 70 % of its price, in whole cents where
 * the price has some. Money in ten-thousandths. The same price, seed and name give the same cost.
 */
export function syntheticCost(price: number, seed: number, name: string): number {
  if (!Number.isSafeInteger(price) || price <= 0) throw new RangeError(`price ${price} is no amount`);
  const share = LEAST_SHARE + (MOST_SHARE - LEAST_SHARE) * seededRandom(seedOf(seed, name)).uniform();
  const step = price < FINE_BELOW ? 1 : CENT;
  const lowest = Math.ceil((price * 3) / 10 / step);
  const highest = Math.floor((price * 7) / 10 / step);
  return Math.min(Math.max(Math.round((price * share) / step), lowest), highest) * step;
}
