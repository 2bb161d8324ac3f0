/** Too little is known to say anything; never an error, never a guess. */
export interface InsufficientData {
  readonly kind: 'insufficient-data';
  /** Known points, and how many are needed. */
  readonly points: number;
  readonly needed: number;
}

export interface Trend {
  readonly kind: 'trend';
  readonly label: 'Increasing' | 'Declining' | 'Stable';
  /** Of the least-squares line, per period. */
  readonly slope: number;
  /** What the line gains over the whole history, as a share of the mean size of a quantity. */
  readonly change: number;
}

export const FEWEST_FOR_TREND = 14;
/** A smaller change is none, whatever its significance; and one that chance explains is none, whatever its size. */
const LEAST_CHANGE = 0.1;
const LEAST_T = 2;

/**
 * Increasing or Declining when the line through the known quantities moves by more than a tenth of their mean over the
 * history and its slope is more than two standard errors from 0; else Stable. Needs 14 known quantities.
 *   t = slope / sqrt(SSE / (n - 2) / sum (x - mean x)^2)
 */
export function trendLabel(history: ArrayLike<number>): Trend | InsufficientData {
  const at: number[] = [];
  for (let t = 0; t < history.length; t++) if (Number.isFinite(history[t]!)) at.push(t);
  const n = at.length;
  if (n < FEWEST_FOR_TREND) return { kind: 'insufficient-data', points: n, needed: FEWEST_FOR_TREND };
  const mean = (of: (t: number) => number): number => at.reduce((sum, t) => sum + of(t) / n, 0);
  const middle = mean((t) => t);
  const level = mean((t) => history[t]!);
  const size = mean((t) => Math.abs(history[t]!));
  const spread = mean((t) => (t - middle) ** 2);
  const slope = mean((t) => (t - middle) * (history[t]! - level)) / spread;
  const squares = mean((t) => (history[t]! - level - slope * (t - middle)) ** 2);
  const error = Math.sqrt(squares / (n - 2) / spread);
  const change = size > 0 ? (slope * (at[n - 1]! - at[0]!)) / size : 0;
  const isClear = Math.abs(change) > LEAST_CHANGE && Math.abs(slope) > LEAST_T * error;
  if (!isClear) return { kind: 'trend', label: 'Stable', slope, change };
  return { kind: 'trend', label: slope > 0 ? 'Increasing' : 'Declining', slope, change };
}
