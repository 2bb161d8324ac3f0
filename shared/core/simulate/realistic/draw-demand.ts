import { normalQuantile } from '../../math/normal.ts';
import { chanceAt } from './chance-at.ts';

/**
 * How the demand of one day varies around its mean.
 *   counts     negative binomial, variance = mean + mean^2 / shape
 *   compound   a Poisson number of customers, each taking a geometric number of units, `meanSize` on average
 */
export type DemandLaw =
  | { readonly kind: 'counts'; readonly shape: number }
  | { readonly kind: 'compound'; readonly meanSize: number };

/** Purposes of `chanceAt` from here on belong to the sizes of orders. */
const SIZES = 1_000;
/** Customers of one product on one day. */
const MOST_CUSTOMERS = 100_000;

/** Variance of the demand of a day with this mean: Var N E[X]^2 + E[N] Var X = lambda E[X^2] for the compound law. */
export function demandVariance(law: DemandLaw, mean: number): number {
  return law.kind === 'counts' ? mean + (mean * mean) / law.shape : mean * (2 * law.meanSize - 1);
}

/** Units wanted on a day: the same key and day give the same. */
export function drawDemand(law: DemandLaw, mean: number, key: number, day: number): number {
  if (!(mean > 0)) return 0;
  const uniform = chanceAt(key, day, 0);
  if (law.kind === 'counts') return negativeBinomial(uniform, mean, law.shape);
  const customers = poisson(uniform, mean / law.meanSize);
  if (law.meanSize <= 1) return customers;
  const stay = Math.log(1 - 1 / law.meanSize);
  let units = customers;
  for (let i = 0; i < customers; i++) units += Math.floor(Math.log(chanceAt(key, day, SIZES + i)) / stay);
  return units;
}

/** Inverse of the distribution: P(0) = (r / (r + m))^r, P(k + 1) / P(k) = (k + r) / (k + 1) m / (m + r). */
function negativeBinomial(uniform: number, mean: number, shape: number): number {
  const ratio = mean / (mean + shape);
  let probability = (1 - ratio) ** shape;
  let sum = probability;
  const most = 1_000 + 100 * mean;
  let k = 0;
  while (sum < uniform && k < most) {
    probability *= ((k + shape) / (k + 1)) * ratio;
    sum += probability;
    k++;
  }
  return k;
}

/** Inverse of the distribution; beyond a mean of 500, where its first probability would be zero, the normal one. */
function poisson(uniform: number, mean: number): number {
  if (mean > 500)
    return Math.min(
      MOST_CUSTOMERS,
      Math.max(0, Math.round(mean + Math.sqrt(mean) * normalQuantile(uniform))),
    );
  let probability = Math.exp(-mean);
  let sum = probability;
  const most = 1_000 + 100 * mean;
  let k = 0;
  while (sum < uniform && k < most) {
    k++;
    probability *= mean / k;
    sum += probability;
  }
  return k;
}
