import { dayNumber, type Frequency, firstDayOf } from '../../calendar/period-grid.ts';
import type { PanelSeries } from '../panel.ts';
import { FRAME_SHAPE, type FrameShape } from './frame-shape.ts';
import { featuresOf, KnownInput, type KnownKind } from './known-input.ts';
import { RunningSums } from './running-sums.ts';

/** Which features a panel is long enough for. */
export interface FeaturePlan {
  readonly frequency: Frequency;
  /** Last year's quantities: the longest history holds more than a year. */
  readonly hasYear: boolean;
  /** The day of the year: with fewer than two years and a half it would name single weeks, not seasons. */
  readonly hasCalendar: boolean;
  readonly known: readonly KnownKind[];
}

/** Names of the features, in their order. */
export function featureNames({ frequency, hasYear, hasCalendar, known }: FeaturePlan): readonly string[] {
  const shape = FRAME_SHAPE[frequency];
  return [
    ...shape.means.map((w) => `mean ${w}`),
    ...shape.weights.map((w) => `smoothed ${w}`),
    ...shape.zeros.map((w) => `demand share ${w}`),
    ...['deviation', 'largest', 'since demand', 'age', 'log scale', 'step'],
    ...(frequency === 'daily' ? ['weekday', 'day of month'] : []),
    ...shape.weekdays.map((w) => `weekday mean ${w}`),
    ...(hasCalendar ? ['day of year'] : []),
    ...(hasYear ? ['year ago', 'around year ago', 'season of year ago', 'around two years ago'] : []),
    ...known.flatMap(featuresOf),
  ];
}

/** Periods of age that are told apart: beyond a year it would be a clock. */
const DAYS_OF_YEAR = 366;
/** Share of the overall mean in the scale of a series. */
const OVERALL = 0.2;

/**
 * What the global model sees of a series: levels, spread and season before an origin, divided by the series' own scale,
 * and what is known of the target period. Nothing of a period after the origin is looked at but the known regressors.
 */
export class SeriesFeatures {
  readonly length: number;
  private readonly y: Float64Array;
  private readonly plan: FeaturePlan;
  private readonly shape: FrameShape;
  private readonly sums: RunningSums;
  private readonly sizes: RunningSums;
  private readonly smoothed: readonly Float64Array[];
  private readonly lastDemand: Int32Array;
  private readonly known: readonly KnownInput[];
  private readonly anchor: number;
  private readonly first: number;

  constructor(series: PanelSeries, plan: FeaturePlan) {
    const y = series.quantities;
    this.y = y;
    this.length = y.length;
    this.plan = plan;
    this.shape = FRAME_SHAPE[plan.frequency];
    this.sums = new RunningSums(y);
    this.sizes = y.some((value) => value < 0) ? new RunningSums(y.map(Math.abs)) : this.sums;
    this.smoothed = this.shape.weights.map((weight) => smooth(y, weight));
    this.lastDemand = lastDemandOf(y);
    this.first = y.findIndex((value) => value !== 0 && !Number.isNaN(value));
    this.known = plan.known.map((kind) => new KnownInput(kind, series.regressors[kind.name]));
    this.anchor = dayNumber(series.start);
  }

  /** Whether there is enough before an origin to forecast from. */
  isUsable(origin: number): boolean {
    return this.first >= 0 && origin - this.first + 1 >= this.shape.least;
  }

  /** What quantities at an origin are divided by. Above 0 for a usable origin. */
  scale(origin: number): number {
    const overall = this.sizes.mean(0, origin + 1);
    const recent = this.sizes.mean(origin + 1 - this.shape.base, origin + 1);
    const scale = (1 - OVERALL) * (!Number.isNaN(recent) ? recent : overall) + OVERALL * overall;
    return scale > 0 ? scale : 1;
  }

  /** Writes the features of every step of `steps` as rows, calling `take` after each. */
  write(origin: number, steps: readonly number[], row: Float64Array, take: (step: number) => void): void {
    const at = this.writeOrigin(origin, row);
    for (const step of steps) {
      this.writeTarget(origin, step, row, at);
      take(step);
    }
  }

