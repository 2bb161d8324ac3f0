import { seededRandom } from '../../math/random.ts';
import { assertAsked, type Fitted, type ModelState } from '../model.ts';
import { pathQuantiles } from '../path-quantiles.ts';

export type SteadyState = ModelState & {
  readonly model: 'steady';
  readonly level: number;
  /** Variance of one period around the level; 0 for a series that is certain. */
  readonly variance: number;
  readonly isWhole: boolean;
};

const QUANTILE_PATHS = 4000;

/** The same quantity in every period, certain or gamma distributed around the level: what little data can say. */
export function steadyOf(state: SteadyState): Fitted<SteadyState> {
  const { level, variance, isWhole } = state;
  const isCertain = !(variance > 0) || !(level > 0);
  const paths = (horizon: number, count: number, seed: number): Float64Array[] => {
    assertAsked(horizon, [], count);
    const random = seededRandom(seed);
    const shape = isCertain ? 0 : (level * level) / variance;
    return Array.from({ length: count }, () => {
      const path = new Float64Array(horizon).fill(level);
      if (isCertain) return path;
      for (let h = 0; h < horizon; h++) {
        const value = (random.gamma(shape) / shape) * level;
        path[h] = isWhole ? Math.floor(value + random.uniform()) : value;
      }
      return path;
    });
  };
  return {
    forecast(horizon, levels) {
      assertAsked(horizon, levels);
      const mean = new Array<number>(horizon).fill(level);
      if (isCertain || levels.length === 0) {
        return { mean, quantiles: Object.fromEntries(levels.map((at) => [String(at), [...mean]])) };
      }
      return { mean, quantiles: pathQuantiles(paths(horizon, QUANTILE_PATHS, 1), levels) };
    },
    paths,
    toState: () => state,
  };
}
