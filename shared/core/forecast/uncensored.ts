/** Periods, up to and including the one to fill, that say how much is sold on a day with stock. */
const RATE_PERIODS = 26;
/** Fewest days with stock among them that are believed. */
const LEAST_DAYS = 14;

/**
 * Demand from sales that stock had cut off. `quantities` are the units sold per period, oldest first, `daysOut` the days
 * of each on which nothing was there to be sold, of `periodDays`. A period without a single day in stock is unknown (NaN);
 * one with some is filled up at the rate of sales on days in stock, of this half a year's weeks and none later:
 *   q + round(out * sold / days in stock),   6 units in a week of 3 days in stock, 1 unit a day before: 10
 * The rate of the period alone would be too high: items run out after they sold well. Whole quantities stay whole.
 */
export function uncensored(
  quantities: readonly number[],
  daysOut: readonly number[],
  periodDays: number,
): number[] {
  return quantities.map((quantity, t) => {
    const out = daysOut[t] ?? 0;
    if (out === 0) return quantity;
    if (out >= periodDays && quantity === 0) return Number.NaN;
    const { sold, days } = soldBefore(t);
    return days < LEAST_DAYS ? quantity : quantity + Math.round((out * sold) / days);
  });

  function soldBefore(t: number): { readonly sold: number; readonly days: number } {
    let sold = 0;
    let days = 0;
    for (let i = Math.max(0, t + 1 - RATE_PERIODS); i <= t; i++) {
      sold += quantities[i]!;
      days += periodDays - (daysOut[i] ?? 0);
    }
    return { sold, days };
  }
}
