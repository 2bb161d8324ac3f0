import type { History } from '../model.ts';

/** The series with straight lines over its unknown values; at the ends the nearest known value. Needs one known value. */
export function bridgeGaps(history: History): Float64Array {
  const y = Float64Array.from(history);
  let last = -1;
  for (let t = 0; t < y.length; t++) {
    if (Number.isNaN(y[t]!)) continue;
    if (last < 0) y.fill(y[t]!, 0, t);
    else {
      const step = (y[t]! - y[last]!) / (t - last);
      for (let k = last + 1; k < t; k++) y[k] = y[last]! + step * (k - last);
    }
    last = t;
  }
  if (last >= 0) y.fill(y[last]!, last);
  return y;
}
