import { normalQuantile } from '../math/normal.ts';
import { sampleQuantile } from '../math/sample-quantile.ts';
import {
  type Forecaster,
  type ForecasterInput,
  type Outlook,
  SAMPLE_SIZE,
  thirtyDays,
  UPPER_LEVEL,
} from './outlook.ts';

/** Smoothing weights for a season of a week, and for others. */
const DAILY_WEIGHTS = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32];
const LONG_WEIGHTS = [0.03, 0.06, 0.12, 0.24, 0.48];
/** A weight counts by this power of its squared error against the least one. */
const SHARPNESS = 4;
const PROFILE_WEIGHT = 0.04;
/** Errors behind a sample: two years of days. */
const MOST_ERRORS = 728;
/** Errors are sorted anew after so many outlooks. */
const REFRESH = 8;
/** Spread grows with the level to this power: between counts (1/2) and sizes (1). */
const SPREAD_POWER = 0.75;
/** No window is expected to bring more than this many times the largest one so far. */
const MOST_GROWTH = 1.5;
/** First periods, before the level means much. */
const BURN_IN = 14;
/** With fewer own errors than this, assumed ones fill up: normal with this deviation at a mean of 1. */
const ENOUGH_ERRORS = 40;
const ASSUMED_DEVIATION = 0.9;

/**
 * Demand over a window by the errors that the same forecast made over such windows before ("direct": Trapero, Cardos &
 * Kourentzes 2019): a smoothed level, several weights averaged by their record over the protection window, times a profile
 * of the week; and the empirical distribution of error / level^0.75 of whole windows. Nothing is assumed of the shape of
 * demand, nor that periods are independent. One pass over the history, O(1) a period.
 */
export const windowForecaster: Forecaster = (input) => {
  const { times, terms } = input;
  const track = trackOf(input);
  const windows = [1, terms.leadTime, terms.leadTime + 1, terms.leadTime + terms.review].map((length) =>
    windowOf(track, length, input),
  );
  const thirty = thirtyDays(terms);
  return Array.from(times, (t, i): Outlook => {
    const [one, lead, look, protection] = windows.map((window) => window.sample(t, i));
    const periods = terms.leadTime + terms.review;
    const mean = track.level[t]!;
    return {
      meanAPeriod: mean,
      lead: lead!,
      look: look!,
      protection: protection!,
      summedUpper: periods * one![Math.ceil(UPPER_LEVEL * one!.length) - 1]!,
      meanThirtyDays: mean * thirty,
    };
  });
};

interface Track {
  /** Forecast of a period without its weekday, as known before t. */
  readonly level: Float64Array;
  /** Weekday factors as known before t: 7 a period; empty without. */
  readonly factors: Float64Array;
  readonly known: Float64Array;
  /** Mean of what was known before t. */
  readonly mean: Float64Array;
  /** Demand, and periods known, before t. */
  readonly sums: Float64Array;
  readonly counts: Int32Array;
}

