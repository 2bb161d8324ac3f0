/** Days of a week. */
const WEEK = 7;

/**
 * How the units of past weeks were spread over their days: one array of seven shares for each week with demand, oldest
 * first. `days` are whole weeks, so that the first share belongs to the same weekday in each. A week with a negative day
 * is left out: shares of what is left where returns nearly cancel sales have no bound. Without any other demand the only
 * week is an even one.
 */
export function dayShares(days: ArrayLike<number>): Float64Array[] {
  if (days.length % WEEK !== 0) throw new RangeError(`${days.length} days are not whole weeks`);
  const weeks: Float64Array[] = [];
  for (let first = 0; first < days.length; first += WEEK) {
    let sum = 0;
    let hasReturns = false;
    for (let i = 0; i < WEEK; i++) {
      const units = days[first + i]!;
      sum += units;
      if (units < 0) hasReturns = true;
    }
    if (sum > 0 && !hasReturns)
      weeks.push(Float64Array.from({ length: WEEK }, (_, i) => days[first + i]! / sum));
  }
  return weeks.length > 0 ? weeks : [new Float64Array(WEEK).fill(1 / WEEK)];
}

/**
 * The average of such shares: what each weekday has of a week. They sum to 1. Each week counts alike, so that a single
 * large order does not make its weekday large.
 */
export function meanShares(weeks: readonly Float64Array[]): number[] {
  const sums = Array.from({ length: WEEK }, (_, i) => weeks.reduce((sum, shares) => sum + shares[i]!, 0));
  const all = sums.reduce((sum, value) => sum + value, 0);
  return sums.map((sum) => sum / all);
}
