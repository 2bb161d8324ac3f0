/** A movement of stock. Days are `YYYY-MM-DD`. */
export interface LedgerRow {
  readonly logId: string;
  readonly productId: string;
  readonly locationId: string;
  readonly date: string;
  readonly type: string;
  readonly quantityChange: number;
  /** The movement that this one takes back. */
  readonly reversesLogId: string | null;
}

/** A line that was sold and not cancelled. Money in ten-thousandths, of all its units. */
export interface SaleRow {
  readonly productId: string;
  readonly date: string;
  readonly quantity: number;
  readonly amount: number;
}

/** Units that came back, on the day on which they came, or of the sale where no other is known. */
export interface RefundRow {
  readonly productId: string;
  readonly date: string;
  readonly quantity: number;
  readonly amount: number;
  readonly reason: string | null;
}

export interface ProductRow {
  readonly productId: string;
  readonly category: string | null;
}

/** All that the metric operations read. Services are in none of it. */
export interface MetricData {
  readonly products: readonly ProductRow[];
  readonly ledger: readonly LedgerRow[];
  readonly sales: readonly SaleRow[];
  readonly refunds: readonly RefundRow[];
}

/** Ascending by text, null last. */
export function byName(a: string | null, b: string | null): number {
  if (a === b) return 0;
  if (a === null) return 1;
  if (b === null) return -1;
  return a < b ? -1 : 1;
}
