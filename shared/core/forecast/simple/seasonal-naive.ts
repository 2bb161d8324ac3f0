import { seededRandom } from '../../math/random.ts';
import { assertAsked, type Fitted, type History, knownValues, type ModelState, rounded } from '../model.ts';
import { normalQuantiles } from '../normal-quantiles.ts';

export type SeasonalNaiveState = ModelState & {
  readonly model: 'snaive';
  /** The last season, oldest first. */
  readonly season: readonly number[];
  readonly variance: number;
};

/**
 * The same quantity as one season ago (period 1: as last time). Normal errors: the variance of the differences
 * over a season, growing by one share with every season ahead. Needs one known value; an unknown one takes the newest
 * known value of its season, else of the series.
 */
export function fitSeasonalNaive(history: History, { period = 1 } = {}): Fitted<SeasonalNaiveState> {
  knownValues(history, 1);
  const n = history.length;
  const m = n > period ? period : 1;
  const last = findLast(history, n - 1, 1)!;
  const season = Array.from({ length: m }, (_, i) => findLast(history, n - m + i, m) ?? last);
  let squares = 0;
  let pairs = 0;
  for (let t = m; t < n; t++) {
    const difference = history[t]! - history[t - m]!;
    if (Number.isNaN(difference)) continue;
    squares += difference * difference;
    pairs++;
  }
  return seasonalNaiveOf({ model: 'snaive', season, variance: rounded(pairs > 0 ? squares / pairs : 0) });
}

/** The model as it was stored. */
export function seasonalNaiveOf(state: SeasonalNaiveState): Fitted<SeasonalNaiveState> {
  const m = state.season.length;
  return {
    forecast(horizon, levels) {
      assertAsked(horizon, levels);
      const mean = Array.from({ length: horizon }, (_, h) => state.season[h % m]!);
      const variance = mean.map((_, h) => state.variance * (Math.floor(h / m) + 1));
      return { mean, quantiles: normalQuantiles(mean, variance, levels) };
    },
    paths(horizon, count, seed) {
      assertAsked(horizon, [], count);
      const random = seededRandom(seed);
      const deviation = Math.sqrt(state.variance);
      return Array.from({ length: count }, () => {
        const path = new Float64Array(horizon);
        for (let h = 0; h < horizon; h++) {
          path[h] = (h < m ? state.season[h]! : path[h - m]!) + deviation * random.normal();
        }
        return path;
      });
    },
    toState: () => state,
  };
}

function findLast(history: History, from: number, step: number): number | null {
  for (let t = from; t >= 0; t -= step) if (!Number.isNaN(history[t])) return history[t]!;
  return null;
}
