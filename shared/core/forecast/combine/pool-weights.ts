import { type GridForecast, LEVEL_GRID } from './level-grid.ts';

/** One series at one past origin: what each member said, and what came. */
export interface PastCell {
  readonly members: readonly GridForecast[];
  /** Quantities of the horizon; NaN is unknown. */
  readonly actual: Float64Array;
  /** Size of a usual error: what errors of the mean are divided by. */
  readonly scale: number;
  /** What the quantile loss of this cell counts. */
  readonly weight: number;
}

/** What weights are chosen for: the mean by its absolute error, every series alike; quantiles by their loss. */
export type WeightsFor = 'mean' | 'quantiles';

const ROUNDS = 150;
/** First step of the exponentiated gradient; it falls with the square root of the round. */
const STEP = 0.6;
/** Share of the prior in the answer: a few past origins say less than what has held on many data sets. */
const PRIOR: Readonly<Record<WeightsFor, number>> = { mean: 0.2, quantiles: 0.4 };

/**
 * Weights of members, summing to 1, that would have made the smallest loss at past origins, pooled over all cells and drawn
 * towards a prior: averages beat selection. Exponentiated gradient on the simplex (Kivinen & Warmuth 1997): the loss of a
 * weighted average of quantiles is convex in the weights.
 */
export function poolWeights(
  cells: readonly PastCell[],
  prior: readonly number[],
  what: WeightsFor,
): readonly number[] {
  const members = prior.length;
  let weights = prior;
  if (members < 2 || cells.length === 0) return weights;
  const average = new Array<number>(members).fill(0);
  for (let round = 1; round <= ROUNDS; round++) {
    const slope = slopeOf(cells, weights, what);
    const size = Math.max(...slope.map(Math.abs));
    if (!(size > 0)) break;
    const step = STEP / Math.sqrt(round);
    const raw = weights.map((weight, k) => weight * Math.exp((-step * slope[k]!) / size));
    const sum = raw.reduce((a, b) => a + b, 0);
    weights = raw.map((weight) => weight / sum);
    // The newest half of the rounds is averaged: single rounds zigzag.
    if (round > ROUNDS / 2) for (let k = 0; k < members; k++) average[k]! += weights[k]!;
  }
  const total = average.reduce((a, b) => a + b, 0);
  if (!(total > 0)) return weights;
  return average.map((weight, k) => PRIOR[what] * prior[k]! + (1 - PRIOR[what]) * (weight / total));
}

/** Gradient of the pooled loss, less its mean: only differences between members matter. */
function slopeOf(cells: readonly PastCell[], weights: readonly number[], what: WeightsFor): number[] {
  const slope = new Float64Array(weights.length);
  for (const { members, actual, scale, weight } of cells) {
    if (what === 'mean') {
      const means = members.map(({ mean }) => mean);
      addSlope(slope, { values: means, weights, actual, level: 0.5, factor: 1 / scale });
      continue;
    }
    LEVEL_GRID.forEach((level, l) => {
      const values = members.map(({ quantiles }) => quantiles[l]!);
      addSlope(slope, { values, weights, actual, level, factor: weight });
    });
  }
  const mean = slope.reduce((sum, value) => sum + value, 0) / slope.length;
  return Array.from(slope, (value) => value - mean);
}

interface LevelLoss {
  readonly values: readonly Float64Array[];
  readonly weights: readonly number[];
  readonly actual: Float64Array;
  readonly level: number;
  readonly factor: number;
}

function addSlope(slope: Float64Array, { values, weights, actual, level, factor }: LevelLoss): void {
  const members = weights.length;
  for (let h = 0; h < actual.length; h++) {
    const y = actual[h]!;
    if (Number.isNaN(y)) continue;
    let sum = 0;
    for (let k = 0; k < members; k++) sum += weights[k]! * values[k]![h]!;
    const push = factor * ((y < sum ? 1 : 0) - level);
    for (let k = 0; k < members; k++) slope[k]! += push * values[k]![h]!;
  }
}

/** The weighted average of forecasts, quantile by quantile. */
export function weighted(
  members: readonly GridForecast[],
  weights: Readonly<Record<WeightsFor, readonly number[]>>,
): GridForecast {
  const add = (weights: readonly number[], pick: (member: GridForecast) => Float64Array): Float64Array => {
    const sum = new Float64Array(members[0]!.mean.length);
    members.forEach((member, k) => {
      const values = pick(member);
      for (let h = 0; h < sum.length; h++) sum[h]! += weights[k]! * values[h]!;
    });
    return sum;
  };
  return {
    mean: add(weights.mean, (member) => member.mean),
    quantiles: LEVEL_GRID.map((_, l) => add(weights.quantiles, (member) => member.quantiles[l]!)),
  };
}
