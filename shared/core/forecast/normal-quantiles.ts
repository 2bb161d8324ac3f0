import { normalQuantile } from '../math/normal.ts';
import type { Quantiles } from './model.ts';

/** Quantiles of normal errors around a mean, one variance for each period ahead. */
export function normalQuantiles(
  mean: readonly number[],
  variance: readonly number[],
  levels: readonly number[],
): Quantiles {
  return Object.fromEntries(
    levels.map((level) => {
      const z = normalQuantile(level);
      return [String(level), mean.map((value, h) => value + z * Math.sqrt(variance[h]!))];
    }),
  );
}
