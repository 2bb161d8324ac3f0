import { fitLine } from '../../math/least-squares.ts';
import { bridgeGaps } from '../smoothing/bridge-gaps.ts';
import { seasonFactors } from '../theta/season-factors.ts';
import type { EtsForm, EtsState } from './ets-recursion.ts';

/**
 * Start states by eye: season by moving averages or means, then a line through the first seasons. Unknown values are
 * bridged by straight lines.
 */
export function roughStart(history: Float64Array, form: EtsForm, period: number): EtsState {
  const y = bridgeGaps(history);
  const season = new Float64Array(form.season === 'N' ? 0 : period);
  let adjusted = y;
  if (form.season === 'M') {
    season.set(seasonFactors(y, period) ?? new Float64Array(period).fill(1));
    for (let k = 0; k < period; k++) season[k] = Math.max(season[k]!, 0.01);
    adjusted = y.map((value, t) => value / season[t % period]!);
  } else if (form.season === 'A') {
    const mean = average(y);
    const counts = new Float64Array(period);
    for (let t = 0, k = 0; t < y.length; t++, k = k + 1 === period ? 0 : k + 1) {
      if (Number.isNaN(y[t]!)) continue;
      season[k]! += y[t]! - mean;
      counts[k]!++;
    }
    for (let k = 0; k < period; k++) season[k]! /= Math.max(1, counts[k]!);
    adjusted = y.map((value, t) => value - season[t % period]!);
  }
  const head = adjusted.subarray(0, Math.min(adjusted.length, Math.max(10, 2 * period)));
  if (form.trend === 'N') return { level: average(head), trend: 0, season };

  const line = fitLine(head);
  if (form.trend.startsWith('A')) return { level: line.level, trend: line.slope, season };
  // A growth factor, and a level from which it stays above zero.
  const middle = Math.max(average(head), Number.MIN_VALUE);
  const growth = Math.min(1.2, Math.max(0.8, 1 + line.slope / middle));
  return { level: line.level > 0 ? line.level : middle, trend: growth, season };
}

function average(values: Float64Array): number {
  let sum = 0;
  let known = 0;
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    sum += value;
    known++;
  }
  return known > 0 ? sum / known : 0;
}
