import { sampleCeiling } from '../../math/sample-quantile.ts';

/** Rounding errors below this are no unit. */
const SLACK = 1e-9;

/** E[(D - level)+] over an ascending sample of equally likely demands. */
export function sampleLoss(sorted: ArrayLike<number>, level: number): number {
  let sum = 0;
  for (let i = sorted.length - 1; i >= 0 && sorted[i]! > level; i--) sum += sorted[i]! - level;
  return sum / sorted.length;
}

/** Mean of a sample. */
export function sampleMean(sample: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < sample.length; i++) sum += sample[i]!;
  return sum / sample.length;
}

/** Smallest whole level, not negative, that demand stays within with at least this probability (cycle service, P1). */
export function levelByCycleService(sorted: ArrayLike<number>, probability: number): number {
  return Math.max(0, Math.ceil(sampleCeiling(sorted, probability) - SLACK));
}

/**
 * Smallest whole reorder point s >= 0 whose shortage per cycle is at most the share 1 - beta of the order quantity Q:
 *   E[(D - s)+] - E[(D - s - Q)+] = E[min(Q, (D - s)+)] <= (1 - beta) Q
 * D = lead-time demand (ascending sample). The second term takes out what the cycle before has been short already.
 * Silver, Pyke & Thomas (2017), section 6.7 (fill rate, P2), for any distribution.
 */
export function levelByFillRate(sorted: ArrayLike<number>, quantity: number, fillRate: number): number {
  assertShare(fillRate);
  if (!(quantity > 0)) throw new RangeError(`an order quantity of ${quantity} is not positive`);
  const allowed = (1 - fillRate) * quantity;
  return smallestLevel(
    largestOf(sorted),
    (level) => sampleLoss(sorted, level) - sampleLoss(sorted, level + quantity) <= allowed + SLACK,
    0,
  );
}

/**
 * Smallest whole order-up-to level S >= 0 of periodic review whose shortage per review interval is at most the share
 * 1 - beta of the demand in it:
 *   E[(D(L+R) - S)+] - E[(D(L) - S)+] <= (1 - beta) E[D(R)],   E[D(R)] = E[D(L+R)] - E[D(L)]
 * Both samples ascending. Silver, Pyke & Thomas (2017), section 6.10. Without demand between reviews it is the level of
 * orders of one unit.
 */
export function levelByFillRateOfReview(
  leadSorted: ArrayLike<number>,
  protectionSorted: ArrayLike<number>,
  fillRate: number,
): number {
  assertShare(fillRate);
  const reviewDemand = sampleMean(protectionSorted) - sampleMean(leadSorted);
  if (!(reviewDemand > SLACK)) return levelByFillRate(protectionSorted, 1, fillRate) + 1;
  const allowed = (1 - fillRate) * reviewDemand;
  return smallestLevel(
    largestOf(protectionSorted),
    (level) => sampleLoss(protectionSorted, level) - sampleLoss(leadSorted, level) <= allowed + SLACK,
    0,
  );
}

/** Smallest whole level S >= 0 with E[(D - S)+] <= allowed: what one purchase for a season needs. */
export function levelByShortage(sorted: ArrayLike<number>, allowed: number): number {
  if (!(allowed >= 0)) throw new RangeError(`an allowed shortage of ${allowed} is negative`);
  return smallestLevel(largestOf(sorted), (level) => sampleLoss(sorted, level) <= allowed + SLACK, 0);
}

/**
 * Smallest whole level from `least` up to the largest demand, at which nothing is short, that is enough. Bisection: a
 * condition that is harder everywhere never finds a lower level, whatever its shape.
 */
export function smallestLevel(largest: number, isEnough: (level: number) => boolean, least = -1): number {
  let low = least - 1;
  let high = Math.max(0, Math.ceil(largest - SLACK));
  if (!Number.isFinite(high)) throw new RangeError('a demand sample holds numbers only');
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (isEnough(middle)) high = middle;
    else low = middle;
  }
  return high;
}

function largestOf(sorted: ArrayLike<number>): number {
  if (sorted.length === 0) throw new RangeError('no demand to protect against');
  return sorted[sorted.length - 1]!;
}

/** A share of demand below 1. */
function assertShare(share: number): void {
  if (!(share >= 0 && share < 1)) throw new RangeError(`a share of ${share} is outside 0..1`);
}
