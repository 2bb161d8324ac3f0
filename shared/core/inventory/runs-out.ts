/** Stock that is projected forward from the beginning of day 0. */
export interface Projection {
  /** Units that may be sold. */
  readonly available: number;
  /** Expected units of each period, the first of which begins on day `offset` (negative where it began before). */
  readonly demand: readonly number[];
  readonly periodDays: number;
  readonly offset: number;
  /** Units that come, by day: there from the beginning of that day on. */
  readonly arrivals: readonly { readonly day: number; readonly quantity: number }[];
}

/** What happens until a day. */
export interface RunsOut {
  /** The first day whose expected demand cannot be met; undefined when all can be. */
  readonly day: number | undefined;
  /** Expected units that cannot be met before the day that was asked for. */
  readonly short: number;
}

/**
 * Walks the forecast day by day, each day an even part of its period, and sells what there is: when the stock runs out
 * before day `until`, and how much is lost until then. Demand that finds nothing is lost, it does not wait.
 *   5 units, 1 a day, nothing comes, until day 8: day 5, 3 units short
 * Days beyond the forecast repeat its last period.
 */
export function runsOut(projection: Projection, until: number): RunsOut {
  const { demand, periodDays, offset, arrivals } = projection;
  if (!(periodDays >= 1) || demand.length === 0) return { day: undefined, short: 0 };
  let stock = Math.max(0, projection.available);
  let day: number | undefined;
  let short = 0;
  for (let d = 0; d < until; d++) {
    for (const arrival of arrivals)
      if (arrival.day === d || (d === 0 && arrival.day < 0)) stock += arrival.quantity;
    const period = Math.min(demand.length - 1, Math.max(0, Math.floor((d - offset) / periodDays)));
    const wanted = Math.max(0, demand[period]!) / periodDays;
    // sums of seventh parts are a hair off: that is no stockout
    if (wanted > stock + 1e-9 * Math.max(1, wanted)) {
      day ??= d;
      short += wanted - stock;
    }
    stock = Math.max(0, stock - wanted);
  }
  return { day, short };
}
