/** What ordering and keeping costs: money an order, money a unit and time, units a time. */
export interface OrderingCost {
  readonly perOrder: number;
  readonly holding: number;
  readonly demand: number;
}

/** Economic order quantity Q = sqrt(2 K lambda / h). Snyder & Shen (2019), Example 3.1: 304.05 */
export function economicOrderQuantity(cost: OrderingCost): number {
  assertCost(cost);
  return Math.sqrt((2 * cost.perOrder * cost.demand) / cost.holding);
}

/** Cost a time of ordering and keeping with orders of this size: K lambda / Q + h Q / 2. */
export function orderQuantityCost(quantity: number, { perOrder, holding, demand }: OrderingCost): number {
  if (!(quantity > 0)) throw new RangeError('an order quantity is positive');
  return (perOrder * demand) / quantity + (holding * quantity) / 2;
}

/**
 * Order quantity when customers may wait, p the cost of a unit that waits for one time:
 *   Q = sqrt(2 K lambda (h + p) / (h p)), of which the share x = h / (h + p) is waited for; cost sqrt(2 K lambda h p / (h + p))
 * Snyder & Shen (2019), section 3.5: 310.81, 4.31 %, 66.92
 */
export function orderQuantityWithBackorders(cost: OrderingCost & { readonly backorder: number }): {
  readonly quantity: number;
  readonly waitingShare: number;
  readonly mostWaiting: number;
  readonly cost: number;
} {
  assertCost(cost);
  const { perOrder, holding, demand, backorder } = cost;
  if (!(backorder > 0)) throw new RangeError('the cost of waiting is positive');
  const waitingShare = holding / (holding + backorder);
  const quantity = Math.sqrt((2 * perOrder * demand) / (holding * (1 - waitingShare)));
  return {
    quantity,
    waitingShare,
    mostWaiting: quantity * waitingShare,
    cost: Math.sqrt(2 * perOrder * demand * holding * (1 - waitingShare)),
  };
}

/**
 * Lot size of goods that come in at a finite rate while they are sold:
 *   Q = sqrt(2 K lambda / (h (1 - lambda / rate)))        Snyder & Shen (2019), section 3.6: 626.81, cost 33.18
 */
export function economicLotSize(cost: OrderingCost & { readonly rate: number }): {
  readonly quantity: number;
  readonly cost: number;
} {
  assertCost(cost);
  if (!(cost.rate > cost.demand)) throw new RangeError('goods come in faster than they are sold');
  const holding = cost.holding * (1 - cost.demand / cost.rate);
  return {
    quantity: Math.sqrt((2 * cost.perOrder * cost.demand) / holding),
    cost: Math.sqrt(2 * cost.perOrder * cost.demand * holding),
  };
}

function assertCost({ perOrder, holding, demand }: OrderingCost): void {
  if (!(perOrder >= 0) || !(holding > 0) || !(demand >= 0))
    throw new RangeError('costs and demand are positive');
}
