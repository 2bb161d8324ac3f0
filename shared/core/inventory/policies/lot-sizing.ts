/** Known demand of the periods to come; K an order, h a unit kept from one period into the next. */
export interface LotSizingInput {
  readonly perOrder: number;
  readonly holding: number;
  readonly demand: readonly number[];
}

export interface LotSizingPlan {
  /** What is ordered at the start of each period. */
  readonly orders: readonly number[];
  readonly cost: number;
}

/** Periods of one plan at most. */
const MOST_PERIODS = 2000;

/**
 * The cheapest orders for known demand (Wagner & Whitin 1958):
 *   f(t) = min over e > t of K + h sum (j - t) d_j (t <= j < e) + f(e); a period without demand starts no order
 * Snyder & Shen (2019), Example 3.9: demand 90, 120, 80, 70, K 500, h 2: orders 210, 0, 150, 0 for 1,380.
 */
export function wagnerWhitin(
  input: LotSizingInput,
): LotSizingPlan & { readonly costToGo: readonly number[] } {
  assertDemand(input);
  const { perOrder, holding, demand } = input;
  const n = demand.length;
  const costToGo = new Array<number>(n + 1).fill(Number.POSITIVE_INFINITY);
  const next = new Array<number>(n).fill(n);
  costToGo[n] = 0;
  for (let t = n - 1; t >= 0; t--) {
    if (demand[t] === 0) {
      costToGo[t] = costToGo[t + 1]!;
      next[t] = t + 1;
      continue;
    }
    let kept = 0;
    // From where keeping alone costs more than the best, no longer order can be better.
    for (let e = t + 1; e <= n && perOrder + kept <= costToGo[t]!; e++) {
      kept += holding * (e - 1 - t) * demand[e - 1]!;
      const cost = perOrder + kept + costToGo[e]!;
      if (cost < costToGo[t]! - 1e-12) {
        costToGo[t] = cost;
        next[t] = e;
      }
    }
  }
  const orders = ordersOf(demand, (t) => next[t]!);
  return { orders, cost: costToGo[0]!, costToGo: costToGo.slice(0, n) };
}

/** Silver & Meal (1973): an order covers one period more as long as the cost a period falls. */
export function silverMeal(input: LotSizingInput): LotSizingPlan {
  return whileFalling(input, (cost, periods) => cost / periods);
}

/** Least unit cost: an order covers one period more as long as the cost a unit falls. */
export function leastUnitCost(input: LotSizingInput): LotSizingPlan {
  return whileFalling(input, (cost, _periods, units) => cost / units);
}

/** What a plan costs: K for each order, h for each unit at the end of a period. RangeError when it is ever short. */
export function lotSizingCost(
  orders: readonly number[],
  { perOrder, holding, demand }: LotSizingInput,
): number {
  let stock = 0;
  let cost = 0;
  for (let t = 0; t < demand.length; t++) {
    stock += orders[t]! - demand[t]!;
    if (stock < -1e-9) throw new RangeError(`period ${t} is short`);
    cost += (orders[t]! > 0 ? perOrder : 0) + holding * stock;
  }
  return cost;
}

function whileFalling(
  input: LotSizingInput,
  measure: (cost: number, periods: number, units: number) => number,
): LotSizingPlan {
  assertDemand(input);
  const { perOrder, holding, demand } = input;
  const orders = ordersOf(demand, (t) => {
    let units = demand[t]!;
    let cost = perOrder;
    let before = measure(cost, 1, units);
    let e = t + 1;
    for (; units > 0 && e < demand.length; e++) {
      cost += holding * (e - t) * demand[e]!;
      units += demand[e]!;
      const now = measure(cost, e - t + 1, units);
      if (now > before) break;
      before = now;
    }
    return e;
  });
  return { orders, cost: lotSizingCost(orders, input) };
}

function ordersOf(demand: readonly number[], endOf: (start: number) => number): number[] {
  const orders = demand.map(() => 0);
  for (let t = 0; t < demand.length; ) {
    const end = endOf(t);
    for (let j = t; j < end; j++) orders[t]! += demand[j]!;
    t = end;
  }
  return orders;
}

function assertDemand({ perOrder, holding, demand }: LotSizingInput): void {
  if (demand.length > MOST_PERIODS)
    throw new RangeError(`${demand.length} periods are above ${MOST_PERIODS}`);
  if (!(perOrder >= 0) || !(holding >= 0) || demand.some((units) => !(units >= 0)))
    throw new RangeError('costs and demand are not negative');
}
