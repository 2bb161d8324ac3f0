import type { PastCell } from './past-cell.ts';

const ROUNDS = 150;
/** First step of the exponentiated gradient; it falls with the square root of the round. */
const STEP = 0.6;
/** Largest change of the logarithm of a weight in one round. */
const MOST_CHANGE = 2;

/**
 * Weights of members, summing to 1, of the average of their means with the smallest absolute error at past origins, every
 * series alike. Exponentiated gradient on the simplex (Kivinen & Warmuth 1997), from `start`, which is the answer where
 * there is no past.
 */
export function meanWeights(cells: readonly PastCell[], start: readonly number[]): readonly number[] {
  const members = start.length;
  let weights = start;
  if (members < 2 || cells.length === 0) return weights;
  const average = new Array<number>(members).fill(0);
  for (let round = 1; round <= ROUNDS; round++) {
    const slope = slopeOf(cells, weights);
    // By the weights, so that one that is far off and hardly counts does not make the steps of the others small.
    const size = slope.reduce((sum, value, k) => sum + weights[k]! * Math.abs(value), 0);
    if (!(size > 0)) break;
    const step = STEP / Math.sqrt(round);
    const raw = weights.map((weight, k) => {
      const change = (-step * slope[k]!) / size;
      return weight * Math.exp(Math.max(-MOST_CHANGE, Math.min(MOST_CHANGE, change)));
    });
    const sum = raw.reduce((a, b) => a + b, 0);
    weights = raw.map((weight) => weight / sum);
    // The newest half of the rounds is averaged: single rounds zigzag.
    if (round > ROUNDS / 2) for (let k = 0; k < members; k++) average[k]! += weights[k]!;
  }
  const total = average.reduce((a, b) => a + b, 0);
  return total > 0 ? average.map((weight) => weight / total) : weights;
}

/** What the weighted average of the means missed in one cell, relative to a usual error. */
export function meanLoss({ members, actual, scale }: PastCell, weights: readonly number[]): number {
  let loss = 0;
  for (let h = 0; h < actual.length; h++) {
    const error = averageAt(members, weights, h) - actual[h]!;
    if (!Number.isNaN(error)) loss += Math.abs(error);
  }
  return loss / scale;
}

function averageAt(members: PastCell['members'], weights: readonly number[], h: number): number {
  let sum = 0;
  for (let k = 0; k < weights.length; k++) sum += weights[k]! * members[k]!.mean[h]!;
  return sum;
}

/** Gradient of the pooled loss, less its mean by the weights: only differences between members matter. */
function slopeOf(cells: readonly PastCell[], weights: readonly number[]): number[] {
  const slope = new Float64Array(weights.length);
  for (const { members, actual, scale } of cells) {
    for (let h = 0; h < actual.length; h++) {
      const y = actual[h]!;
      if (Number.isNaN(y)) continue;
      const push = ((y < averageAt(members, weights, h) ? 1 : 0) - 0.5) / scale;
      for (let k = 0; k < weights.length; k++) slope[k]! += push * members[k]!.mean[h]!;
    }
  }
  const mean = slope.reduce((sum, value, k) => sum + weights[k]! * value, 0);
  return Array.from(slope, (value) => value - mean);
}
