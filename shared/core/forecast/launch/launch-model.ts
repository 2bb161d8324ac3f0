import { seededRandom } from '../../math/random.ts';
import { assertAsked, type Fitted, type ModelState } from '../model.ts';
import { pathQuantiles } from '../path-quantiles.ts';
import { curveAt } from './launch-curve.ts';

/** Variance of a period over its mean: at1 * level^power. */
export interface DispersionLaw {
  readonly at1: number;
  readonly power: number;
}

/** What is believed of an item on its way in: a level that is gamma distributed, and a curve over its age. */
export type LaunchState = ModelState & {
  readonly model: 'launch';
  /** Periods that it has been on sale. */
  readonly age: number;
  readonly curve: readonly number[];
  /** Shape and rate of the level's gamma distribution; a shape of 0 is no demand at all. */
  readonly shape: number;
  readonly rate: number;
  /** Variance of a period over its mean, given the level: dispersion * level^power. */
  readonly dispersion: number;
  readonly power: number;
  readonly isWhole: boolean;
};

const QUANTILE_PATHS = 1000;

/**
 * Forecasts of a new item: a level drawn once for the whole future, so that sums over a lead time are as uncertain as the
 * level is, times the launch curve at each age, with gamma noise around it.
 */
export function launchOf(state: LaunchState): Fitted<LaunchState> {
  const { age, curve, shape, rate, isWhole } = state;
  const law = { at1: state.dispersion, power: state.power };
  const paths = (horizon: number, count: number, seed: number): Float64Array[] => {
    assertAsked(horizon, [], count);
    const random = seededRandom(seed);
    return Array.from({ length: count }, () => {
      const path = new Float64Array(horizon);
      if (!(shape > 0)) return path;
      const level = random.gamma(shape) / rate;
      const dispersion = dispersionAt(law, level);
      for (let h = 0; h < horizon; h++) {
        const mean = level * curveAt(curve, age + h);
        const value = mean > 0 ? dispersion * random.gamma(mean / dispersion) : 0;
        path[h] = isWhole ? Math.floor(value + random.uniform()) : value;
      }
      return path;
    });
  };
  return {
    forecast(horizon, levels) {
      assertAsked(horizon, levels);
      const mean = Array.from({ length: horizon }, (_, h) => (shape / rate) * curveAt(curve, age + h));
      const quantiles = levels.length > 0 ? pathQuantiles(paths(horizon, QUANTILE_PATHS, 1), levels) : {};
      return { mean, quantiles };
    },
    paths,
    toState: () => state,
  };
}

/** The law at a level; at least 0.1, so that no period is certain. */
export function dispersionAt({ at1, power }: DispersionLaw, level: number): number {
  return Math.max(0.1, level > 0 ? at1 * level ** power : 0);
}
