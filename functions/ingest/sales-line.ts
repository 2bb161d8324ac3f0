import type { RowOf } from '../../shared/contracts/csv/csv-format.ts';
import type { salesLines } from '../../shared/contracts/csv/sales-lines.ts';
import type { SaleKind, SaleRow } from '../../shared/data/orders/order-store.ts';
import { contentHashOf } from '../../shared/data/sql/content-hash.ts';
import { amountFault, type LineMovement, type OrderLine } from './order-line.ts';

/** A row of the canonical sales template as an order line, or why it cannot be one. */
export function salesLine(
  row: RowOf<typeof salesLines>,
  line: number,
  defaultLocation: string,
): OrderLine | { field: string; reason: string } {
  const [discount, tax, shipping] = [row.discount ?? 0, row.tax ?? 0, row.shipping_cost ?? 0];
  const total = row.quantity * row.unit_price - discount + tax + shipping;
  const fault = amountFault(row.quantity * row.unit_price) ?? amountFault(total);
  if (fault !== undefined) return { field: 'unit_price', reason: fault };
  const kind: SaleKind = row.quantity < 0 ? 'return' : row.status === 'cancelled' ? 'cancelled' : 'sale';
  const locationId = row.location_id ?? defaultLocation;
  return {
    line,
    order: {
      orderId: row.order_id,
      customerId: row.customer_id,
      sellerId: row.seller_id,
      date: row.date,
      status: row.status.charAt(0).toUpperCase() + row.status.slice(1),
      paymentMethod: row.payment_method,
      city: row.city,
      state: row.state,
      country: row.country,
    },
    sale: {
      saleId: `${row.order_id}:${row.line}`,
      orderId: row.order_id,
      customerId: row.customer_id,
      productId: row.product_id,
      locationId,
      date: row.date,
      kind,
      quantity: row.quantity,
      price: row.unit_price,
      discount,
      tax,
      shippingCost: shipping,
      total,
      refunded: row.status === 'returned',
      reason: row.reason,
      contentHash: contentHashOf(valuesOf(row)),
    },
    product: {
      productId: row.product_id,
      productName: row.product_name ?? row.product_id,
      category: row.category,
      brand: row.brand,
      unitPrice: kind === 'sale' ? row.unit_price : null,
      isService: false,
    },
    customer:
      row.customer_id === null
        ? null
        : {
            customerId: row.customer_id,
            name: row.customer_name ?? row.customer_id,
            city: row.city,
            state: row.state,
            country: row.country,
          },
    movements: movementsOfLine({
      kind,
      quantity: row.quantity,
      refunded: row.status === 'returned',
      reason: row.reason,
    }),
    takesBack: false,
  };
}

/** Columns that came later count where they are filled, so that a line recorded before them is the same line. */
function valuesOf(row: RowOf<typeof salesLines>): unknown[] {
  const { customer_name, city, state, payment_method, brand, ...first } = row;
  const later = [customer_name, city, state, payment_method, brand];
  return [...Object.values(first), ...(later.some((value) => value !== null) ? later : [])];
}

/** What a line of the canonical template does to the stock. */
export function movementsOfLine(
  sale: Pick<SaleRow, 'kind' | 'quantity' | 'refunded' | 'reason'>,
): LineMovement[] {
  if (sale.kind !== 'sale' && sale.kind !== 'return') return [];
  const reason = sale.reason ?? 'goods returned';
  if (sale.kind === 'return') return [{ type: 'return', units: -sale.quantity, reason }];
  const leaves: LineMovement = { type: 'sale', units: -sale.quantity, reason: null };
  return sale.refunded ? [leaves, { type: 'return', units: sale.quantity, reason }] : [leaves];
}
