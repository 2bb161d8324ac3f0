import { seededRandom } from '../../math/random.ts';
import { assertAsked, type Fitted, type History, knownValues, type ModelState, rounded } from '../model.ts';
import { normalQuantiles } from '../normal-quantiles.ts';

export type DriftState = ModelState & {
  readonly model: 'drift';
  readonly level: number;
  readonly drift: number;
  /** Variance of one step, and the steps that the drift was learnt from. */
  readonly variance: number;
  readonly steps: number;
  /** Unknown periods since the level was seen. */
  readonly silent: number;
};

/**
 * A random walk with drift: the straight line from the first to the last known value goes on (R's rwf with drift).
 *   mean = y[n] + h d,   d = (y[n] - y[1]) / (n - 1),   variance = s^2 (h + h^2 / (n - 1))
 * where s^2 is the variance of the steps around d. Needs one known value; with one or two the spread is unknown, and 0.
 */
export function fitDrift(history: History): Fitted<DriftState> {
  knownValues(history, 1);
  let first = -1;
  let last = -1;
  for (let t = 0; t < history.length; t++) {
    if (Number.isNaN(history[t]!)) continue;
    if (first < 0) first = t;
    last = t;
  }
  const steps = last - first;
  const drift = steps > 0 ? (history[last]! - history[first]!) / steps : 0;
  let squares = 0;
  let pairs = 0;
  let before = first;
  for (let t = first + 1; t <= last; t++) {
    if (Number.isNaN(history[t]!)) continue;
    squares += (history[t]! - history[before]! - drift * (t - before)) ** 2 / (t - before);
    pairs++;
    before = t;
  }
  return driftOf({
    model: 'drift',
    level: history[last]!,
    drift,
    variance: rounded(squares / Math.max(1, pairs - 1)),
    steps: Math.max(1, steps),
    silent: history.length - 1 - last,
  });
}

/** The model as it was stored. */
export function driftOf(state: DriftState): Fitted<DriftState> {
  const { level, drift, variance, steps, silent } = state;
  return {
    forecast(horizon, levels) {
      assertAsked(horizon, levels);
      const mean = Array.from({ length: horizon }, (_, h) => level + drift * (silent + h + 1));
      const spread = mean.map((_, h) => variance * (silent + h + 1) * (1 + (silent + h + 1) / steps));
      return { mean, quantiles: normalQuantiles(mean, spread, levels) };
    },
    paths(horizon, count, seed) {
      assertAsked(horizon, [], count);
      const random = seededRandom(seed);
      const deviation = Math.sqrt(variance);
      return Array.from({ length: count }, () => {
        const path = new Float64Array(horizon);
        const slope = drift + (deviation / Math.sqrt(steps)) * random.normal();
        let at = level + slope * silent + deviation * Math.sqrt(silent) * random.normal();
        for (let h = 0; h < horizon; h++) {
          at += slope + deviation * random.normal();
          path[h] = at;
        }
        return path;
      });
    },
    toState: () => state,
  };
}
