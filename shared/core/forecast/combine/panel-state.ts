import { seededRandom } from '../../math/random.ts';
import { type Futures, pathsOf } from '../futures.ts';
import { assertAsked, type Fitted, HistoryError, type ModelState } from '../model.ts';
import { placesOf } from './common-level.ts';
import { between, type GridForecast, quantilesAt } from './level-grid.ts';

export type PanelState = ModelState & {
  readonly model: 'panel';
  /** The numbers below are thousandths, hundreds ...: a number n stands for n * 10^exponent. */
  readonly exponent: number;
  readonly mean: readonly number[];
  /** One list of periods for each level of LEVEL_GRID. */
  readonly quantiles: readonly (readonly number[])[];
  /** Periods at the end that repeat themselves after the last one that is stored. */
  readonly season: number;
  readonly isWhole: boolean;
  readonly isSigned: boolean;
};

export interface PanelKind {
  /** Periods in a season. */
  readonly period: number;
  /** Quantities are whole numbers, and so are futures. */
  readonly isWhole: boolean;
  /** Quantities may be negative: nothing is cut at zero. */
  readonly isSigned: boolean;
}

/** Most periods that are stored: 270 numbers of up to seven letters stay below the 2 KB of a state. */
const MOST_PERIODS = 27;
/** Digits of the largest number. */
const DIGITS = 5;

/** The state of a combined forecast: five digits of its mean and its quantiles at LEVEL_GRID. */
export function panelState(forecast: GridForecast, { period, isWhole, isSigned }: PanelKind): PanelState {
  const mean = forecast.mean.subarray(0, MOST_PERIODS);
  const quantiles = forecast.quantiles.map((values) => values.subarray(0, MOST_PERIODS));
  const largest = [mean, ...quantiles].reduce(
    (most, values) => values.reduce((max, value) => Math.max(max, Math.abs(value)), most),
    0,
  );
  if (!Number.isFinite(largest)) throw new HistoryError('a forecast is not finite');
  const exponent = largest > 0 ? Math.max(-300, Math.floor(Math.log10(largest)) + 1 - DIGITS) : 0;
  // Adding 0 turns -0, which JSON does not keep, into 0.
  const short = (values: Float64Array): number[] =>
    Array.from(values, (value) => Math.round(scaled(value, -exponent)) + 0);
  return {
    model: 'panel',
    exponent,
    mean: short(mean),
    quantiles: quantiles.map(short),
    season: period <= mean.length ? period : 1,
    isWhole,
    isSigned,
  };
}

/**
 * A forecast that many models made together, from its stored quantiles. A future draws one level for all of its periods
 * and a rank for each (`placesOf`), and reads the quantities off the quantiles (`between`). Each period of the futures has
 * exactly the stored quantiles; sums over a lead time are as wide as periods that share their level. After the last stored
 * period the last stored season goes on; where no whole season is stored, the last period does.
 */
export function panelStateOf(state: PanelState): Fitted<PanelState> {
  const { exponent, isWhole, isSigned } = state;
  const floor = isSigned ? Number.NEGATIVE_INFINITY : 0;
  const at = (values: readonly number[], h: number): number =>
    scaled(values[storedPeriod(h, values.length, state.season)]!, exponent);
  const upTo = (values: readonly number[], horizon: number): Float64Array =>
    Float64Array.from({ length: horizon }, (_, h) => at(values, h));
  const futures = (horizon: number, count: number, seed: number): Futures => {
    assertAsked(horizon, [], count);
    const places = placesOf(count, horizon);
    const size = places[0]!.upper.length;
    const first = seededRandom(seed).integer(size);
    const values = new Float64Array(count * horizon);
    const grid = new Float64Array(state.quantiles.length);
    for (let h = 0; h < horizon; h++) {
      const { upper, share } = places[h]!;
      for (let level = 0; level < grid.length; level++) grid[level] = at(state.quantiles[level]!, h);
      const end = (h + 1) * count;
      for (let i = h * count, score = first; i < end; i++, score = score + 1 === size ? 0 : score + 1) {
        const level = upper[score]!;
        const value = Math.max(floor, between(grid[level - 1]!, grid[level]!, share[score]!));
        values[i] = isWhole ? Math.round(value) : value;
      }
    }
    return { count, periods: horizon, values };
  };
  return {
    forecast(horizon, levels) {
      assertAsked(horizon, levels);
      const grid = state.quantiles.map((values) => upTo(values, horizon));
      const quantiles = quantilesAt(grid, levels, floor);
      return {
        mean: Array.from(upTo(state.mean, horizon)),
        quantiles: isWhole ? rounded(quantiles) : quantiles,
      };
    },
    paths: (horizon, count, seed) => pathsOf(futures(horizon, count, seed)),
    futures,
    toState: () => state,
  };
}

/** Powers of ten below 1 are no doubles, their inverses are. */
function scaled(value: number, exponent: number): number {
  return exponent < 0 ? value / 10 ** -exponent : value * 10 ** exponent;
}

function storedPeriod(period: number, length: number, season: number): number {
  return period < length ? period : length - season + ((period - length) % season);
}

function rounded(quantiles: Readonly<Record<string, readonly number[]>>): Record<string, number[]> {
  return Object.fromEntries(
    Object.entries(quantiles).map(([level, values]) => [level, values.map(Math.round)]),
  );
}
