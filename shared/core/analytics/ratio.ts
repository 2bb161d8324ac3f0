/** a / b, or null where nothing stands below: no share of nothing is infinite, and none is zero. */
export const ratio = (a: number, b: number): number | null => (b === 0 ? null : a / b);

/** Growth from one period to the next, as a fraction of the first; null where the first had nothing or less. */
export const growth = (before: number, after: number): number | null =>
  before > 0 ? (after - before) / before : null;
