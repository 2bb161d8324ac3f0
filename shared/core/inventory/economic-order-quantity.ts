/** What ordering and keeping costs: money an order, money a unit and time, units a time. */
export interface OrderingCost {
  readonly perOrder: number;
  readonly holding: number;
  readonly demand: number;
}

/** Economic order quantity Q = sqrt(2 K lambda / h). Snyder & Shen (2019), Example 3.1: 304.05 */
export function economicOrderQuantity({ perOrder, holding, demand }: OrderingCost): number {
  if (!(perOrder >= 0) || !(holding > 0) || !(demand >= 0))
    throw new RangeError('costs and demand are positive');
  return Math.sqrt((2 * perOrder * demand) / holding);
}

/** Cost a time of ordering and keeping with orders of this size: K lambda / Q + h Q / 2. */
export function orderQuantityCost(quantity: number, { perOrder, holding, demand }: OrderingCost): number {
  if (!(quantity > 0)) throw new RangeError('an order quantity is positive');
  return (perOrder * demand) / quantity + (holding * quantity) / 2;
}
