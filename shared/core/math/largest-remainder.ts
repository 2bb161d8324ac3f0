/**
 * Whole shares of a whole number, in proportion to weights: each has the whole part of its exact share, and the units
 * that are left go to the largest fractions, of equal ones to the first. The shares sum to `total`.
 *   weights 1, 1, 1 and total 10: 4, 3, 3
 */
export function largestRemainder(weights: readonly number[], total: number): number[] {
  if (!Number.isSafeInteger(total) || total < 0) throw new RangeError(`total ${total} is no number of units`);
  if (weights.some((weight) => !(weight >= 0 && weight < Number.POSITIVE_INFINITY)))
    throw new RangeError('a weight is negative or no number');
  const sum = weights.reduce((before, weight) => before + weight, 0);
  if (sum === 0) {
    if (total > 0) throw new RangeError('nothing has a weight');
    return weights.map(() => 0);
  }
  const exact = weights.map((weight) => (weight / sum) * total);
  const shares = exact.map(Math.floor);
  const left = total - shares.reduce((before, share) => before + share, 0);
  const byFraction = exact
    .map((share, index) => ({ index, fraction: share - Math.floor(share) }))
    .sort((a, b) => b.fraction - a.fraction || a.index - b.index);
  // rounding of the quotients can make `left` differ by one from the sum of the fractions, never by more than a turn
  for (let i = 0; i < left; i++) shares[byFraction[i % byFraction.length]!.index]! += 1;
  return shares;
}
