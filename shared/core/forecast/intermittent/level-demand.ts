import { seededRandom } from '../../math/random.ts';
import { assertAsked, type Fitted, type ModelState } from '../model.ts';
import { drawHurdle, hurdleQuantiles } from './hurdle-demand.ts';

/** What the methods that only know a level keep: demand is equally likely, and of the same law, in all periods. */
export type LevelDemandState = ModelState & {
  readonly model: 'level-demand';
  /** Such as `sba`: where the level came from. */
  readonly method: string;
  readonly probability: number;
  readonly size: number;
  readonly variance: number;
  readonly isWhole: boolean;
};

/** Weight of the newest demand on the size that the level is split by. */
const SIZE_WEIGHT = 0.1;

/**
 * A mean a period as a law of demand: the sizes that were seen say how large a demand is and how much it varies, the
 * mean then says how likely one is. A mean above the usual size makes demand certain and larger.
 */
export function levelDemand(method: string, mean: number, y: Float64Array): Fitted<LevelDemandState> {
  const sizes = y.filter((value) => value > 0);
  if (sizes.length === 0 || !(mean > 0)) {
    return levelDemandOf({
      model: 'level-demand',
      method,
      probability: 0,
      size: 0,
      variance: 0,
      isWhole: true,
    });
  }
  let usual = sizes[0]!;
  for (const size of sizes) usual += SIZE_WEIGHT * (size - usual);
  const average = sizes.reduce((sum, size) => sum + size / sizes.length, 0);
  const spread = sizes.reduce((sum, size) => sum + ((size - average) / average) ** 2, 0);
  // A few sizes that happen to be equal do not make the next one certain: n, not n - 1, only from many on.
  const variation = sizes.length > 1 ? spread / (sizes.length - 1) : 0;
  const probability = Math.min(1, mean / usual);
  const size = mean / probability;
  return levelDemandOf({
    model: 'level-demand',
    method,
    probability,
    size,
    variance: variation * size * size,
    isWhole: y.every(Number.isInteger),
  });
}

/** The model as it was stored. */
export function levelDemandOf(state: LevelDemandState): Fitted<LevelDemandState> {
  return {
    forecast(horizon, levels) {
      assertAsked(horizon, levels);
      const mean = new Array<number>(horizon).fill(state.probability * state.size);
      const found = state.probability > 0 ? hurdleQuantiles(state, levels) : levels.map(() => 0);
      const quantiles = Object.fromEntries(
        levels.map((level, i) => [String(level), new Array<number>(horizon).fill(found[i]!)]),
      );
      return { mean, quantiles };
    },
    paths(horizon, count, seed) {
      assertAsked(horizon, [], count);
      const random = seededRandom(seed);
      return Array.from({ length: count }, () => {
        const path = new Float64Array(horizon);
        for (let h = 0; h < horizon; h++) path[h] = drawHurdle(state, random);
        return path;
      });
    },
    toState: () => state,
  };
}
