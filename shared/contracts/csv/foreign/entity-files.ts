import type { Money } from '../cells.ts';
import type { CanonicalRow } from '../foreign-format.ts';
import { amount, type Cells, canonical, fail, foreignFormat } from './cells.ts';

/**
 * A shop in six files, one an entity: customers, products, inventory, orders, order_items, sellers. Headers are written
 * `Product_ID`, `ProductID` or `product_id`. Orders make headers, items refer to them: load orders first.
 */
const spelled = (...names: readonly string[]): readonly (readonly string[])[] => [
  names,
  names.map((name) => name.replaceAll('_', '')),
];

/** The column in either spelling. */
const both = (...names: readonly string[]): string[] =>
  names.flatMap((name) => [name, name.replaceAll('_', '')]);

export const entityCustomers = foreignFormat({
  name: 'entity_customers',
  signatures: spelled('customer_id', 'customer_name', 'customer_type'),
  open: () => (row) => {
    const imputed: string[] = [];
    const filled = (value: string, otherwise: string, what: string): string => {
      if (value === '') imputed.push(`${what} ${otherwise}`);
      return value || otherwise;
    };
    const rows = [
      canonical('customers', {
        customer_id: row.text(...both('customer_id')),
        customer_name: filled(row.text(...both('customer_name')), 'Unknown', 'customer_name'),
        type: filled(row.text(...both('customer_type')), 'New', 'customer_type'),
        city: row.text('city'),
        state: row.text('state'),
        country: filled(row.text('country'), 'USA', 'country'),
      }),
    ];
    return { rows, imputed };
  },
});

export const entityProducts = foreignFormat({
  name: 'entity_products',
  signatures: [
    ...spelled('product_id', 'product_name', 'cost_price'),
    ['productid', 'productname', 'cost_price'],
  ],
  open: () => (row) => {
    const imputed: string[] = [];
    let price = row.money(...both('unit_price'), ...both('selling_price'), 'price');
    let cost = row.money(...both('cost_price'));
    if (cost === undefined && price !== undefined) {
      cost = share(price, 0.7);
      imputed.push('cost 0.7 of the price');
    } else if (price === undefined && cost !== undefined) {
      price = share(cost, 1.3);
      imputed.push('unit_price 1.3 of the cost');
    }
    const name = row.text(...both('product_name'));
    if (name === '') imputed.push('product_name Unknown');
    return {
      rows: [
        canonical('products', {
          product_id: row.text(...both('product_id')),
          product_name: name || 'Unknown',
          category: row.text('category'),
          brand: row.text('brand'),
          unit_price: amount(price),
          cost: amount(cost),
        }),
      ],
      imputed,
    };
  },
});

const share = (money: Money, part: number): Money => Math.round(money * part);

/** What is there now is counted; what was there at first is history, and what the state is called follows from both. */
export const entityInventory = foreignFormat({
  name: 'entity_inventory',
  signatures: [
    ...spelled('product_id', 'initial_stock', 'current_stock'),
    ['productid', 'initial_stock', 'current_stock'],
  ],
  open: (file) => (row) => {
    const product_id = row.text(...both('product_id')) || fail('product_id', 'is empty');
    const stated = row.units(...both('current_stock'));
    const units = stated ?? row.units(...both('initial_stock')) ?? fail('current_stock', 'is empty');
    const imputed: string[] = [];
    if (stated === undefined) imputed.push('quantity from the initial stock');
    if (units < 0) imputed.push('quantity 0 for stock below zero');
    return {
      rows: [
        canonical('products', thresholdsOf(row, product_id)),
        canonical('stock_on_hand', { product_id, quantity: Math.max(units, 0), date: file.droppedAt }),
      ],
      imputed,
    };
  },
});

const thresholdsOf = (row: Cells, product_id: string) => ({
  product_id,
  product_name: product_id,
  reorder_threshold: row.units(...both('reorder_level')),
  reorder_quantity: row.units(...both('restock_quantity')),
});

export const entityOrders = foreignFormat({
  name: 'entity_orders',
  signatures: spelled('order_id', 'customer_id', 'order_date', 'order_status'),
  open(file) {
    const hasProducts = file.headers.some((header) => /^product_?id$/i.test(header.trim()));
    return (row) => {
      if (hasProducts)
        fail('product_id', 'is in a file of orders without lines: map its columns to sales_lines');
      const rows: CanonicalRow[] = [
        canonical('order_headers', {
          order_id: row.text(...both('order_id')),
          date: row.time(...both('order_date')),
          status: row.text(...both('order_status')),
          customer_id: row.text(...both('customer_id')),
          seller_id: row.text(...both('seller_id')),
          payment_method: row.text(...both('payment_method')),
          city: row.text('city'),
          state: row.text('state'),
          country: row.text('country'),
        }),
      ];
      return { rows };
    };
  },
});

export const entityOrderItems = foreignFormat({
  name: 'entity_order_items',
  signatures: spelled('order_id', 'product_id', 'quantity', 'unit_price'),
  open(file) {
    const hasDate = file.headers.some((header) => /^(order_?)?date$/i.test(header.trim()));
    return (row) => {
      if (hasDate) fail('date', 'is in a file of lines without dates: map its columns to sales_lines');
      return {
        rows: [
          canonical('order_items', {
            order_id: row.text(...both('order_id')),
            product_id: row.text(...both('product_id')),
            quantity: row.units('quantity'),
            unit_price: amount(row.money(...both('unit_price'))),
            line: row.text(...both('order_item_id'), ...both('item_id')),
            discount: amount(row.money('discount')),
            tax: amount(row.money('tax')),
            shipping_cost: amount(row.money(...both('shipping_cost'))),
          }),
        ],
      };
    };
  },
});

export const entitySellers = foreignFormat({
  name: 'entity_sellers',
  signatures: [
    ...spelled('seller_id', 'seller_name', 'seller_rating'),
    ['seller_id', 'seller_name', 'sellerrating'],
  ],
  open: () => (row) => {
    const name = row.text(...both('seller_name'));
    const rows = [
      canonical('sellers', { seller_id: row.text(...both('seller_id')), seller_name: name || 'Unknown' }),
    ];
    return name === '' ? { rows, imputed: ['seller_name Unknown'] } : { rows };
  },
});
