import type { CanonicalRow, Translation } from '../foreign-format.ts';
import { amount, type Cells, canonical, fail, foreignFormat, Mentioned, slug } from './cells.ts';

/** What the first row of an order says of all its lines. */
interface Order {
  readonly name: string;
  readonly id: string;
  readonly date: string;
  readonly isCancelled: boolean;
  readonly header: Readonly<Record<string, string | undefined>>;
  readonly location: string;
  /** Discount of the whole order that no line bore yet. */
  discountLeft: number;
  /** Price of the lines that are still to come, before discounts; undefined where the order does not say its subtotal. */
  toCome: number | undefined;
  lines: number;
}

/**
 * Orders as Shopify exports them: one row a line item; what is true of the order stands in its first row only.
 * A line is the order's Id and its number within the order: two equal rows are two lines. A refund of money brings no
 * units back; it is kept as the reason.
 */
export const shopifyOrders = foreignFormat({
  name: 'shopify_orders',
  signatures: [['name', 'financial status', 'lineitem quantity', 'lineitem name', 'lineitem price']],
  open() {
    const mentioned = new Mentioned();
    let order: Order | undefined;

    return (row): Translation => {
      const name = row.text('name') || fail('name', 'is empty');
      if (order?.name !== name) {
        // Rows of one order stand together; a first row may come again where exports were joined, a later one not.
        order = undefined;
        if (!isFirst(row)) fail('name', 'is of an order whose first row does not come before it');
        order = firstOf(row, name);
      }
      const no = ++order.lines;
      if (row.text('lineitem name', 'lineitem sku') === '') return { excluded: 'no line item' };
      return lineOf(order, row, no, mentioned);
    };
  },
});

const isFirst = (row: Cells): boolean =>
  row.text('id', 'financial status', 'total', 'subtotal', 'currency') !== '' && row.text('created at') !== '';

function firstOf(row: Cells, name: string): Order {
  const isCancelled =
    row.text('cancelled at') !== '' || row.text('financial status').toLowerCase() === 'voided';
  const refunded = row.money('refunded amount') ?? 0;
  const email = row.text('email').toLowerCase();
  const subtotal = row.money('subtotal');
  const discount = row.money('discount amount') ?? 0;
  return {
    name,
    id: row.text('id').replace(/\.0+$/, '') || name,
    date: row.time('created at')!,
    isCancelled,
    location: row.text('location'),
    header: {
      customer_id: email.length <= 64 ? email : slug(email),
      customer_name: email === '' ? undefined : row.text('billing name', 'shipping name'),
      city: row.text('shipping city', 'billing city'),
      state: row.text('shipping province', 'billing province'),
      country: row.text('shipping country', 'billing country'),
      payment_method: row.text('payment method').slice(0, 50),
      tax: hasTaxOnTop(row) ? amount(row.money('taxes')) : undefined,
      shipping_cost: amount(row.money('shipping')),
      reason: refunded > 0 ? `refunded ${amount(refunded)!.replace(/0{1,2}$/, '')}` : undefined,
    },
    // Where nothing says what is to come, a discount that the first line repeats is taken to be all in the lines.
    discountLeft: subtotal === undefined && (row.money('lineitem discount') ?? 0) > 0 ? 0 : discount,
    toCome: subtotal === undefined ? undefined : subtotal + discount,
    lines: 0,
  };
}

/** A shop whose prices include the tax has no room for it in the total. */
function hasTaxOnTop(row: Cells): boolean {
  const [subtotal, total] = [row.money('subtotal'), row.money('total')];
  if (subtotal === undefined || total === undefined) return true;
  return total > subtotal + (row.money('shipping') ?? 0) + (row.money('taxes') ?? 0) - CENT;
}

/** Totals are rounded on their own. */
const CENT = 100;

/**
 * What this line bears of the order's discount: only what the lines after it cannot, because Shopify repeats in the
 * lines what it took off them alone, and a later line may be the one that says so.
 */
function shareOf(order: Order, gross: number, ownDiscount: number): number {
  if (order.toCome !== undefined) {
    order.discountLeft = Math.max(0, order.discountLeft - ownDiscount);
    order.toCome = Math.max(0, order.toCome - gross);
  }
  const isDue = Math.max(0, order.discountLeft - (order.toCome ?? 0));
  const share = Math.max(0, Math.min(isDue, gross - ownDiscount));
  order.discountLeft -= share;
  return share;
}

function lineOf(order: Order, row: Cells, no: number, mentioned: Mentioned): Translation {
  const stated = row.units('lineitem quantity') ?? fail('lineitem quantity', 'is empty');
  // An item that was taken out of the order has no quantity any more; its line has to be found again all the same.
  const isRemoved = stated === 0;
  const units = isRemoved ? 1 : stated;
  const price = row.money('lineitem price') ?? fail('lineitem price', 'is empty');
  const sku = row.text('lineitem sku');
  const ownDiscount = row.money('lineitem discount') ?? 0;
  const share = shareOf(order, stated * price, ownDiscount);
  const { tax, shipping_cost, ...header } = order.header;
  const isShipped = row.text('lineitem fulfillment status').toLowerCase() === 'fulfilled';
  const rows: CanonicalRow[] = [
    ...(order.location === '' ? [] : mentioned.location(order.location)),
    canonical(
      'sales_lines',
      {
        ...header,
        // the order's own: once
        ...(no === 1 ? { tax, shipping_cost } : {}),
        order_id: order.id,
        line: no,
        date: order.date,
        product_id: sku || slug(row.text('lineitem name')),
        product_name: row.text('lineitem name'),
        brand: row.text('vendor'),
        quantity: units,
        unit_price: amount(price),
        discount: amount(ownDiscount + share),
        status: order.isCancelled || isRemoved ? 'cancelled' : isShipped ? 'shipped' : 'processing',
        location_id: order.location,
      },
      { revises: true },
    ),
  ];
  const imputed = [
    ...(sku === '' ? ['product_id from the name of the item: it has no SKU'] : []),
    ...(isRemoved ? ['quantity 1 of a line that was taken out of its order'] : []),
  ];
  return { rows, imputed };
}
