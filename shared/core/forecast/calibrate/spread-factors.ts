import { type GridForecast, LEVEL_GRID, MEDIAN } from '../combine/level-grid.ts';

/** A forecast made at a past origin, and what came. */
export interface PastForecast {
  readonly forecast: GridForecast;
  readonly actual: Float64Array;
  readonly weight: number;
}

const LEAST = 0.6;
const MOST = 2;
const STEPS = 57;
/** Share of the way to the factor that fits the past best. */
const TRUST = 0.7;

/**
 * For each level, how many times as far from the median its quantile should have been at past origins, pooled over series
 * and steps: split conformal calibration of the spread (Romano, Patterson & Candès 2019), with the quantile loss as
 * the score, so that zeros and ties of counts do no harm, and drawn towards 1.
 */
export function spreadFactors(past: readonly PastForecast[]): number[] {
  return LEVEL_GRID.map((level, l) => {
    if (l === MEDIAN || past.length === 0) return 1;
    const losses = new Float64Array(STEPS);
    for (const { forecast, actual, weight } of past) {
      const middle = forecast.quantiles[MEDIAN]!;
      const outer = forecast.quantiles[l]!;
      for (let h = 0; h < actual.length; h++) {
        const y = actual[h]!;
        if (Number.isNaN(y)) continue;
        const distance = outer[h]! - middle[h]!;
        for (let i = 0; i < STEPS; i++) {
          const error = y - (middle[h]! + factorOf(i) * distance);
          losses[i]! += weight * (error >= 0 ? level * error : (level - 1) * error);
        }
      }
    }
    const best = losses.indexOf(Math.min(...losses));
    return 1 + TRUST * (factorOf(best) - 1);
  });
}

function factorOf(step: number): number {
  return LEAST + ((MOST - LEAST) * step) / (STEPS - 1);
}

/** The forecast with the spread of each level multiplied; quantiles stay ascending and above `floor`. */
export function spreadBy(forecast: GridForecast, factors: readonly number[], floor: number): GridForecast {
  const middle = forecast.quantiles[MEDIAN]!;
  const quantiles = forecast.quantiles.map((values, l) =>
    values.map((value, h) => Math.max(floor, middle[h]! + factors[l]! * (value - middle[h]!))),
  );
  for (let l = MEDIAN - 1; l >= 0; l--) keepBelow(quantiles[l]!, quantiles[l + 1]!);
  for (let l = MEDIAN + 1; l < quantiles.length; l++) keepAbove(quantiles[l]!, quantiles[l - 1]!);
  return { mean: forecast.mean, quantiles };
}

function keepBelow(values: Float64Array, limit: Float64Array): void {
  for (let h = 0; h < values.length; h++) values[h] = Math.min(values[h]!, limit[h]!);
}

function keepAbove(values: Float64Array, limit: Float64Array): void {
  for (let h = 0; h < values.length; h++) values[h] = Math.max(values[h]!, limit[h]!);
}
