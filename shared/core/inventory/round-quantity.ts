/** Smallest multiple of `multiple` that is not below `quantity`: 13 in packs of 6 are 18. */
export function ceilToMultiple(quantity: number, multiple: number): number {
  if (!(multiple > 0)) throw new RangeError(`an order multiple of ${multiple} is not positive`);
  // A quantity such as 6.000000001 is a rounding error, not another pack.
  return Math.ceil(quantity / multiple - 1e-9) * multiple;
}
