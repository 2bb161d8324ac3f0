import type { AccuracySums } from './score-bucket.ts';

/** Figures of accuracy as fractions; null where nothing was judged, or nothing was sold. */
export interface AccuracyFigures {
  /** Sum of absolute errors over the sum of actuals. */
  readonly wape: number | null;
  /** Sum of (forecast - actual) over the sum of actuals: positive is over-forecast. */
  readonly bias: number | null;
  readonly naiveWape: number | null;
  /** Forecast value added: the naive WAPE less ours. Positive: better than naive. */
  readonly valueAdded: number | null;
  /** Our absolute errors over those of the naive forecast, on the same buckets: below 1 is better than naive. */
  readonly relativeError: number | null;
  readonly wql: number | null;
  /** Share of actuals inside the central intervals of 80 % and 95 %. */
  readonly coverage80: number | null;
  readonly coverage95: number | null;
}

/** The figures that sums stand for. They are computed from sums of sums, never as means of figures. */
export function figuresOf(sums: AccuracySums): AccuracyFigures {
  const { scored, actual, error, absoluteError, naiveError, quantileLoss, inside80, inside95 } = sums;
  return {
    wape: over(absoluteError, actual),
    bias: over(error, actual),
    naiveWape: over(naiveError, actual),
    valueAdded: over(naiveError - absoluteError, actual),
    relativeError: over(absoluteError, naiveError),
    wql: over(quantileLoss, actual),
    coverage80: over(inside80, scored),
    coverage95: over(inside95, scored),
  };
}

const over = (part: number, whole: number): number | null => (whole > 0 ? part / whole : null);
