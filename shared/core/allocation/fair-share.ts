/**
 * A total in proportion to weights, with a fair share for those without one, not rounded:
 *   of n items k have no weight (undefined): each of them gets round(total k / n) / k, the others their part of the rest
 * Where no weight is above 0, the rest is shared evenly. `isRounded` false leaves out the round, for totals that are no
 * units. The shares sum to `total`.
 */
export function withFairShare(
  weights: readonly (number | undefined)[],
  total: number,
  { isRounded = true } = {},
): number[] {
  if (!(total >= 0 && total < Number.POSITIVE_INFINITY)) throw new RangeError(`a total of ${total}`);
  let unknown = 0;
  let sum = 0;
  for (const weight of weights) {
    if (weight === undefined) unknown += 1;
    else if (weight >= 0 && weight < Number.POSITIVE_INFINITY) sum += weight;
    else throw new RangeError(`a weight of ${weight}`);
  }
  const count = weights.length;
  if (count === 0 && total > 0) throw new RangeError('there is no item to give anything to');
  const part = count === 0 ? 0 : (total * unknown) / count;
  const fairTotal = isRounded ? Math.round(part) : part;
  const rest = total - fairTotal;
  return weights.map((weight) => {
    if (weight === undefined) return fairTotal / unknown;
    return sum > 0 ? (weight / sum) * rest : rest / (count - unknown);
  });
}
