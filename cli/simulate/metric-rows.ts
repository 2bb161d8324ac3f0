import type {
  LedgerRow,
  MetricData,
  ProductRow,
  RefundRow,
  SaleRow,
} from '../../shared/core/analytics/operations/metric-data.ts';
import type { BookedMovement } from '../../shared/core/inventory/book-movements.ts';
import type { DayEvents } from '../../shared/core/simulate/day-events.ts';

/** Gathers what the metric operations read of the days of a simulation. */
export class MetricRows {
  readonly #products: ProductRow[] = [];
  readonly #ledger: LedgerRow[] = [];
  readonly #sales: SaleRow[] = [];
  readonly #refunds: RefundRow[] = [];

  add({ date, products, sales, returns }: DayEvents, booked: readonly BookedMovement[]): void {
    for (const { productId, category } of products) this.#products.push({ productId, category });
    for (const movement of booked)
      this.#ledger.push({
        logId: String(this.#ledger.length + 1),
        productId: movement.productId,
        locationId: movement.locationId,
        date: movement.date.slice(0, 10),
        type: movement.type,
        quantityChange: movement.quantityChange,
        reversesLogId: null,
      });
    for (const { productId, quantity, price } of sales)
      this.#sales.push({ productId, date, quantity, amount: quantity * price });
    for (const { productId, quantity, refund, reason } of returns)
      this.#refunds.push({ productId, date, quantity, amount: refund, reason });
  }

  data(): MetricData {
    return { products: this.#products, ledger: this.#ledger, sales: this.#sales, refunds: this.#refunds };
  }
}
