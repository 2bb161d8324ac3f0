import type { Random } from '../math/random.ts';

/** How much of what was sold comes back: a proportion drawn from a range, or one fixed proportion; never both. */
export interface RestockProportion {
  readonly lower?: number | undefined;
  readonly upper?: number | undefined;
  readonly uniform?: number | undefined;
}

/** The range of the original simulation: 80 to 120 %. */
const USUAL = { lower: 0.8, upper: 1.2 };

/**
 * Units to restock after `sold` units were sold: round(sold * proportion), the proportion drawn evenly from the range.
 * Throws when range and uniform proportion are both given, or the range is empty.
 */
export function restockTotal(sold: number, proportion: RestockProportion, random: Random): number {
  if (!(Number.isSafeInteger(sold) && sold >= 0)) throw new RangeError(`${sold} units sold`);
  const { uniform } = proportion;
  if (uniform !== undefined) {
    if (proportion.lower !== undefined || proportion.upper !== undefined)
      throw new RangeError('a uniform proportion and a range (lower, upper) exclude each other');
    if (!(uniform >= 0 && uniform < Number.POSITIVE_INFINITY))
      throw new RangeError(`a proportion of ${uniform}`);
    return Math.round(sold * uniform);
  }
  const { lower = USUAL.lower, upper = USUAL.upper } = proportion;
  if (!(lower >= 0 && lower <= upper && upper < Number.POSITIVE_INFINITY))
    throw new RangeError(`a range from ${lower} to ${upper}`);
  return Math.round(sold * (lower + (upper - lower) * random.uniform()));
}
