/** What a stretch of the log says of an item: what was sold in it, and what is left at its end. */
export interface SalesSignal {
  /** Units that left by sale, not negative. */
  readonly sold: number;
  /** Units on hand at the end. */
  readonly stock: number;
}

/** Stock before the sales: original = stock + sold. */
export const originalStock = ({ sold, stock }: SalesSignal): number => stock + sold;

/** How fast it sold: sold / original; undefined when there was nothing to sell. */
export function sellRate(signal: SalesSignal): number | undefined {
  const original = originalStock(signal);
  return original > 0 ? signal.sold / original : undefined;
}

/** One row of the log, as far as sales go. */
export interface LogRow {
  readonly productId: string;
  /** Grows with every row. */
  readonly logId: number;
  /** Signed; sales are negative. */
  readonly quantityChange: number;
  readonly isSale: boolean;
}

/** The last `size` rows of the log, newest first, in whatever order they come. */
export function newestRows<R extends { readonly logId: number }>(rows: readonly R[], size: number): R[] {
  if (!(Number.isSafeInteger(size) && size >= 1)) throw new RangeError(`a subset of ${size} rows`);
  return [...rows].sort((a, b) => b.logId - a.logId).slice(0, size);
}

/**
 * What was sold of each product in the newest `size` rows of the log, beside its stock now: products of `stock` in its
 * order, also those that the rows do not name.
 */
export function signalsOf(
  stock: ReadonlyMap<string, number>,
  rows: readonly LogRow[],
  size: number,
): Map<string, SalesSignal> {
  const sold = new Map<string, number>();
  for (const row of newestRows(rows, size))
    if (row.isSale && row.quantityChange < 0)
      sold.set(row.productId, (sold.get(row.productId) ?? 0) - row.quantityChange);
  return new Map([...stock].map(([id, level]) => [id, { sold: sold.get(id) ?? 0, stock: level }]));
}
