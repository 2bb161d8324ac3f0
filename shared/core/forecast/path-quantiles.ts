import { sampleQuantile } from '../math/sample-quantile.ts';
import type { Quantiles } from './model.ts';

/** Quantiles of each period over simulated paths of the same length. They never cross. */
export function pathQuantiles(paths: readonly Float64Array[], levels: readonly number[]): Quantiles {
  const horizon = paths[0]?.length ?? 0;
  const found: Record<string, number[]> = {};
  for (const level of levels) found[String(level)] = new Array<number>(horizon);
  const column = new Float64Array(paths.length);
  for (let h = 0; h < horizon; h++) {
    for (let i = 0; i < paths.length; i++) column[i] = paths[i]![h]!;
    column.sort();
    for (const level of levels) found[String(level)]![h] = sampleQuantile(column, level);
  }
  return found;
}
