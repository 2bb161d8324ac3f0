import { seededRandom } from '../../math/random.ts';
import { sampleQuantile } from '../../math/sample-quantile.ts';
import { assertAsked, type Fitted, type History, knownValues, type ModelState, rounded } from '../model.ts';

export type EmpiricalState = ModelState & {
  readonly model: 'empirical';
  readonly mean: number;
  /** Quantities seen, ascending; thinned to evenly spread quantiles when they are many. */
  readonly sample: readonly number[];
};

/** Values kept of a long history. */
const MOST_VALUES = 104;

/** Every period ahead is like a period of the past: mean and quantiles of the newest `window` known quantities. */
export function fitEmpirical(history: History, options: { readonly window: number }): Fitted<EmpiricalState> {
  const known = knownValues(history, 1).subarray(-options.window);
  const sorted = known.slice().sort();
  const count = Math.min(MOST_VALUES, sorted.length);
  const sample = Array.from({ length: count }, (_, i) =>
    rounded(count === sorted.length ? sorted[i]! : sampleQuantile(sorted, (i + 0.5) / count)),
  );
  const mean = known.reduce((sum, value) => sum + value, 0) / known.length;
  return empiricalOf({ model: 'empirical', mean: rounded(mean), sample });
}

/** The model as it was stored. */
export function empiricalOf(state: EmpiricalState): Fitted<EmpiricalState> {
  const { mean, sample } = state;
  return {
    forecast(horizon, levels) {
      assertAsked(horizon, levels);
      const repeated = (value: number): number[] => new Array<number>(horizon).fill(value);
      return {
        mean: repeated(mean),
        quantiles: Object.fromEntries(
          levels.map((level) => [String(level), repeated(sampleQuantile(sample, level))]),
        ),
      };
    },
    paths(horizon, count, seed) {
      assertAsked(horizon, [], count);
      const random = seededRandom(seed);
      return Array.from({ length: count }, () =>
        Float64Array.from({ length: horizon }, () => sample[random.integer(sample.length)]!),
      );
    },
    toState: () => state,
  };
}
