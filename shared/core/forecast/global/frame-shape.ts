import type { Frequency } from '../../calendar/period-grid.ts';

/** How far features look back, in periods. */
export interface FrameShape {
  /** Means of the newest so many periods. */
  readonly means: readonly number[];
  /** Weights of the exponentially weighted means. */
  readonly weights: readonly number[];
  /** Newest periods that a series is scaled by. */
  readonly base: number;
  /** Newest periods that the season of a year ago is compared with. */
  readonly recent: number;
  /** Newest periods in which the share of zeros is counted. */
  readonly zeros: readonly number[];
  /** Periods in a year; for days a whole number of weeks. */
  readonly year: number;
  /** Periods on either side that a quantity of last year is averaged with. */
  readonly half: number;
  /** Counts of weeks over which quantities of the same weekday are averaged; days only. */
  readonly weekdays: readonly number[];
  /** Fewest periods before an origin to learn from. */
  readonly least: number;
}

export const FRAME_SHAPE: Readonly<Record<Frequency, FrameShape>> = {
  daily: {
    means: [1, 7, 14, 28, 56, 91, 182, 364],
    weights: [0.1, 0.03],
    base: 56,
    recent: 28,
    zeros: [28, 182],
    year: 364,
    half: 3,
    weekdays: [2, 4, 8, 26],
    least: 56,
  },
  weekly: {
    means: [1, 2, 4, 8, 13, 26, 52],
    weights: [0.2, 0.07],
    base: 26,
    recent: 8,
    zeros: [13, 52],
    year: 52,
    half: 2,
    weekdays: [],
    least: 8,
  },
  monthly: {
    means: [1, 2, 3, 6, 12, 24],
    weights: [0.3, 0.1],
    base: 12,
    recent: 3,
    zeros: [6, 24],
    year: 12,
    half: 0,
    weekdays: [],
    least: 6,
  },
};
