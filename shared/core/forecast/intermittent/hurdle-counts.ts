import { countLaw, drawCount } from '../../math/panjer-counts.ts';
import { type Random, seededRandom } from '../../math/random.ts';
import { assertAsked, type Fitted, type History, type ModelState } from '../model.ts';
import { type CountLevel, fitCountLevel } from './count-level.ts';
import { type DemandChance, fitDemandChance } from './demand-chance.ts';
import { hurdleQuantiles } from './hurdle-demand.ts';
import { countMoments, wholeCounts } from './negative-binomial.ts';

export type HurdleState = ModelState & {
  readonly model: 'hurdle';
  readonly chance: DemandChance;
  /** Of the sizes of demands less 1, one step a demand; `level` is that of the next demand. */
  readonly size: CountLevel & { readonly level: number };
};

const NO_CHANCE: DemandChance = { average: 0, persistence: 0, weight: 0, level: 0 };
/** Of sizes that were all 1. */
const NO_SIZE = { average: 0, persistence: 0, weight: 0, excess: 1, level: 0, logLikelihood: 0 };

/**
 * Slow movers by the hurdle-shifted form of Snyder, Ord & Beaumont (2012): whether there is demand is one process, its
 * size less 1 another (negative binomial), each with a damped level found by maximum likelihood.
 * Needs one known value, all of them whole; below 0 counts as 0.
 */
export function fitHurdleCounts(history: History): Fitted<HurdleState> {
  return hurdleCountsOf(hurdleOptimum(wholeCounts(history)).state);
}

/** The state of most likelihood of both processes together. */
export function hurdleOptimum(y: Float64Array): {
  readonly state: HurdleState;
  readonly logLikelihood: number;
} {
  const sizes = y.filter((value) => value > 0).map((value) => value - 1);
  if (sizes.length === 0) {
    return { state: { model: 'hurdle', chance: NO_CHANCE, size: sizeOf(NO_SIZE) }, logLikelihood: 0 };
  }
  const sized = sizes.some((value) => value > 0) ? fitCountLevel(sizes) : NO_SIZE;
  const { logLikelihood, ...chance } = fitDemandChance(y);
  return {
    state: { model: 'hurdle', chance, size: sizeOf(sized) },
    logLikelihood: logLikelihood + sized.logLikelihood,
  };
}

/** The model as it was stored. */
export function hurdleCountsOf(state: HurdleState): Fitted<HurdleState> {
  const { chance, size } = state;
  return {
    forecast(horizon, levels) {
      assertAsked(horizon, levels);
      const mean: number[] = [];
      const rows: number[][] = [];
      // The level of the sizes moves with each demand: of which the periods before h bring the sum of their chances.
      const sized = countMoments(size, size.level, horizon);
      let probability = chance.level;
      let demands = 0;
      for (let h = 0; h < horizon; h++) {
        const at = Math.min(horizon - 1, Math.round(demands));
        const demand = {
          probability,
          size: 1 + sized.mean[at]!,
          variance: sized.variance[at]!,
          isWhole: true,
        };
        mean.push(probability * demand.size);
        rows.push(hurdleQuantiles(demand, levels));
        demands += probability;
        probability = (1 - chance.persistence) * chance.average + chance.persistence * probability;
      }
      const quantiles = Object.fromEntries(
        levels.map((level, i) => [String(level), rows.map((row) => row[i]!)]),
      );
      return { mean, quantiles };
    },
    paths(horizon, count, seed) {
      assertAsked(horizon, [], count);
      const random = seededRandom(seed);
      return Array.from({ length: count }, () => hurdlePath(state, horizon, random));
    },
    toState: () => state,
  };
}

function hurdlePath({ chance, size }: HurdleState, horizon: number, random: Random): Float64Array {
  const path = new Float64Array(horizon);
  let probability = chance.level;
  let level = size.level;
  for (let h = 0; h < horizon; h++) {
    const hasDemand = random.uniform() < probability;
    if (hasDemand) {
      const above = drawCount(countLaw({ mean: level, variance: level * (1 + size.excess) }), random);
      path[h] = 1 + above;
      level = moved(size, level, above);
    }
    probability = moved(chance, probability, hasDemand ? 1 : 0);
  }
  return path;
}

/** A damped level after one more observation. */
function moved(
  { average, persistence, weight }: { average: number; persistence: number; weight: number },
  level: number,
  seen: number,
): number {
  return (1 - persistence) * average + (persistence - weight) * level + weight * seen;
}

function sizeOf({ average, persistence, weight, excess, level }: HurdleState['size']): HurdleState['size'] {
  return { average, persistence, weight, excess, level };
}
