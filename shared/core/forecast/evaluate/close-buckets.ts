import { dayNumber, dayText, type Frequency, firstDayOf, periodOf } from '../../calendar/period-grid.ts';
import type { Quantiles } from '../model.ts';
import { quantileLoss } from './score-bucket.ts';

/** One forecast of one series, as it was made. */
export interface MadeForecast {
  readonly seriesId: string;
  readonly frequency: Frequency;
  /** First day of the first bucket ahead, `YYYY-MM-DD`: that bucket has lag 1. */
  readonly start: string;
  readonly mean: readonly number[];
  readonly quantiles: Quantiles;
  /** Whatever tells forecasts of one series apart, such as the run. */
  readonly version: string;
}

/** What was sold in a bucket; a bucket without one had no demand. */
export interface Actual {
  readonly seriesId: string;
  /** Any day of the bucket; several of one bucket add up. NaN: unknown (out of stock, say), and so is the bucket. */
  readonly date: string;
  readonly quantity: number;
}

/** A bucket whose last day is over: the forecast of it, from how far before, and what came. */
export interface ClosedBucket {
  readonly seriesId: string;
  readonly version: string;
  /** First day of the bucket. */
  readonly date: string;
  /** Buckets between the forecast and this one: 1 is the next one. */
  readonly lag: number;
  readonly forecast: number;
  readonly actual: number;
  /** Forecast less actual: positive is too high. */
  readonly error: number;
  /** Inside the outermost two quantiles; null without quantiles. */
  readonly isInside: boolean | null;
  /** Mean over the quantiles of twice the pinball loss; null without quantiles. */
  readonly quantileLoss: number | null;
}

/** Most buckets that one call closes. */
const MOST_CLOSED = 5_000_000;

/**
 * Closes every bucket that is over by `lastDay` (its last day included): the same for the same input, so that closing
 * again changes nothing, and a bucket that is still running is never judged. Series without a forecast are passed by.
 * Unknown actuals leave their bucket open.
 */
export function closeBuckets(
  forecasts: readonly MadeForecast[],
  actuals: readonly Actual[],
  lastDay: string,
): ClosedBucket[] {
  const last = dayOf(lastDay);
  const sold = Map.groupBy(actuals, ({ seriesId }) => seriesId);
  const closed: ClosedBucket[] = [];
  for (const made of forecasts) {
    const { seriesId, version, frequency, mean, quantiles } = made;
    const anchor = dayOf(made.start);
    const quantities = new Float64Array(mean.length);
    for (const { date, quantity } of sold.get(seriesId) ?? []) {
      const day = dayOf(date);
      const bucket = periodOf(frequency, anchor, day);
      if (day <= last && bucket >= 0 && bucket < mean.length) quantities[bucket]! += quantity;
    }
    for (let bucket = 0; bucket < mean.length; bucket++) {
      if (firstDayOf(frequency, anchor, bucket + 1) - 1 > last) break;
      const actual = quantities[bucket]!;
      if (Number.isNaN(actual)) continue;
      if (closed.length >= MOST_CLOSED) throw new RangeError(`more than ${MOST_CLOSED} buckets to close`);
      closed.push({
        seriesId,
        version,
        date: dayText(firstDayOf(frequency, anchor, bucket)),
        lag: bucket + 1,
        forecast: mean[bucket]!,
        actual,
        error: mean[bucket]! - actual,
        ...judged(quantiles, bucket, actual),
      });
    }
  }
  return closed;
}

/** How forecasts did that were made so many buckets before. */
export interface LagAccuracy {
  readonly lag: number;
  readonly buckets: number;
  readonly mae: number;
  readonly rmse: number;
  /** Sum of absolute errors, and of errors, over the sum of actuals; null when nothing was sold. */
  readonly wape: number | null;
  readonly bias: number | null;
  readonly wql: number | null;
  /** Share inside the outermost quantiles; null without any. */
  readonly coverage: number | null;
}

/** Accuracy by lag over closed buckets, of whatever series and time they are, lag by lag. */
export function accuracyByLag(closed: readonly ClosedBucket[]): LagAccuracy[] {
  const byLag = Map.groupBy(closed, ({ lag }) => lag);
  return [...byLag.entries()]
    .sort(([a], [b]) => a - b)
    .map(([lag, buckets]) => {
      const sum = (of: (bucket: ClosedBucket) => number): number =>
        buckets.reduce((total, bucket) => total + of(bucket), 0);
      const n = buckets.length;
      const sold = sum(({ actual }) => Math.abs(actual));
      const absolute = sum(({ error }) => Math.abs(error));
      const judged = buckets.filter(({ isInside }) => isInside !== null);
      const judgedSold = judged.reduce((total, { actual }) => total + Math.abs(actual), 0);
      const loss = judged.reduce((total, { quantileLoss }) => total + quantileLoss!, 0);
      return {
        lag,
        buckets: n,
        mae: absolute / n,
        rmse: Math.sqrt(sum(({ error }) => error ** 2) / n),
        wape: sold > 0 ? absolute / sold : null,
        bias: sold > 0 ? sum(({ error }) => error) / sold : null,
        wql: judgedSold > 0 ? loss / judgedSold : null,
        coverage: judged.length > 0 ? judged.filter(({ isInside }) => isInside).length / judged.length : null,
      };
    });
}

function judged(
  quantiles: Quantiles,
  bucket: number,
  actual: number,
): Pick<ClosedBucket, 'isInside' | 'quantileLoss'> {
  const levels = Object.keys(quantiles).sort((a, b) => Number(a) - Number(b));
  if (levels.length === 0) return { isInside: null, quantileLoss: null };
  const loss = quantileLoss(
    Object.fromEntries(levels.map((level) => [level, quantiles[level]![bucket]!])),
    actual,
  );
  const low = quantiles[levels[0]!]![bucket]!;
  const high = quantiles[levels.at(-1)!]![bucket]!;
  return { isInside: actual >= low && actual <= high, quantileLoss: loss };
}

function dayOf(text: string): number {
  const day = dayNumber(text);
  if (Number.isNaN(day)) throw new RangeError(`no day of the calendar: ${text}`);
  return day;
}
