/** Yardsticks of a training part: how far naive forecasts were off within it; 0 or NaN when there is none. */
export interface Scales {
  /** Mean |y[t] - y[t-season]|, for MASE. */
  readonly absolute: number;
  /** Mean (y[t] - y[t-1])^2 from the first demand on, for RMSSE. */
  readonly squared: number;
}

/** Fewest pairs a season apart that make a usable scale. */
const LEAST_PAIRS = 8;

/**
 * Scales of MASE (Hyndman & Koehler 2006) and RMSSE (M5). With fewer than 8 pairs a season apart, or when they are all
 * alike, neighbours take their place. Pairs with an unknown quantity (NaN) do not count.
 */
export function scalesOf(training: Float64Array, season: number): Scales {
  let absolute = meanDifference(training, season, 0, Math.abs);
  if (season > 1 && (absolute.pairs < LEAST_PAIRS || absolute.mean === 0)) {
    absolute = meanDifference(training, 1, 0, Math.abs);
  }
  const first = training.findIndex((value) => value !== 0 && !Number.isNaN(value));
  const squared = first < 0 ? Number.NaN : meanDifference(training, 1, first, (d) => d * d).mean;
  return { absolute: absolute.mean, squared };
}

function meanDifference(
  y: Float64Array,
  lag: number,
  from: number,
  of: (difference: number) => number,
): { mean: number; pairs: number } {
  let sum = 0;
  let pairs = 0;
  for (let t = from + lag; t < y.length; t++) {
    const difference = y[t]! - y[t - lag]!;
    if (Number.isNaN(difference)) continue;
    sum += of(difference);
    pairs++;
  }
  return { mean: pairs > 0 ? sum / pairs : Number.NaN, pairs };
}
