import type { Money } from '../cells.ts';
import type { Translation } from '../foreign-format.ts';
import { amount, Cells, canonical, fail, foreignFormat, slug, unitPriceOf } from './cells.ts';

interface Item {
  readonly sku: string;
  readonly productId: string;
  readonly name: string;
  readonly units: number | undefined;
  /** Before discounts, of the whole line. */
  readonly subtotal: Money | undefined;
  /** After discounts, without tax, of the whole line. */
  readonly total: Money | undefined;
  readonly tax: Money | undefined;
}

/** Columns of the plugins that export orders, and of the flattened REST answer. */
const COLUMNS = {
  order: ['order_number', 'order number', 'order_id'],
  date: ['date_created', 'order_date', 'order date', 'date'],
  status: ['status', 'order status', 'order_status'],
  sku: ['item_sku', 'sku', 'line_items.sku'],
  name: ['item_name', 'item name', 'line_items.name'],
  productId: ['item_product_id', 'line_items.product_id'],
  units: ['item_quantity', 'quantity (- refund)', 'quantity', 'line_items.quantity'],
  unitCost: ['item cost'],
  subtotal: ['item_subtotal', 'line_items.subtotal'],
  total: ['item_total', 'line_items.total'],
  tax: ['item_total_tax', 'line_items.total_tax'],
} as const;
const MAX_PACKED_ITEMS = 1_000;

/**
 * Orders as the common export plugins of WooCommerce write them: a row a line item, or a row an order with its items
 * packed into cells (`name:Mug|sku:M-1|quantity:2|total:9.00;...`). Orders that are not paid yet are no sales yet; a
 * refund of money brings no units back.
 */
export const woocommerceOrders = foreignFormat({
  name: 'woocommerce_orders',
  signatures: [
    ['order_number', 'status', 'item_sku', 'item_quantity', 'item_total'],
    ['order_number', 'status', 'line_items', 'order_total'],
    ['order_number', 'order_date', 'status', 'line_item_1'],
    ['order number', 'order status', 'order date', 'item name', 'quantity (- refund)', 'item cost'],
    ['order_number', 'date_created', 'status', 'line_items.sku', 'line_items.quantity'],
  ],
  open(file) {
    const packed = file.headers
      .map((header) => header.trim().toLowerCase())
      .filter((header) => /^line_items?(_\d+)?$/.test(header));
    let [current, lines] = ['', 0];
    return (row): Translation => {
      const order = row.text(...COLUMNS.order).replace(/^#/, '') || fail('order_number', 'is empty');
      if (order !== current || packed.length > 0) [current, lines] = [order, 0];
      const status = row
        .text(...COLUMNS.status)
        .toLowerCase()
        .replace(/^wc-/, '')
        .replaceAll(' ', '-');
      const items = packed.length > 0 ? packed.flatMap((column) => unpack(row, column)) : [itemOf(row)];
      const first = lines + 1;
      lines += items.length;
      const meaning = Object.hasOwn(STATUSES, status) ? STATUSES[status] : undefined;
      if (meaning === undefined) return { excluded: `status ${status || 'empty'}` };
      if (items.length === 0) return { excluded: 'no line item' };
      if (items.length > MAX_PACKED_ITEMS) fail('line_items', `has more than ${MAX_PACKED_ITEMS} items`);
      const imputed: string[] = [];
      const rows = items.map((item, n) => {
        const id = item.sku || (item.productId === '' ? slug(item.name) : `woo-${item.productId}`);
        if (item.sku === '') imputed.push('product_id from the ID or the name: the item has no SKU');
        return lineOf(row, order, first + n, item, id, meaning, first + n === 1);
      });
      return { rows, imputed };
    };
  },
});

interface Meaning {
  readonly status: string;
  readonly reason?: string;
}

const STATUSES: Readonly<Record<string, Meaning | undefined>> = {
  completed: { status: 'delivered' },
  processing: { status: 'processing' },
  'on-hold': { status: 'processing' },
  refunded: { status: 'delivered', reason: 'refunded' },
  cancelled: { status: 'cancelled' },
  failed: { status: 'cancelled', reason: 'payment failed' },
};

function lineOf(
  row: Cells,
  order: string,
  no: number,
  item: Item,
  productId: string,
  meaning: Meaning,
  isFirst: boolean,
) {
  const units = item.units ?? fail('quantity', 'is empty');
  if (units <= 0) fail('quantity', 'is not above zero');
  const total = item.total ?? item.subtotal ?? fail('item_total', 'is empty');
  const full = Math.max(item.subtotal ?? total, total);
  const { price, remainder } = unitPriceOf(full, units);
  const email = row.text('customer_email', 'billing_email', 'email (billing)').toLowerCase();
  const customer = row.text('customer_id', 'customer_user', 'customer user id');
  const name = [
    row.text('billing_first_name', 'first name (billing)'),
    row.text('billing_last_name', 'last name (billing)'),
  ];
  return canonical(
    'sales_lines',
    {
      order_id: order,
      line: no,
      date: row.time(...COLUMNS.date) ?? fail('date', 'is empty'),
      product_id: productId,
      product_name: item.name.slice(0, 255),
      quantity: units,
      unit_price: amount(price),
      discount: amount(remainder + full - total),
      tax: amount(item.tax),
      shipping_cost: isFirst
        ? amount(row.money('shipping_total', 'order shipping amount', 'shipping'))
        : undefined,
      // guests are customer 0
      customer_id: customer !== '' && customer !== '0' ? customer : email.length <= 64 ? email : slug(email),
      customer_name: name.join(' ').trim(),
      city: row.text('shipping_city', 'city (shipping)', 'billing_city', 'city (billing)'),
      state: row.text('shipping_state', 'state code (shipping)', 'billing_state', 'state code (billing)'),
      country: row.text(
        'shipping_country',
        'country code (shipping)',
        'billing_country',
        'country code (billing)',
      ),
      payment_method: row.text('payment_method_title', 'payment_method', 'payment method title').slice(0, 50),
      status: meaning.status,
      reason: meaning.reason,
    },
    { revises: true },
  );
}

function itemOf(row: Cells): Item {
  const units = row.units(...COLUMNS.units);
  const unitCost = row.money(...COLUMNS.unitCost);
  return {
    sku: row.text(...COLUMNS.sku),
    productId: row.text(...COLUMNS.productId),
    name: row.text(...COLUMNS.name),
    units,
    subtotal: row.money(...COLUMNS.subtotal),
    total: row.money(...COLUMNS.total) ?? (unitCost === undefined ? undefined : unitCost * (units ?? 0)),
    tax: row.money(...COLUMNS.tax),
  };
}

/** The items of a packed cell; between items stands a semicolon, in names it does not follow a field. */
function unpack(row: Cells, column: string): Item[] {
  const text = row.text(column);
  if (text === '') return [];
  return text.split(/;(?=\s*(?:id|name|product_id|sku):|\s*$)/).flatMap((part) => {
    const fields = Object.fromEntries(
      part.split('|').flatMap((field) => {
        const colon = field.indexOf(':');
        return colon === -1
          ? []
          : [[field.slice(0, colon).trim().toLowerCase(), field.slice(colon + 1).trim()]];
      }),
    );
    if (Object.keys(fields).length === 0) return [];
    const cells = new Cells(fields, { ...row.style, decimal: '.' });
    return [
      {
        sku: cells.text('sku'),
        productId: cells.text('product_id'),
        name: cells.text('name'),
        units: cells.units('quantity'),
        subtotal: cells.money('subtotal', 'sub_total'),
        total: cells.money('total'),
        tax: cells.money('total_tax'),
      },
    ];
  });
}
