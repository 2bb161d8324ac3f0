import type { CanonicalRow } from '../foreign-format.ts';
import { FBA } from './amazon-places.ts';
import { amount, type Cells, canonical, fail, foreignFormat, Mentioned, unitPriceOf } from './cells.ts';

/**
 * Amazon's flat file of all orders, by order date or by last update: the two differ only in which rows are in them.
 * A line is an order and a SKU, and comes again whenever it changed. Prices are those of the whole line. Orders that
 * Amazon fulfils leave its own stock.
 */
export const amazonAllOrders = foreignFormat({
  name: 'amazon_all_orders',
  isUnquoted: true,
  signatures: [['amazon-order-id', 'merchant-order-id', 'purchase-date', 'item-status', 'item-price']],
  open() {
    const mentioned = new Mentioned();
    const lineOf = new LineNames();
    return (row) => {
      const orderId = row.text('amazon-order-id') || fail('amazon-order-id', 'is empty');
      const sku = row.text('sku') || fail('sku', 'is empty');
      const line = lineOf.next(orderId, sku, row.text('last-updated-date'));
      const isCancelled = [row.text('item-status'), row.text('order-status')].some((status) =>
        /^cancell?ed$/i.test(status),
      );
      const stated = row.units('quantity') ?? 0;
      if (stated < 0) fail('quantity', 'is negative');
      if (stated === 0 && !isCancelled) return { excluded: 'no quantity' };
      // Amazon empties the quantity of what is cancelled; the line has to be found again all the same.
      const units = Math.max(stated, 1);
      const total = row.money('item-price');
      const { price, remainder } = unitPriceOf(total ?? 0, units);
      const imputed: string[] = [];
      if (stated === 0) imputed.push('quantity 1 of a cancelled line: Amazon empties it');
      if (total === undefined && !isCancelled) imputed.push('unit_price 0 of a line that is still pending');
      const isAmazons = /^(amazon|afn)/i.test(row.text('fulfillment-channel'));
      const rows: CanonicalRow[] = [
        ...(isAmazons ? mentioned.location(FBA, 'Fulfilment by Amazon') : []),
        canonical(
          'sales_lines',
          {
            order_id: orderId,
            line,
            date: row.time('purchase-date'),
            product_id: sku,
            product_name: row.text('product-name').slice(0, 255),
            quantity: units,
            unit_price: amount(price),
            discount: amount(remainder + promotionOf(row)),
            tax: amount((row.money('item-tax') ?? 0) + (row.money('shipping-tax') ?? 0)),
            shipping_cost: amount(row.money('shipping-price')),
            status: isCancelled ? 'cancelled' : statusOf(row),
            location_id: isAmazons ? FBA : undefined,
            city: row.text('ship-city').slice(0, 100),
            state: row.text('ship-state').slice(0, 100),
            country: row.text('ship-country').slice(0, 100),
          },
          { revises: true },
        ),
      ];
      return { rows, imputed };
    };
  },
});

const promotionOf = (row: Cells): number =>
  Math.abs(row.money('item-promotion-discount') ?? 0) + Math.abs(row.money('ship-promotion-discount') ?? 0);

function statusOf(row: Cells): string {
  const status = row.text('item-status', 'order-status').toLowerCase();
  return status.startsWith('shipped') || status === 'complete' ? 'shipped' : 'processing';
}

/** The same SKU twice in one order at one time is two lines of it; later it is the same line, changed. */
class LineNames {
  #key = '';
  readonly #seen = new Map<string, number>();

  next(orderId: string, sku: string, updated: string): string {
    const key = `${orderId}\n${updated}`;
    if (key !== this.#key) {
      this.#key = key;
      this.#seen.clear();
    }
    const nth = (this.#seen.get(sku) ?? 0) + 1;
    this.#seen.set(sku, nth);
    return nth === 1 ? sku : `${sku}#${nth}`;
  }
}
