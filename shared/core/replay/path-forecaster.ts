import { forecastSeries } from '../forecast/auto.ts';
import { inputColumns } from '../forecast/inputs/input-columns.ts';
import { HistoryError } from '../forecast/model.ts';
import { NAMED_MODELS } from '../forecast/named-models.ts';
import { seedOf } from '../math/random.ts';
import {
  type Forecaster,
  type ForecasterInput,
  type Outlook,
  SAMPLE_SIZE,
  thirtyDays,
  UPPER_LEVEL,
} from './outlook.ts';
import type { ReplayTerms } from './replay-terms.ts';

/** Fits of a series and span; between two, the futures of the last fit are read from where they have got to. */
const FITS: Readonly<Record<string, number>> = {
  naive: 64,
  average: 64,
  empirical: 64,
  theta: 16,
  smoothing: 8,
  tsb: 8,
  counts: 8,
};
const FEW_FITS = 4;
/** Weight of the level that futures are moved by between two fits, and how far at most. */
const LEVEL_WEIGHT = 0.1;
const MOST_MOVE = 2;

/** A model of the forecasting library (`blend` or a name of NAMED_MODELS) by its simulated futures. */
export function pathForecaster(model: string): Forecaster {
  return (input) => {
    const { times, terms } = input;
    const every = Math.ceil(times.length / (FITS[model] ?? FEW_FITS));
    const level = movingLevel(input);
    const found: Outlook[] = [];
    for (let first = 0; first < times.length; first += every) {
      const last = Math.min(first + every, times.length) - 1;
      const gap = times[last]! - times[first]!;
      const futures = futuresOf(model, input, times[first]!, gap);
      const base = level(times[first]!);
      for (let i = first; i <= last; i++) {
        const now = level(times[i]!);
        const move = base > 0 ? Math.min(MOST_MOVE, Math.max(1 / MOST_MOVE, now / base)) : 1;
        found.push(outlookOf(futures, times[i]! - times[first]!, move, terms));
      }
    }
    return found;
  };
}

interface Futures {
  readonly mean: readonly number[];
  readonly upper: readonly number[];
  /** Running sums of each future from 0 on. */
  readonly sums: readonly Float64Array[];
}

function futuresOf(
  model: string,
  { id, known, terms, seed, regressors = {} }: ForecasterInput,
  t: number,
  gap: number,
): Futures {
  const reach = gap + terms.leadTime + terms.review + 1;
  const horizon = Math.max(reach, gap + Math.ceil(thirtyDays(terms)));
  const history = known.subarray(0, t);
  const chance = seedOf(seed, `${id} ${t}`);
  const asked = { period: terms.season, horizon, reach, chance };
  const { mean, upper, paths } = fitted(model, { id, history, regressors }, asked);
  return {
    mean: mean.map((value) => Math.max(0, value)),
    upper: upper.map((value) => Math.max(0, value)),
    sums: paths.map((path) => {
      const sums = new Float64Array(reach + 1);
      for (let h = 0; h < reach; h++) sums[h + 1] = sums[h]! + Math.max(0, path[h]!);
      return sums;
    }),
  };
}

interface Asked {
  readonly period: number;
  readonly horizon: number;
  readonly reach: number;
  readonly chance: number;
}

interface Past extends Required<Pick<ForecasterInput, 'id' | 'regressors'>> {
  readonly history: Float64Array;
}

function fitted(
  model: string,
  { id, history, regressors }: Past,
  { period, horizon, reach, chance }: Asked,
): { mean: readonly number[]; upper: readonly number[]; paths: readonly Float64Array[] } {
  const levels = [UPPER_LEVEL];
  if (model !== 'blend') {
    try {
      const named = NAMED_MODELS[model]!;
      const most = named.mostInputs?.(period) ?? 0;
      const series = { id, start: '', quantities: history, regressors };
      const known = Object.keys(regressors);
      const inputs = most > 0 ? inputColumns(series, { known, horizon, most }).columns : [];
      const found = named.fit(history, { period, horizon, inputs });
      const { mean, quantiles } = found.forecast(horizon, levels);
      return { mean, upper: quantiles[UPPER_LEVEL]!, paths: found.paths(reach, SAMPLE_SIZE, chance) };
    } catch (error) {
      if (!(error instanceof HistoryError)) throw error;
    }
  }
  const found = forecastSeries({ quantities: history, period, horizon, levels, seed: chance });
  return {
    mean: found.mean,
    upper: found.quantiles[UPPER_LEVEL]!,
    paths: found.paths(reach, SAMPLE_SIZE, chance),
  };
}

function outlookOf({ mean, upper, sums }: Futures, from: number, move: number, terms: ReplayTerms): Outlook {
  const { leadTime, review } = terms;
  const periods = leadTime + review;
  const over = (length: number, after = 0): Float64Array => {
    const first = from + after;
    const found = new Float64Array(sums.length);
    for (let i = 0; i < found.length; i++) found[i] = move * (sums[i]![first + length]! - sums[i]![first]!);
    return found.sort();
  };
  const look = over(leadTime + 1);
  const betweenLooks = over(1, leadTime);
  const total = (values: readonly number[], length: number): number => {
    let sum = 0;
    for (let h = 0; h < Math.floor(length); h++) sum += values[from + h]!;
    const part = length - Math.floor(length);
    return move * (sum + (part > 0 ? part * values[from + Math.floor(length)]! : 0));
  };
  return {
    meanAPeriod: total(mean, periods) / periods,
    lead: over(leadTime),
    look,
    protection: review === 1 ? look : over(periods),
    betweenLooks,
    betweenReviews: review === 1 ? betweenLooks : over(review, leadTime),
    summedUpper: total(upper, periods),
    meanThirtyDays: total(mean, thirtyDays(terms)),
  };
}

/** Smoothed demand as known before t; asked for in ascending order. */
function movingLevel({ known }: ForecasterInput): (t: number) => number {
  let level = 0;
  let seen = 0;
  let next = 0;
  return (t) => {
    for (; next < t; next++) {
      const y = known[next]!;
      if (Number.isNaN(y)) continue;
      seen++;
      level += Math.max(LEVEL_WEIGHT, 1 / seen) * (y - level);
    }
    return level;
  };
}
