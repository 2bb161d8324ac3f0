import { expect, test } from 'vitest';
import { excludedOf, faultsOf, imputedOf, translate } from './translate-file.ts';

test('products of WooCommerce: variations lie somewhere, parents do not; an empty stock is no stock', () => {
  const file = translate('woocommerce-products.csv');
  expect(file.formats).toEqual(['woocommerce_products']);
  expect(file.rowsOf('products')).toMatchObject([
    {
      product_id: 'SHIRT-R',
      product_name: 'Shirt - Red',
      category: 'Shirts',
      brand: 'Loom',
      unit_price: 199_000,
      backorders_allowed: true,
      is_active: true,
    },
    // it shows the SKU of its parent
    { product_id: 'woo-12', category: 'Shirts', backorders_allowed: false },
    { product_id: 'CAP', category: 'Hats', backorders_allowed: true, is_active: false },
    { product_id: 'HELP', is_service: true },
    { product_id: 'SOCK', unit_price: 45_000 },
  ]);
  expect(file.rowsOf('stock_on_hand').map((row) => [row.product_id, row.quantity])).toEqual([
    ['SHIRT-R', 7],
    ['SOCK', 0],
  ]);
  expect(excludedOf(file)).toEqual(['parent of variations', 'group of products', 'sold by somebody else']);
  expect(imputedOf(file).flat()).toEqual([
    'product_id from the ID: the product has no SKU',
    'quantity 0 for stock below zero',
  ]);
});

test('orders of WooCommerce with a row a line item', () => {
  const file = translate('woocommerce-orders.csv', { timeZone: 'Europe/Oslo' });
  expect(file.formats).toEqual(['woocommerce_orders']);
  const lines = file.rowsOf('sales_lines');
  expect(lines.map((line) => [line.order_id, line.line, line.product_id, line.status])).toEqual([
    ['501', '1', 'SHIRT-R', 'delivered'],
    ['501', '2', 'woo-13', 'delivered'],
    ['503', '1', 'CAP', 'cancelled'],
    ['504', '1', 'CAP', 'delivered'],
  ]);
  // 20.00 for three, 19.00 after the discount
  expect(lines[0]).toMatchObject({
    date: '2026-08-01 07:30:00.000',
    unit_price: 66_667,
    discount: 10_001,
    tax: 19_000,
    shipping_cost: 45_000,
    customer_id: '7',
    customer_name: 'Ida Holm',
    city: 'Bergen',
    payment_method: 'stripe',
  });
  expect(lines[1]!.shipping_cost).toBeNull();
  expect(lines[2]!.customer_id).toBe('ida@example.com');
  expect(lines[3]!.reason).toBe('refunded');
  expect(excludedOf(file)).toEqual(['status pending']);
});

test('orders of WooCommerce with their items packed into a cell', () => {
  const file = translate('woocommerce-orders-packed.csv');
  expect(file.formats).toEqual(['woocommerce_orders']);
  expect(file.rowsOf('sales_lines')).toMatchObject([
    {
      order_id: '601',
      line: '1',
      product_id: 'MUG',
      product_name: 'Mug; blue',
      quantity: 2,
      unit_price: 100_000,
      discount: 20_000,
    },
    {
      order_id: '601',
      line: '2',
      product_id: 'woo-22',
      product_name: 'Tray',
      quantity: 1,
      unit_price: 90_000,
    },
  ]);
});

test.each(['square-items-35.csv', 'square-items-24.csv'])('items of Square, %s', (name) => {
  const file = translate(name);
  expect(file.formats).toEqual(['square_items']);
  expect(file.rowsOf('sales_lines').slice(0, 2)).toMatchObject([
    {
      order_id: 'TX1',
      line: '1',
      // 21:59 of the evening before in New York
      date: '2026-07-19 01:59:30.000',
      product_id: 'HB-250',
      category: 'Coffee',
      quantity: 2,
      unit_price: 80_000,
      discount: 16_000,
      tax: 7_200,
      location_id: 'Harbour',
      customer_id: 'C1',
      customer_name: 'Sam Reed',
    },
    {
      line: '2',
      product_id: 'filter-papers-box-of-100',
      product_name: 'Filter papers (Box of 100)',
      unit_price: 10_045_000,
      category: null,
    },
  ]);
});

test('a refund of Square brings units back, amounts without an item are no product, parts of units are refused', () => {
  const file = translate('square-items-35.csv');
  expect(file.rowsOf('sales_lines')[2]).toMatchObject({
    order_id: 'TX3',
    quantity: -1,
    unit_price: 80_000,
    discount: -8_000,
    tax: -3_600,
    reason: 'Wrong grind',
  });
  expect(excludedOf(file)).toEqual(['custom amount']);
  expect(faultsOf(file)).toEqual(['qty is not a whole number of units']);
});

test('a refund that names the transaction of its sale leaves the numbers of the sold lines alone', () => {
  const header =
    'Date,Time,Time Zone,Item,Qty,Price Point Name,SKU,Gross Sales,Transaction ID,Payment ID,Event Type';
  const coffee = '2026-01-02,10:00:00,UTC,Coffee,2.0,Regular,C,$16.00,TX1,P1,Payment';
  const cup = '2026-01-02,10:00:00,UTC,Cup,1.0,Regular,K,$5.00,TX1,P1,Payment';
  const refund = (day: string, payment: string) =>
    `2026-01-${day},10:00:00,UTC,Coffee,-1.0,Regular,C,-$8.00,TX1,${payment},Refund`;
  const lines = (...rows: string[]) =>
    translate([header, ...rows].join('\n'))
      .rowsOf('sales_lines')
      .map((line) => [line.line, line.quantity]);
  expect(lines(coffee, cup)).toEqual([
    ['1', 2],
    ['2', 1],
  ]);
  expect(lines(refund('05', 'R1'), coffee, cup)).toEqual([
    ['refund R1 1', -1],
    ['1', 2],
    ['2', 1],
  ]);
  // of another day, in an export of its own
  expect(lines(refund('09', 'R2'))).toEqual([['refund R2 1', -1]]);
  expect(lines(refund('09', ''))).toEqual([['refund 2026-01-09 10:00:00 1', -1]]);
});

test.each(['constructor', '__proto__', 'toString'])(
  'an order of the status %s is none that we know',
  (status) => {
    const file = translate(
      [
        'order_number,order_date,status,item_sku,item_name,item_quantity,item_total',
        `77,2026-01-01,${status},W1,Mug,3,6`,
      ].join('\n'),
    );
    expect(excludedOf(file)).toEqual([`status ${status.toLowerCase()}`]);
  },
);
