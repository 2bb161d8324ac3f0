import { type Fitted, type History, knownValues } from '../model.ts';
import { smoothFromFirst } from '../smoothing/smooth-from-first.ts';
import { type LevelDemandState, levelDemand } from './level-demand.ts';

export type CrostonMethod = 'croston' | 'sba' | 'sbj';

export interface CrostonOptions {
  /** Croston (1972), or with the bias taken out by Syntetos & Boylan (2005) or Shale, Boylan & Johnston (2006). */
  readonly method?: CrostonMethod;
  /** Weight of the newest size and interval. Default 0.1. */
  readonly weight?: number;
}

/**
 * Croston's forecast: smoothed size of a demand over smoothed interval between demands, both updated at demands only.
 *   SBA = Croston (1 - a/2),   SBJ = Croston (1 - a/(2 - a))
 * Needs one known value; a history without demand is forecast as zero.
 */
export function fitCroston(
  history: History,
  { method = 'sba', weight = 0.1 }: CrostonOptions = {},
): Fitted<LevelDemandState> {
  const y = knownValues(history, 1);
  return levelDemand(method, crostonMean(y, method, weight), y);
}

/** Croston's mean a period; 0 without demand. */
export function crostonMean(y: ArrayLike<number>, method: CrostonMethod, weight: number): number {
  const sizes: number[] = [];
  const intervals: number[] = [];
  let last = -1;
  for (let t = 0; t < y.length; t++) {
    if (!(y[t]! > 0)) continue;
    sizes.push(y[t]!);
    intervals.push(t - last);
    last = t;
  }
  if (sizes.length === 0) return 0;
  const ratio = smoothFromFirst(sizes, weight) / smoothFromFirst(intervals, weight);
  if (method === 'croston') return ratio;
  return ratio * (method === 'sba' ? 1 - weight / 2 : 1 - weight / (2 - weight));
}
