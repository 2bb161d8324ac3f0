import { POINTS, writePoints } from './mixture.ts';
import type { PastCell } from './past-cell.ts';
import { floorOf } from './quantity-kind.ts';

/** Sums over past cells that the loss of every mixture follows from; sums of parts add up. */
export interface MixtureSums {
  /** Of each member, how far its points lie from what came: E|X - y|. */
  readonly misses: Float64Array;
  /** Of each two members, how far their points lie from each other: E|X - X'|; row by row. */
  readonly apart: Float64Array;
}

/** Rounds and step of the exponentiated gradient; its slopes are divided by the misses of the best member. */
const ROUNDS = 3000;
const STEP = 2;

/** The sums of one cell. */
export function mixtureSums(cell: PastCell): MixtureSums {
  const { members: said, actual, weight } = cell;
  const members = said.length;
  const floor = floorOf(cell);
  const sums = noSums(members);
  const points = said.map(() => new Float64Array(POINTS));
  for (let h = 0; h < actual.length; h++) {
    const y = actual[h]!;
    if (Number.isNaN(y)) continue;
    for (let k = 0; k < members; k++) {
      const mine = points[k]!;
      writePoints(said[k]!, h, floor, mine);
      let sum = 0;
      for (let i = 0; i < POINTS; i++) sum += Math.abs(mine[i]! - y);
      sums.misses[k]! += (weight * sum) / POINTS;
      for (let l = 0; l <= k; l++) {
        const distance = weight * meanDistance(mine, points[l]!);
        sums.apart[k * members + l]! += distance;
        if (l < k) sums.apart[l * members + k]! += distance;
      }
    }
  }
  return sums;
}

export function addSums(all: readonly MixtureSums[], members: number): MixtureSums {
  const total = noSums(members);
  for (const { misses, apart } of all) {
    for (let k = 0; k < misses.length; k++) total.misses[k]! += misses[k]!;
    for (let i = 0; i < apart.length; i++) total.apart[i]! += apart[i]!;
  }
  return total;
}

function noSums(members: number): MixtureSums {
  return { misses: new Float64Array(members), apart: new Float64Array(members * members) };
}

/** The score of a mixture: see `mixtureWeights`. */
export function mixtureLoss({ misses, apart }: MixtureSums, weights: readonly number[]): number {
  const members = weights.length;
  let loss = 0;
  for (let k = 0; k < members; k++) {
    let rest = misses[k]!;
    for (let l = 0; l < members; l++) rest -= (weights[l]! * apart[k * members + l]!) / 2;
    loss += weights[k]! * rest;
  }
  return loss;
}

/**
 * Weights of members, summing to 1, of the mixture with the smallest continuous ranked probability score over past cells
 * (Gneiting & Raftery 2007): sum_k w_k E|X_k - y| - 1/2 sum_kl w_k w_l E|X_k - X_l|, which is convex in the weights.
 * Exponentiated gradient on the simplex (Kivinen & Warmuth 1997), from `start`, which is the answer where there is
 * no past.
 */
export function mixtureWeights({ misses, apart }: MixtureSums, start: readonly number[]): readonly number[] {
  const members = start.length;
  const size = misses.reduce(
    (least, miss, k) => (start[k]! > 0 && miss > 0 ? Math.min(least, miss) : least),
    Number.POSITIVE_INFINITY,
  );
  if (!Number.isFinite(size)) return start;
  let weights = Float64Array.from(start);
  for (let round = 0; round < ROUNDS; round++) {
    const slopes = weights.map((_, k) => {
      let slope = misses[k]!;
      for (let l = 0; l < members; l++) slope -= apart[k * members + l]! * weights[l]!;
      return slope / size;
    });
    const least = slopes.reduce((min, slope) => Math.min(min, slope), Number.POSITIVE_INFINITY);
    const raw = weights.map((weight, k) => weight * Math.exp(-STEP * (slopes[k]! - least)));
    const sum = raw.reduce((a, b) => a + b, 0);
    weights = raw.map((weight) => weight / sum);
  }
  return Array.from(weights);
}

/** Mean distance of a point of one list from a point of the other: the integral of F (1 - G) + G (1 - F). */
function meanDistance(a: Float64Array, b: Float64Array): number {
  let i = 0;
  let j = 0;
  let last = Math.min(a[0]!, b[0]!);
  let sum = 0;
  while (i < POINTS || j < POINTS) {
    const isFromA = j >= POINTS || (i < POINTS && a[i]! <= b[j]!);
    const next = isFromA ? a[i]! : b[j]!;
    const f = i / POINTS;
    const g = j / POINTS;
    sum += (next - last) * (f * (1 - g) + g * (1 - f));
    last = next;
    if (isFromA) i++;
    else j++;
  }
  return sum;
}
