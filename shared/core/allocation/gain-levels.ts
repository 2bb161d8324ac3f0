import { assertLot, firstQuantity, type Lot } from './limits.ts';
import { expectedGains, type GainInput } from './marginal-gain.ts';

/** The quantities worth looking at of one item, and what each gains. */
export interface GainLevels {
  /** Ascending from 0; every one above 0 is allowed by the lot. */
  readonly quantities: Float64Array;
  /** 0 first; the last is the largest. */
  readonly gains: Float64Array;
  /** Indexes of the levels on the upper concave hull, 0 first and the last level last. */
  readonly hull: Int32Array;
  /** Gain a unit from each hull level to the next, falling. */
  readonly slopes: Float64Array;
  /** Gain a unit, not above 0, from the last level to the one that was left out behind it; null where there is none. */
  readonly beyond: number | null;
}

/** More steps than this are looked at in coarser ones, still of whole multiples. */
const MOST_LEVELS = 2000;

/** The levels of an item by its demand: up to its most, its highest demand, or where more units lose money. */
export function gainLevels(lot: Lot, value: GainInput): GainLevels {
  assertLot(lot, 'the item');
  const { multiple = 1, most = Number.POSITIVE_INFINITY } = lot;
  const first = firstQuantity(lot);
  let highest = 0;
  for (let i = 0; i < value.demand.length; i++) highest = Math.max(highest, value.demand[i]!);
  // Beyond the highest demand every unit is left over: one more step shows what that costs.
  const enough = Math.max(first, first + Math.ceil((highest - value.position - first) / multiple) * multiple);
  const top = Math.min(most, enough + multiple);
  const steps = top < first ? 0 : Math.floor((top - first) / multiple + 1e-9) + 1;
  const stride = Math.max(1, Math.ceil(steps / MOST_LEVELS));
  const count = Math.ceil(steps / stride);
  const quantities = new Float64Array(count + 1);
  for (let k = 0; k < count; k++) quantities[k + 1] = first + k * stride * multiple;
  return levelsOf(quantities, expectedGains(value, quantities));
}

/** Levels of a curve of gains that is known already: cut behind its highest point, with its hull. */
export function levelsOf(quantities: Float64Array, gains: Float64Array): GainLevels {
  if (quantities[0] !== 0 || gains[0] !== 0)
    throw new RangeError('the first level is nothing, and gains nothing');
  let last = 0;
  for (let k = 1; k < gains.length; k++) if (gains[k]! > gains[last]!) last = k;
  const stack = new Int32Array(last + 1);
  let size = 1;
  for (let k = 1; k <= last; k++) {
    while (size > 1 && slope(stack[size - 2]!, stack[size - 1]!) <= slope(stack[size - 1]!, k)) size -= 1;
    stack[size] = k;
    size += 1;
  }
  const hull = stack.slice(0, size);
  const slopes = new Float64Array(size - 1);
  for (let h = 0; h < slopes.length; h++) slopes[h] = slope(hull[h]!, hull[h + 1]!);
  return {
    quantities: quantities.slice(0, last + 1),
    gains: gains.slice(0, last + 1),
    hull,
    slopes,
    beyond: last + 1 < gains.length ? slope(last, last + 1) : null,
  };

  function slope(from: number, to: number): number {
    return (gains[to]! - gains[from]!) / (quantities[to]! - quantities[from]!);
  }
}
