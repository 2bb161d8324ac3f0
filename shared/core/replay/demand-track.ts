import type { ForecasterInput } from './outlook.ts';

/** Smoothing weights for a season of a week, and for others. */
const DAILY_WEIGHTS = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32];
const LONG_WEIGHTS = [0.03, 0.06, 0.12, 0.24, 0.48];
/** Weight of the weekday profile's newest value, periods before it is used, and the most a day may be of the level. */
const PROFILE_WEIGHT = 0.04;
const PROFILE_FROM = 28;
const MOST_OF_LEVEL = 4;
/** Index of the weight that weekdays are compared with. */
const BASE = 1;

/** What is known of a history before each period: levels, weekdays and running sums. */
export interface DemandTrack {
  /** Length of a week in periods, or 1. */
  readonly week: number;
  /** Smoothed levels, one after the other for each period. */
  readonly levels: Float64Array;
  readonly kinds: number;
  /** Weekday factors before t, `week` of them for each period. */
  readonly factors: Float64Array;
  /** Demand, and periods known, before t. */
  readonly sums: Float64Array;
  readonly counts: Int32Array;
  /** First period with demand: before it nobody could buy. */
  readonly first: number;
}

/** One pass over what lies before the last time that is asked for. */
export function demandTrack({ known, times, terms }: ForecasterInput): DemandTrack {
  const n = (times.at(-1) ?? -1) + 1;
  const week = terms.season === 7 ? 7 : 1;
  const weights = week === 7 ? DAILY_WEIGHTS : LONG_WEIGHTS;
  const kinds = weights.length;
  const levels = new Float64Array(kinds * n);
  const sums = new Float64Array(n);
  const counts = new Int32Array(n);
  const factors = new Float64Array(week * n);
  const now = new Float64Array(kinds);
  const profile = new Float64Array(week).fill(1);
  const first = Math.max(
    0,
    known.findIndex((value) => value > 0),
  );
  for (let t = 0; t < n; t++) {
    if (t > 0) {
      const y = known[t - 1]!;
      const isKnown = !Number.isNaN(y);
      sums[t] = sums[t - 1]! + (isKnown ? y : 0);
      counts[t] = counts[t - 1]! + (isKnown ? 1 : 0);
      if (isKnown && t > first) learn(y, t - 1, counts[t]! - counts[first]!);
    }
    levels.set(now, kinds * t);
    factors.set(profile, week * t);
  }
  return { week, levels, kinds, factors, sums, counts, first };

  function learn(y: number, at: number, age: number): void {
    const weekday = at % week;
    const factor = profile[weekday]!;
    const plain = factor > 0.2 ? y / factor : y;
    for (let k = 0; k < kinds; k++) now[k]! += Math.max(weights[k]!, 1 / age) * (plain - now[k]!);
    const base = now[BASE]!;
    if (week === 1 || age < PROFILE_FROM || !(base > 0)) return;
    profile[weekday]! += PROFILE_WEIGHT * (Math.min(MOST_OF_LEVEL, y / base) - profile[weekday]!);
    let sum = 0;
    for (let d = 0; d < week; d++) sum += profile[d]!;
    for (let d = 0; d < week; d++) profile[d]! *= week / sum;
  }
}

/** Periods ahead of t, weekdays that sell more counted as more. */
export function weightedPeriods({ week, factors }: DemandTrack, t: number, length: number): number {
  const rest = length % week;
  let periods = length - rest;
  for (let h = 0; h < rest; h++) periods += factors[week * t + ((t + h) % week)]!;
  return periods;
}
