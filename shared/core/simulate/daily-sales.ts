import { seededRandom, seedOf } from '../math/random.ts';

/** A forecast per period as it is stored: the mean, and quantiles by level. */
export interface PeriodForecast {
  readonly mean: readonly number[];
  readonly quantiles: Readonly<Record<string, readonly number[]>>;
}

export interface DailySalesInput {
  readonly forecast: PeriodForecast;
  readonly periodDays: number;
  /** Days since the forecast's first day, 0 for the first; beyond the horizon its last period goes on. */
  readonly day: number;
  /** Names the stream of chance: the same seed and name give the same sales. */
  readonly seed: number;
  readonly name: string;
}

/**
 * Units sold on one day, drawn from the forecast's distribution: a total for the period, by its quantiles, whose units
 * fall on days at random. Days of one period share its total, so that their sum has the forecast's distribution.
 */
export function dailySales({ forecast, periodDays, day, seed, name }: DailySalesInput): number {
  if (!Number.isInteger(day) || day < 0) throw new RangeError(`day ${day}`);
  const horizon = forecast.mean.length;
  const period = Math.floor(day / periodDays);
  const total = periodTotal(forecast, Math.min(period, horizon - 1), seedOf(seed, `${name}/${period}`));
  const random = seededRandom(seedOf(seed, `${name}/${period}/days`));
  const dayOfPeriod = day % periodDays;
  if (total > MOST_DRAWN_UNITS) return Math.round(total / periodDays);
  let units = 0;
  for (let i = 0; i < total; i++) if (random.integer(periodDays) === dayOfPeriod) units++;
  return units;
}

/** Above this, units are spread evenly instead of one by one. */
const MOST_DRAWN_UNITS = 10_000;

function periodTotal(forecast: PeriodForecast, period: number, seed: number): number {
  const random = seededRandom(seed);
  const value = valueAt(forecast, period, random.uniform());
  // Rounding up with the probability of the fraction keeps the mean.
  return Math.max(0, Math.floor(value + random.uniform()));
}

/** Inverse of the distribution at p: linear between the levels, the outermost slope beyond them, never below 0. */
function valueAt(forecast: PeriodForecast, period: number, p: number): number {
  const points = Object.entries(forecast.quantiles)
    .map(([level, values]): readonly [number, number] => [Number(level), values[period]!])
    .sort(([a], [b]) => a - b);
  if (points.length < 2) return forecast.mean[period]!;
  const next = points.findIndex(([level]) => level >= p);
  const right = next === -1 ? points.length - 1 : Math.max(1, next);
  const [p0, v0] = points[right - 1]!;
  const [p1, v1] = points[right]!;
  return Math.max(0, v0 + ((p - p0) / (p1 - p0)) * (v1 - v0));
}
