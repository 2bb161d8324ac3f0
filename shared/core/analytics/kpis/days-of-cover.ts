/**
 * Days until the last unit is used up if nothing more comes: stock walked down the means of coming periods, each spread
 * evenly over its days. Null where the stock outlasts them all.
 */
export function daysOfCover(units: number, means: readonly number[], periodDays: number): number | null {
  let left = units;
  if (left <= 0) return 0;
  for (let period = 0; period < means.length; period++) {
    const mean = Math.max(0, means[period]!);
    if (mean >= left) return (period + left / mean) * periodDays;
    left -= mean;
  }
  return null;
}
