import type { Quantiles } from '../model.ts';

type Values = ArrayLike<number>;

/** Mean absolute error, in units. */
export function meanAbsoluteError(actual: Values, forecast: Values): number {
  return mean(actual, (y, i) => Math.abs(y - forecast[i]!));
}

/** Root of the mean squared error, in units. */
export function rootMeanSquaredError(actual: Values, forecast: Values): number {
  return Math.sqrt(mean(actual, (y, i) => (y - forecast[i]!) ** 2));
}

/** Sum of absolute errors / sum of absolute actuals, a fraction. NaN when nothing was sold. */
export function weightedAbsoluteError(actual: Values, forecast: Values): number {
  return sum(actual, (y, i) => Math.abs(y - forecast[i]!)) / nonZero(sum(actual, Math.abs));
}

/** Mean of 200 |y - f| / (|y| + |f|), 0 to 200; 0 where both are 0. For comparison with others only. */
export function symmetricPercentageError(actual: Values, forecast: Values): number {
  return mean(actual, (y, i) => {
    const size = Math.abs(y) + Math.abs(forecast[i]!);
    return size > 0 ? (200 * Math.abs(y - forecast[i]!)) / size : 0;
  });
}

/** Sum of (forecast - actual) / sum of absolute actuals, a fraction: positive = forecast too high. */
export function bias(actual: Values, forecast: Values): number {
  return sum(actual, (y, i) => forecast[i]! - y) / nonZero(sum(actual, Math.abs));
}

/** MAE / mean |y[t] - y[t-season]| of the training part (Hyndman & Koehler 2006). NaN when that is 0. */
export function scaledAbsoluteError(
  actual: Values,
  forecast: Values,
  training: Values,
  season: number,
): number {
  return meanAbsoluteError(actual, forecast) / nonZero(differences(training, season, 0, Math.abs));
}

/** sqrt(MSE / mean (y[t] - y[t-1])^2 of the training part from its first demand on), as in M5. */
export function scaledSquaredError(actual: Values, forecast: Values, training: Values): number {
  const first = Array.from(training).findIndex((value) => value > 0);
  const scale = differences(training, 1, Math.max(0, first), (d) => d * d);
  return rootMeanSquaredError(actual, forecast) / Math.sqrt(nonZero(scale));
}

/** Pinball loss of one quantile forecast: level (y - q) above it, (1 - level) (q - y) below. */
export function pinballLoss(actual: number, quantile: number, level: number): number {
  return actual >= quantile ? level * (actual - quantile) : (1 - level) * (quantile - actual);
}

/** Weighted quantile loss: mean over levels of 2 * sum of pinball losses / sum of absolute actuals. */
export function weightedQuantileLoss(actual: Values, quantiles: Quantiles): number {
  const levels = Object.keys(quantiles);
  let total = 0;
  for (const level of levels) {
    total += sum(actual, (y, i) => 2 * pinballLoss(y, quantiles[level]![i]!, Number(level)));
  }
  return total / levels.length / nonZero(sum(actual, Math.abs));
}

/** Share of actuals inside [low, high], bounds included. */
export function coverage(actual: Values, low: Values, high: Values): number {
  return mean(actual, (y, i) => (y >= low[i]! && y <= high[i]! ? 1 : 0));
}

/** Sum over the known values. */
function sum(values: Values, of: (value: number, index: number) => number): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) if (!Number.isNaN(values[i])) total += of(values[i]!, i);
  return total;
}

function mean(values: Values, of: (value: number, index: number) => number): number {
  const known = sum(values, () => 1);
  return sum(values, of) / nonZero(known);
}

function differences(values: Values, lag: number, from: number, of: (difference: number) => number): number {
  let total = 0;
  let pairs = 0;
  for (let t = from + lag; t < values.length; t++) {
    const difference = values[t]! - values[t - lag]!;
    if (Number.isNaN(difference)) continue;
    total += of(difference);
    pairs++;
  }
  return total / nonZero(pairs);
}

function nonZero(value: number): number {
  return value === 0 ? Number.NaN : value;
}
