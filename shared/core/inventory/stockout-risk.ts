/** From the worst on. */
export const STOCKOUT_RISKS = ['critical', 'high', 'medium', 'low'] as const;
export type StockoutRisk = (typeof STOCKOUT_RISKS)[number];

/** Lead times for which stock lasts at most in each risk; what lasts longer is low. */
export type RiskLimits = Readonly<Record<Exclude<StockoutRisk, 'low'>, number>>;

/** Units that come on a day; day 0 is the one that is known last. */
export interface Arrival {
  readonly day: number;
  readonly quantity: number;
}

/**
 * Days until stock is used up at a steady rate, each arrival counted from its day on, if it finds any stock left.
 * Null where nothing is ever asked for: never is no number of days.
 *   10 units, 2 a day: 5 days; with 6 that come on day 3: 8 days; on day 6: 5 days, because they come too late
 */
export function daysOfStock(units: number, perDay: number, arrivals: readonly Arrival[] = []): number | null {
  if (!(perDay > 0)) return null;
  let last = Math.max(0, units) / perDay;
  for (const { day, quantity } of [...arrivals].sort((a, b) => a.day - b.day)) {
    if (day > last) break;
    last += quantity / perDay;
  }
  return last;
}

/**
 * How likely it is that goods run out before an order can help, by the days that stock lasts over the lead time of an
 * order, limits included: at 1, 2 and 4 lead times, 7 days of stock and a lead time of 7 are critical, 14 high, 28 medium.
 * What nobody asks for does not run out; what is out is critical; otherwise null where nobody knows the lead time.
 */
export function stockoutRisk(
  daysOfStock: number | null,
  leadTimeDays: number | null,
  limits: RiskLimits,
): StockoutRisk | null {
  if (daysOfStock === null) return 'low';
  if (daysOfStock <= 0) return 'critical';
  if (leadTimeDays === null) return null;
  // a limit is reached also where a division is a hair off
  const lasts = (leadTimes: number) => daysOfStock > leadTimes * leadTimeDays + 1e-9;
  return STOCKOUT_RISKS.find((risk) => risk === 'low' || !lasts(limits[risk]))!;
}
