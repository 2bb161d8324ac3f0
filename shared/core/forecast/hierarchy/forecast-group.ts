import { seededRandom, seedOf } from '../../math/random.ts';
import { sampleQuantile } from '../../math/sample-quantile.ts';
import { forecastSeries, type SeriesForecast, type SeriesInput } from '../auto.ts';
import { fromState } from '../from-state.ts';
import { assertAsked, type Quantiles } from '../model.ts';
import { pathQuantiles } from '../path-quantiles.ts';
import { dayShares, meanShares } from './day-shares.ts';
import { groupFutures } from './group-futures.ts';

export interface GroupInput {
  /** Units per week of all members together, oldest first. */
  readonly weeks: ArrayLike<number>;
  /** Units of the newest days, whole weeks that end with the last of `weeks`: how a week is spread over its days. */
  readonly days: ArrayLike<number>;
  /** The sums of the members' means, for the first weeks ahead. Beyond them the group's own model goes on. */
  readonly members: readonly number[];
  /** Weeks ahead. */
  readonly horizon: number;
  readonly levels: readonly number[];
  readonly seed: number;
}

/** What a group needs of a forecast of its own history. */
export type OwnForecast = Pick<SeriesForecast, 'model' | 'demandClass' | 'state' | 'mae' | 'rmse'>;

export interface GroupForecast extends OwnForecast {
  /** Of each week ahead: the members' sums, then the group's own. */
  readonly mean: readonly number[];
  readonly quantiles: Quantiles;
  /** Quantiles of the units from the first day ahead to the end of each week. */
  readonly sums: Quantiles;
  /** What each of the seven days has of a week's mean. */
  readonly shares: readonly number[];
  /** The 95 % interval of each day ahead. */
  readonly days: { readonly low95: readonly number[]; readonly high95: readonly number[] };
}

const PATHS = 300;
/** Weeks in a season, and those ahead that the group's own model is chosen for. */
const YEAR = 52;
const CHOSEN_FOR = 13;

/**
 * The forecast of a group of series that adds up with its members' forecasts: its means are their sums, its spread is that
 * of a model of the group's own history, scaled to those means, since the members' bounds know nothing of what moves them
 * together. Sums over weeks and the units of days come from the same simulated futures; a day's from a week's by the
 * shares of a past week drawn at random, so that the days of each future sum to its weeks.
 */
export function forecastGroup(
  input: GroupInput,
  forecaster: (history: SeriesInput) => OwnForecast = forecastSeries,
): GroupForecast {
  const { weeks, days, members, horizon, levels, seed } = input;
  assertAsked(horizon, levels);
  if (members.length > horizon) throw new RangeError(`${members.length} weeks of members in ${horizon}`);
  const own = forecaster({ quantities: weeks, period: YEAR, horizon: CHOSEN_FOR, levels: [], seed });
  const fitted = fromState(own.state);
  const ownMean = fitted.forecast(horizon, []).mean;
  const mean = ownMean.map((value, h) => members[h] ?? value);
  const futures = groupFutures(fitted, mean, PATHS, seed);
  const shares = dayShares(days);
  return {
    model: own.model,
    demandClass: own.demandClass,
    state: own.state,
    mae: own.mae,
    rmse: own.rmse,
    mean,
    quantiles: pathQuantiles(futures, levels),
    sums: pathQuantiles(futures.map(runningSums), levels),
    shares: meanShares(shares),
    days: daysOf(futures, shares, seed),
  };
}

function runningSums(path: Float64Array): Float64Array {
  let sum = 0;
  return path.map((value) => {
    sum += value;
    return sum;
  });
}

function daysOf(
  futures: readonly Float64Array[],
  shares: readonly Float64Array[],
  seed: number,
): GroupForecast['days'] {
  const random = seededRandom(seedOf(seed, 'days'));
  const low95: number[] = [];
  const high95: number[] = [];
  const drawn = new Int32Array(futures.length);
  const values = new Float64Array(futures.length);
  for (let h = 0; h < futures[0]!.length; h++) {
    for (let p = 0; p < drawn.length; p++) drawn[p] = random.integer(shares.length);
    for (let day = 0; day < 7; day++) {
      for (let p = 0; p < values.length; p++) values[p] = futures[p]![h]! * shares[drawn[p]!]![day]!;
      values.sort();
      low95.push(sampleQuantile(values, 0.025));
      high95.push(sampleQuantile(values, 0.975));
    }
  }
  return { low95, high95 };
}
