import { seededRandom } from '../../math/random.ts';
import { assertAsked, type Fitted, type History, knownValues, type ModelState } from '../model.ts';
import { normalQuantiles } from '../normal-quantiles.ts';

export type LinearTrendState = ModelState & {
  readonly model: 'line';
  /** Value of the line in the last period of the history, and its slope. */
  readonly level: number;
  readonly slope: number;
  readonly variance: number;
  /** Number of known values, periods from their middle to the end of the history, and their squares around it. */
  readonly count: number;
  readonly reach: number;
  readonly spread: number;
};

/**
 * The least-squares line through the known values.
 *   variance h ahead = s^2 (1 + 1 / n + (reach + h)^2 / sum (t - mean t)^2),   s^2 = SSE / (n - 2)
 * Needs one known value; with one the line is flat.
 */
export function fitLinearTrend(history: History): Fitted<LinearTrendState> {
  const count = knownValues(history, 1).length;
  let middle = 0;
  let mean = 0;
  for (let t = 0; t < history.length; t++) {
    if (Number.isNaN(history[t]!)) continue;
    middle += t / count;
    mean += history[t]! / count;
  }
  let spread = 0;
  let across = 0;
  for (let t = 0; t < history.length; t++) {
    if (Number.isNaN(history[t]!)) continue;
    spread += (t - middle) ** 2;
    across += (t - middle) * (history[t]! - mean);
  }
  const slope = spread > 0 ? across / spread : 0;
  let squares = 0;
  for (let t = 0; t < history.length; t++) {
    if (!Number.isNaN(history[t]!)) squares += (history[t]! - mean - slope * (t - middle)) ** 2;
  }
  const reach = history.length - 1 - middle;
  return linearTrendOf({
    model: 'line',
    level: mean + slope * reach,
    slope,
    variance: squares / Math.max(1, count - 2),
    count,
    reach,
    spread: spread > 0 ? spread : 1,
  });
}

/** The model as it was stored. */
export function linearTrendOf(state: LinearTrendState): Fitted<LinearTrendState> {
  const { level, slope, variance, count, reach, spread } = state;
  return {
    forecast(horizon, levels) {
      assertAsked(horizon, levels);
      const mean = Array.from({ length: horizon }, (_, h) => level + slope * (h + 1));
      const spreads = mean.map((_, h) => variance * (1 + 1 / count + (reach + h + 1) ** 2 / spread));
      return { mean, quantiles: normalQuantiles(mean, spreads, levels) };
    },
    paths(horizon, paths, seed) {
      assertAsked(horizon, [], paths);
      const random = seededRandom(seed);
      const deviation = Math.sqrt(variance);
      return Array.from({ length: paths }, () => {
        const path = new Float64Array(horizon);
        const shift = (deviation / Math.sqrt(count)) * random.normal();
        const tilt = (deviation / Math.sqrt(spread)) * random.normal();
        for (let h = 0; h < horizon; h++) {
          const error = shift + tilt * (reach + h + 1) + deviation * random.normal();
          path[h] = level + slope * (h + 1) + error;
        }
        return path;
      });
    },
    toState: () => state,
  };
}
