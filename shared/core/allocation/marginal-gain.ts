/** What units of an item are worth: money for one sold, money lost on one left over, money for ordering any at all. */
export interface UnitValue {
  /** Price minus cost, plus what a lost sale costs beyond it. */
  readonly margin: number;
  /** Of a unit that is left over at the end of the time that `demand` covers. */
  readonly holding: number;
  /** Of an order with this item, whatever its quantity. Default 0. */
  readonly order?: number | undefined;
}

export interface GainInput extends UnitValue {
  /** Equally likely demands (units) over the time until the next chance to order arrives; in any order. */
  readonly demand: ArrayLike<number>;
  /** Units there or coming, minus those promised; negative when customers wait. */
  readonly position: number;
}

/**
 * Expected gain (money) of each quantity, above ordering nothing:
 *   gain(q) = (margin + holding) (E min(D, x + q) - E min(D, x)) - holding q - order,   gain(0) = 0
 * which is margin times the units more that are sold, minus holding times the units more that are left over. Without a
 * cost of ordering it is concave. `quantities` ascend from 0. O(paths log paths + quantities).
 */
export function expectedGains(
  { margin, holding, order = 0, demand, position }: GainInput,
  quantities: ArrayLike<number>,
): Float64Array {
  if (demand.length === 0) throw new RangeError('a demand sample holds at least one value');
  if (!(Number.isFinite(margin) && holding >= 0 && order >= 0 && Number.isFinite(position)))
    throw new RangeError('margin, holding, order cost and position are numbers, costs not negative');
  const sorted = new Float64Array(demand.length);
  // Whoever brings goods back does not want less than nothing.
  for (let i = 0; i < sorted.length; i++) sorted[i] = Math.max(0, demand[i]!);
  sorted.sort();
  const count = sorted.length;
  if (!Number.isFinite(sorted[0]!) || !Number.isFinite(sorted[count - 1]!))
    throw new RangeError('a demand sample holds numbers only');
  const gains = new Float64Array(quantities.length);
  let below = 0;
  let sumBelow = 0;
  let atPosition = 0;
  for (let k = 0; k < gains.length; k++) {
    const level = position + quantities[k]!;
    while (below < count && sorted[below]! <= level) {
      sumBelow += sorted[below]!;
      below += 1;
    }
    const served = (sumBelow + level * (count - below)) / count;
    if (k === 0) atPosition = served;
    else gains[k] = (margin + holding) * (served - atPosition) - holding * quantities[k]! - order;
  }
  return gains;
}
