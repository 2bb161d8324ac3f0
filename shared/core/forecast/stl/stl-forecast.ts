import { fitEts } from '../ets/ets.ts';
import { assertAsked, type Fitted, type History, knownValues, type ModelState } from '../model.ts';
import { bridgeGaps } from '../smoothing/bridge-gaps.ts';
import { mstl } from './mstl.ts';
import { packSeason, type SeasonPattern, unpackSeason } from './season-pattern.ts';

export type StlState = ModelState & {
  readonly model: 'stl';
  /** The model of the series without its seasons. */
  readonly adjusted: ModelState;
  /** Offsets of the periods ahead, in turn; added up over the seasons. */
  readonly seasons: readonly SeasonPattern[];
};

export interface StlForecastOptions {
  /** Lengths of the seasons; those that the history does not hold twice are left out. */
  readonly periods: readonly number[];
  /** Fits a model to the seasonally adjusted series; exponential smoothing without a season by default. */
  readonly learn?: (adjusted: Float64Array) => Fitted;
  readonly robust?: boolean;
  /** Seasons that a season factor is smoothed over, for each season from the shortest on; 11, 15, ... by default. */
  readonly seasonalWindows?: readonly (number | 'periodic')[];
}

/** Most periods of all seasons together: what a state of 2 KB can hold beside a model. */
const MOST_OFFSETS = 480;
const WITHOUT_SEASON = ['ANN', 'AAN', 'AAdN', 'MNN', 'MAN', 'MAdN'];

/**
 * Takes the seasons out by STL, forecasts the rest with any model, and adds the last season of each back, as R's stlf
 * does. This is the way for seasons that are too long for a state each. Unknown values are bridged for the decomposition
 * and stay unknown to the model. The spread is that of the model: the seasons are taken as known. Needs what the model
 * needs.
 */
export function fitStl(history: History, options: StlForecastOptions): Fitted<StlState> {
  if (options.periods.reduce((sum, period) => sum + period, 0) > MOST_OFFSETS) {
    throw new RangeError(`more than ${MOST_OFFSETS} periods in all seasons`);
  }
  const known = knownValues(history, 1);
  const learn = options.learn ?? ((adjusted) => fitEts(adjusted, { forms: WITHOUT_SEASON }));
  const isConstant = known.every((value) => value === known[0]);
  const parts = isConstant ? null : mstl(bridgeGaps(history), options);
  const n = history.length;
  const adjusted = Float64Array.from(history);
  const seasons: SeasonPattern[] = [];
  for (const { period, seasonal } of parts?.seasons ?? []) {
    for (let t = 0; t < n; t++) adjusted[t]! -= seasonal[t]!;
    seasons.push(packSeason(seasonal.subarray(n - period)));
  }
  const fitted = learn(adjusted);
  return assembled({ model: 'stl', adjusted: fitted.toState(), seasons }, fitted);
}

/** The model as it was stored. */
export function stlOf(state: StlState, revive: (state: ModelState) => Fitted): Fitted<StlState> {
  return assembled(state, revive(state.adjusted));
}

function assembled(state: StlState, adjusted: Fitted): Fitted<StlState> {
  const seasons = state.seasons.map(unpackSeason);
  const offsetsOf = (horizon: number): Float64Array =>
    Float64Array.from({ length: horizon }, (_, h) =>
      seasons.reduce((sum, season) => sum + season[h % season.length]!, 0),
    );
  return {
    forecast(horizon, levels) {
      assertAsked(horizon, levels);
      const offsets = offsetsOf(horizon);
      const { mean, quantiles } = adjusted.forecast(horizon, levels);
      const shifted = (row: readonly number[]): number[] => row.map((value, h) => value + offsets[h]!);
      return {
        mean: shifted(mean),
        quantiles: Object.fromEntries(Object.entries(quantiles).map(([level, row]) => [level, shifted(row)])),
      };
    },
    paths(horizon, count, seed) {
      assertAsked(horizon, [], count);
      const offsets = offsetsOf(horizon);
      const paths = adjusted.paths(horizon, count, seed);
      for (const path of paths) for (let h = 0; h < horizon; h++) path[h]! += offsets[h]!;
      return paths;
    },
    toState: () => state,
  };
}
