/**
 * Mean of 100 |y - f| / |y| over the periods with y other than 0 (MAPE, in percent); NaN when there is none. Leaves out
 * the very periods that matter for slow movers: for comparison with others only.
 */
export function percentageError(actual: ArrayLike<number>, forecast: ArrayLike<number>): number {
  let sum = 0;
  let count = 0;
  for (let i = 0; i < actual.length; i++) {
    const y = actual[i]!;
    if (y === 0 || Number.isNaN(y)) continue;
    sum += (100 * Math.abs(y - forecast[i]!)) / Math.abs(y);
    count++;
  }
  return count > 0 ? sum / count : Number.NaN;
}