function trackOf({ known, times, terms }: ForecasterInput): Track {
  const n = (times.at(-1) ?? -1) + 1;
  const isWeekly = terms.season === 7;
  const weights = isWeekly ? DAILY_WEIGHTS : LONG_WEIGHTS;
  const m = weights.length;
  const horizon = terms.leadTime + terms.review;
  const levels = new Float64Array(m * n);
  const level = new Float64Array(n);
  const mean = new Float64Array(n);
  const sums = new Float64Array(n);
  const counts = new Int32Array(n);
  const factors = new Float64Array(isWeekly ? 7 * n : 0);
  const now = new Float64Array(m);
  const squares = new Float64Array(m);
  const profile = new Float64Array(7).fill(1);
  for (let t = 0; t < n; t++) {
    if (t > 0) {
      const y = known[t - 1]!;
      const isKnown = !Number.isNaN(y);
      sums[t] = sums[t - 1]! + (isKnown ? y : 0);
      counts[t] = counts[t - 1]! + (isKnown ? 1 : 0);
      if (isKnown) learn(y, t - 1);
    }
    mean[t] = counts[t]! > 0 ? sums[t]! / counts[t]! : 0;
    if (t > horizon && counts[t]! - counts[t - horizon]! === horizon) {
      const demand = sums[t]! - sums[t - horizon]!;
      for (let k = 0; k < m; k++) squares[k]! += (demand - horizon * levels[(t - horizon) * m + k]!) ** 2;
    }
    let least = Number.POSITIVE_INFINITY;
    for (let k = 0; k < m; k++) {
      levels[t * m + k] = now[k]!;
      if (squares[k]! < least) least = squares[k]!;
    }
    let weighted = 0;
    let all = 0;
    for (let k = 0; k < m; k++) {
      const weight = squares[k]! > 0 ? (least / squares[k]!) ** SHARPNESS : 1;
      weighted += weight * now[k]!;
      all += weight;
    }
    level[t] = weighted / all;
    if (isWeekly) factors.set(profile, 7 * t);
  }
  return { level, factors, known, mean, sums, counts };

  function learn(y: number, at: number): void {
    const age = counts[at]! + 1;
    const weekday = at % 7;
    const factor = isWeekly ? profile[weekday]! : 1;
    const plain = factor > 0.2 ? y / factor : y;
    for (let k = 0; k < m; k++) now[k]! += Math.max(weights[k]!, 1 / age) * (plain - now[k]!);
    if (!isWeekly || age < 28) return;
    const base = now[1]!;
    if (!(base > 0)) return;
    profile[weekday]! += PROFILE_WEIGHT * (Math.min(4, y / base) - profile[weekday]!);
    let sum = 0;
    for (let d = 0; d < 7; d++) sum += profile[d]!;
    for (let d = 0; d < 7; d++) profile[d]! *= 7 / sum;
  }
}

interface Window {
  /** Ascending; the times come in ascending order, `i` counts them. */
  sample(t: number, i: number): Float64Array;
}

function windowOf(track: Track, length: number, { known }: ForecasterInput): Window {
  const n = track.level.length;
  if (length === 0) return { sample: () => new Float64Array(SAMPLE_SIZE) };
  const errors = new Float64Array(n);
  for (let t = 0; t + length < n; t++) {
    errors[t] =
      track.counts[t + length]! - track.counts[t]! < length
        ? Number.NaN
        : (track.sums[t + length]! - track.sums[t]! - centre(t)) / spread(t);
  }
  // Before it nobody could buy.
  const first = Math.max(
    0,
    known.findIndex((value) => value > 0),
  );
  let own: Float64Array = new Float64Array(0);
  let sortedFor = -1;
  let seen = 0;
  let most = 0;
  return {
    sample(t, i) {
      if (sortedFor < 0 || i - sortedFor >= REFRESH) {
        own = sortedErrors(t - length);
        sortedFor = i;
      }
      const middle = centre(t);
      const width = spread(t);
      const limit = Math.max(MOST_GROWTH * largest(t), middle);
      return own.map((error) => Math.min(limit, Math.max(0, middle + width * error)));
    },
  };

  function centre(t: number): number {
    const rest = track.factors.length === 0 ? 0 : length % 7;
    let periods = length - rest;
    for (let h = 0; h < rest; h++) periods += track.factors[7 * t + ((t + h) % 7)]!;
    return track.level[t]! * periods;
  }

  /** Largest demand of such a window that is over at t. */
  function largest(t: number): number {
    for (; seen <= t; seen++) {
      if (seen >= length) most = Math.max(most, track.sums[seen]! - track.sums[seen - length]!);
    }
    return most;
  }

  function spread(t: number): number {
    return Math.max(centre(t), 0.1 * track.mean[t]! * length, 1e-9) ** SPREAD_POWER;
  }

  /** Errors of windows that began up to `last`. */
  function sortedErrors(last: number): Float64Array {
    const from = Math.max(first + Math.min(BURN_IN, (last - first) >> 1), last - MOST_ERRORS);
    const found: number[] = [];
    for (let s = from; s <= last; s++) if (!Number.isNaN(errors[s])) found.push(errors[s]!);
    const missing = ENOUGH_ERRORS - found.length;
    for (let j = 0; j < missing; j++) found.push(ASSUMED_DEVIATION * normalQuantile((j + 0.5) / missing));
    const sorted = Float64Array.from(found).sort();
    return Float64Array.from({ length: SAMPLE_SIZE }, (_, j) =>
      sampleQuantile(sorted, j / (SAMPLE_SIZE - 1)),
    );
  }
}
