import { type CountMoments, countProbability } from '../../math/count-distribution.ts';
import { normalCdf, normalDensity, normalLoss } from '../../math/normal.ts';

/** What of the probability may lie beyond the counts that are listed. */
const TAIL = 1e-15;
const MOST_COUNTS = 1_000_000;

/**
 * Second-order loss of the standard normal, the integral of the loss from z on:
 *   G2(z) = ((z^2 + 1) (1 - Phi(z)) - z phi(z)) / 2        Snyder & Shen (2019), appendix C: G2(1.3) = 0.018807
 */
export function normalSecondLoss(z: number): number {
  return ((z * z + 1) * normalCdf(-z) - z * normalDensity(z)) / 2;
}

/** z whose loss is this: G(0.4929) = 0.2. Any loss above 0. */
export function normalLossInverse(loss: number): number {
  if (!(loss > 0 && loss < Number.POSITIVE_INFINITY)) throw new RangeError(`no z has a loss of ${loss}`);
  // The loss is convex and falls: Newton from the left never oversteps.
  let z = -loss;
  for (let i = 0; i < 200; i++) {
    const step = (normalLoss(z) - loss) / normalCdf(-z);
    z += step;
    if (Math.abs(step) <= 1e-14 * Math.max(1, Math.abs(z))) break;
  }
  return z;
}

/** Probabilities of 0, 1, 2, ... until what is left is below 1e-15; negative binomial, or Poisson when variance <= mean. */
export function countProbabilities(moments: CountMoments): Float64Array {
  const found: number[] = [];
  let sum = 0;
  for (let k = 0; k < MOST_COUNTS; k++) {
    const p = countProbability(k, moments);
    found.push(p);
    sum += p;
    if (sum > 0.5 && k > moments.mean && p < TAIL) return Float64Array.from(found);
  }
  throw new RangeError(`a mean of ${moments.mean} is too large for counts`);
}

/**
 * Expected units short and left at a whole stock level: E[(D - S)+] and E[(S - D)+], direct sums.
 * Snyder & Shen (2019), appendix C: Poisson with mean 15 at 18: 0.5176 short, 3.5176 left.
 */
export function countLoss(
  level: number,
  probabilities: Float64Array,
): { readonly short: number; readonly left: number } {
  let short = 0;
  let left = 0;
  for (let k = 0; k < probabilities.length; k++) {
    if (k > level) short += (k - level) * probabilities[k]!;
    else left += (level - k) * probabilities[k]!;
  }
  return { short, left };
}

/** Expected cost h left + p short of a level, as a function of it, after one pass over the probabilities. */
export function countCost(
  probabilities: Float64Array,
  { holding, shortage }: { readonly holding: number; readonly shortage: number },
): (level: number) => number {
  const n = probabilities.length;
  let mean = 0;
  for (let k = 0; k < n; k++) mean += k * probabilities[k]!;
  // left(S) = F(0) + ... + F(S - 1)
  const left = new Float64Array(n + 1);
  let share = 0;
  for (let k = 0; k < n; k++) {
    share += probabilities[k]!;
    left[k + 1] = left[k]! + share;
  }
  return (level) => {
    const over = level <= 0 ? 0 : level <= n ? left[level]! : left[n]! + (level - n) * share;
    return holding * over + shortage * (over + mean - level);
  };
}
