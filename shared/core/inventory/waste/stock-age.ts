/** Ages of stock in days, each bucket up to and with its last day; the oldest has no end. */
export const AGE_BUCKETS = [30, 60, 90, 180, 365, null] as const;

/** Units by age, youngest first, and units of which no arrival is known. */
export interface StockAge {
  readonly buckets: readonly number[];
  readonly unknown: number;
}

/**
 * The age of what is on hand when the oldest leave first: what is left came last, so that the units of the youngest
 * arrivals are there, up to the stock. `arrivals` = units that came, by age as `AGE_BUCKETS`. Nothing is younger than
 * its arrival; what no arrival explains (found in a count, brought back) has no known age.
 * Sum of buckets + unknown = on hand, never below zero. 10 on hand, arrivals 4, 0, 20: 4 in the first, 6 in the third.
 */
export function stockAge(onHand: number, arrivals: readonly number[]): StockAge {
  let rest = Math.max(0, onHand);
  const buckets = arrivals.map((came) => {
    const units = Math.min(rest, Math.max(0, came));
    rest -= units;
    return units;
  });
  return { buckets, unknown: rest };
}
