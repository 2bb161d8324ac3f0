import type { Candidate } from './candidate-models.ts';

/** Origins looked back at, and the fewest periods to learn from at the earliest. */
const MOST_ORIGINS = 3;
const LEAST_TRAINING = 12;
/** A model whose mean absolute error is this many times the best one's is left out. */
const HOPELESS = 1.3;

export interface PastPerformance {
  /** One for each candidate, summing to 1; equal when the history is too short to tell. */
  readonly weights: readonly number[];
  /** Errors of the weighted blend, with the steps ahead less one. */
  readonly errors: readonly { readonly error: number; readonly step: number }[];
  readonly mae: number | null;
  readonly rmse: number | null;
}

/**
 * How models would have done at up to three past origins, half a horizon apart, each fitted on what was known then.
 * Weights are the inverse of the squared mean absolute error: averages beat picking a winner.
 */
export function rollOrigins(
  y: Float64Array,
  candidates: readonly Candidate[],
  horizon: number,
): PastPerformance {
  const runs = pastOrigins(y.length, horizon).map((origin) => ({
    actual: y.subarray(origin, origin + horizon),
    means: candidates.map((candidate) => candidate.fit(y.subarray(0, origin)).forecast(horizon, []).mean),
  }));
  const floor = y.some((value) => value < 0) ? Number.NEGATIVE_INFINITY : 0;
  const sums = candidates.map((_, i) => {
    let sum = 0;
    for (const { actual, means } of runs) {
      actual.forEach((value, h) => {
        if (!Number.isNaN(value)) sum += Math.abs(value - Math.max(floor, means[i]![h]!));
      });
    }
    return sum;
  });
  const weights = weightsOf(sums);
  const errors: { error: number; step: number }[] = [];
  for (const { actual, means } of runs) {
    actual.forEach((value, step) => {
      if (Number.isNaN(value)) return;
      const blend = means.reduce((sum, mean, i) => sum + weights[i]! * Math.max(floor, mean[step]!), 0);
      errors.push({ error: value - blend, step });
    });
  }
  const n = errors.length;
  return {
    weights,
    errors,
    mae: n > 0 ? errors.reduce((sum, { error }) => sum + Math.abs(error), 0) / n : null,
    rmse: n > 0 ? Math.sqrt(errors.reduce((sum, { error }) => sum + error ** 2, 0) / n) : null,
  };
}

/** Whole numbers of training periods, newest first. */
function pastOrigins(length: number, horizon: number): number[] {
  const apart = Math.max(1, Math.floor(horizon / 2));
  const first = Math.max(length - horizon, Math.ceil((length * 2) / 3));
  return Array.from({ length: MOST_ORIGINS }, (_, i) => first - i * apart).filter(
    (origin) => origin >= LEAST_TRAINING && origin < length,
  );
}

function weightsOf(sums: readonly number[]): number[] {
  const best = Math.min(...sums);
  if (!(best > 0)) return sums.map(() => 1 / sums.length);
  const raw = sums.map((sum) => (sum > HOPELESS * best ? 0 : (best / sum) ** 2));
  const total = raw.reduce((sum, weight) => sum + weight, 0);
  return raw.map((weight) => weight / total);
}