  private writeOrigin(origin: number, row: Float64Array): number {
    const { shape, sums } = this;
    const scale = this.scale(origin);
    const end = origin + 1;
    let at = 0;
    for (const window of shape.means) row[at++] = sums.mean(end - window, end) / scale;
    for (const smoothed of this.smoothed) row[at++] = smoothed[origin]! / scale;
    for (const window of shape.zeros) row[at++] = sums.shareOfDemand(end - window, end);
    row[at++] = sums.deviation(end - shape.base, end) / scale;
    row[at++] = largest(this.y, end - shape.base, end) / scale;
    row[at++] = Math.min(shape.year, origin - this.lastDemand[origin]!);
    row[at++] = Math.min(shape.year, origin - this.first);
    row[at++] = Math.log(scale);
    return at;
  }

  private writeTarget(origin: number, step: number, row: Float64Array, from: number): void {
    const { shape, sums, plan } = this;
    const scale = this.scale(origin);
    const target = origin + step;
    let at = from;
    row[at++] = step;
    const day = firstDayOf(plan.frequency, this.anchor, target);
    if (plan.frequency === 'daily') {
      row[at++] = (day + 3) % 7;
      row[at++] = new Date(day * 86_400_000).getUTCDate();
    }
    if (shape.weekdays.length > 0) {
      const nearest = target - 7 * Math.ceil(step / 7);
      for (const weeks of shape.weekdays) row[at++] = everySeventh(this.y, nearest, weeks) / scale;
    }
    if (plan.hasCalendar) row[at++] = dayOfYear(day);
    if (plan.hasYear) {
      const lag = target - shape.year;
      row[at++] = lag >= 0 && lag <= origin ? this.y[lag]! / scale : Number.NaN;
      const around =
        lag + shape.half <= origin ? sums.mean(lag - shape.half, lag + shape.half + 1) : Number.NaN;
      row[at++] = lag < 0 ? Number.NaN : around / scale;
      const before = sums.mean(origin + 1 - shape.year - shape.recent, origin + 1 - shape.year);
      row[at++] = lag < 0 ? Number.NaN : around / Math.max(before, 0.05 * scale);
      const older = lag - shape.year;
      row[at++] = older < 0 ? Number.NaN : sums.mean(older - shape.half, older + shape.half + 1) / scale;
    }
    for (const input of this.known) at = input.write(row, at, origin, target, shape.year, shape.recent);
  }
}

function smooth(y: Float64Array, weight: number): Float64Array {
  const out = new Float64Array(y.length);
  let level = Number.NaN;
  // The weight starts at 1 and falls to its own, so that the first values do not linger.
  let share = 1;
  for (let t = 0; t < y.length; t++) {
    const value = y[t]!;
    if (!Number.isNaN(value)) {
      level = !Number.isNaN(level) ? level + share * (value - level) : value;
      share = Math.max(weight, share / (share + 1 - weight));
    }
    out[t] = level;
  }
  return out;
}

function lastDemandOf(y: Float64Array): Int32Array {
  let last = -1;
  return Int32Array.from(y, (value, t) => {
    if (value !== 0 && !Number.isNaN(value)) last = t;
    return last;
  });
}

function largest(y: Float64Array, from: number, to: number): number {
  let most = Number.NEGATIVE_INFINITY;
  for (let t = Math.max(0, from); t < to; t++) if (y[t]! > most) most = y[t]!;
  return most === Number.NEGATIVE_INFINITY ? Number.NaN : most;
}

function everySeventh(y: Float64Array, newest: number, count: number): number {
  let sum = 0;
  let known = 0;
  for (let i = 0, t = newest; i < count && t >= 0; i++, t -= 7) {
    const value = y[t]!;
    if (!Number.isNaN(value)) {
      sum += value;
      known++;
    }
  }
  return known > 0 ? sum / known : Number.NaN;
}

function dayOfYear(day: number): number {
  const year = new Date(day * 86_400_000).getUTCFullYear();
  return Math.min(DAYS_OF_YEAR, day - Date.UTC(year, 0, 1) / 86_400_000 + 1);
}
