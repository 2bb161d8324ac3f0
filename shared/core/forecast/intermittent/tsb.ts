import { seededRandom } from '../../math/random.ts';
import { assertAsked, type Fitted, type History, knownValues, type ModelState } from '../model.ts';
import { pathQuantiles } from '../path-quantiles.ts';

export type TsbState = ModelState & {
  readonly model: 'tsb';
  /** Probability of demand in a period, and expected size of a demand. */
  readonly probability: number;
  readonly size: number;
  /** The newest sizes that were seen, oldest first. */
  readonly sizes: readonly number[];
};

export interface TsbOptions {
  /** Weights of the newest period on probability and size; searched when left out. */
  readonly probabilityWeight?: number;
  readonly sizeWeight?: number;
}

const WEIGHTS = [0.02, 0.05, 0.1, 0.15, 0.2, 0.3];
const MOST_SIZES = 40;
const QUANTILE_PATHS = 4000;

/**
 * Intermittent demand by Teunter, Syntetos & Babai (2011): the probability of demand is smoothed in every period, the
 * size of a demand when there is one; forecast = probability * size, the same for all periods. Both start at their first
 * value. Futures draw whether there is demand, and then one of the past sizes, scaled to the smoothed size.
 * Needs one known value; a history without demand is forecast as zero.
 */
export function fitTsb(history: History, options: TsbOptions = {}): Fitted<TsbState> {
  const y = knownValues(history, 1);
  let best = { cost: Number.POSITIVE_INFINITY, probability: 0, size: 0 };
  for (const a of options.probabilityWeight === undefined ? WEIGHTS : [options.probabilityWeight]) {
    for (const b of options.sizeWeight === undefined ? WEIGHTS : [options.sizeWeight]) {
      const run = runTsb(y, a, b);
      if (run.cost < best.cost) best = run;
    }
  }
  const sizes = y.filter((value) => value > 0).slice(-MOST_SIZES);
  return tsbOf({ model: 'tsb', probability: best.probability, size: best.size, sizes: [...sizes] });
}

/** The model as it was stored. */
export function tsbOf(state: TsbState): Fitted<TsbState> {
  const { probability, size, sizes } = state;
  const average = sizes.reduce((sum, value) => sum + value / sizes.length, 0);
  const scale = average > 0 ? size / average : 0;
  const paths = (horizon: number, count: number, seed: number): Float64Array[] => {
    assertAsked(horizon, [], count);
    const random = seededRandom(seed);
    return Array.from({ length: count }, () => {
      const path = new Float64Array(horizon);
      for (let h = 0; h < horizon; h++) {
        if (random.uniform() < probability) path[h] = sizes[random.integer(sizes.length)]! * scale;
      }
      return path;
    });
  };
  return {
    forecast(horizon, levels) {
      assertAsked(horizon, levels);
      const mean = new Array<number>(horizon).fill(probability * size);
      const quantiles = levels.length > 0 ? pathQuantiles(paths(horizon, QUANTILE_PATHS, 1), levels) : {};
      return { mean, quantiles };
    },
    paths,
    toState: () => state,
  };
}

function runTsb(y: Float64Array, a: number, b: number): { cost: number; probability: number; size: number } {
  let probability = y[0]! > 0 ? 1 : 0;
  let size = Number.NaN;
  let cost = 0;
  for (let t = 0; t < y.length; t++) {
    const value = y[t]!;
    if (t > 0) cost += (value - probability * (Number.isNaN(size) ? 0 : size)) ** 2;
    probability += a * ((value > 0 ? 1 : 0) - probability);
    if (value > 0) size = Number.isNaN(size) ? value : size + b * (value - size);
  }
  return { cost, probability, size: Number.isNaN(size) ? 0 : size };
}
