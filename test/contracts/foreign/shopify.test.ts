import { expect, test } from 'vitest';
import { DROPPED_AT, excludedOf, faultsOf, imputedOf, translate } from './translate-file.ts';

test('an order of Shopify: the first row speaks for all, equal rows are lines of their own', () => {
  const file = translate('shopify-orders.csv');
  expect(file.formats).toEqual(['shopify_orders']);
  const lines = file.rowsOf('sales_lines');
  expect(lines.map((line) => [line.order_id, line.line, line.product_id, line.quantity])).toEqual([
    ['6001', '1', 'MUG-L', 2],
    ['6001', '2', 'cafe-tray-oak', 3],
    ['6001', '3', 'cafe-tray-oak', 3],
    ['6002', '1', 'MUG-L', 1],
    ['6003', '1', 'PLATE', 4],
  ]);
  expect(lines[1]).toMatchObject({
    // 05:24 in a zone five hours ahead
    date: '2026-08-04 00:24:22.000',
    customer_id: 'ada@example.com',
    customer_name: 'Ada Byrne',
    city: 'York',
    country: 'GB',
    payment_method: 'Card',
    brand: 'Kiln',
  });
  expect(imputedOf(file).map((notes) => notes.length)).toEqual([0, 1, 1, 0, 0]);
});

test('tax and shipping are of the order and stand once; its discount is spread no further than lines reach', () => {
  const lines = translate('shopify-orders.csv').rowsOf('sales_lines');
  expect(lines.map((line) => [line.tax, line.shipping_cost])).toEqual([
    [44_000, 50_000],
    [null, null],
    [null, null],
    [44_000, 50_000],
    [44_000, 50_000],
  ]);
  // 30.00 off, and 80.00 to come before it: the first line is followed by enough to bear it
  expect(lines.slice(0, 3).map((line) => line.discount)).toEqual([0, 300_000, 0]);
  // what a line says of its own discount is not taken off twice
  expect(lines[4]!.discount).toBe(40_000);
});

test('a cancelled order is kept as cancelled, and a refund of money is no return of units', () => {
  const lines = translate('shopify-orders.csv').rowsOf('sales_lines');
  expect(lines.map((line) => line.status)).toEqual([
    'shipped',
    'processing',
    'processing',
    'cancelled',
    'processing',
  ]);
  expect(lines.map((line) => line.reason)).toEqual([null, null, null, 'refunded 24.84', 'refunded 12.50']);
  expect(lines[4]!.location_id).toBe('High Street');
});

test('the same order exported again has the same lines; a later row without its first is refused', () => {
  const [header, ...rows] = [
    'Name,Created at,Financial Status,Id,Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku',
    '#1,2026-08-04 05:24:22 +0500,paid,1,1,Mug,2.00,M',
    '#1,,,,1,Tray,3.00,T',
    '#2,2026-08-04 05:24:22 +0500,paid,2,1,Mug,2.00,M',
    '#1,2026-08-04 05:24:22 +0500,paid,1,1,Mug,2.00,M',
    '#1,,,,1,Tray,3.00,T',
    '#2,,,,1,Tray,3.00,T',
  ];
  const file = translate([header, ...rows].join('\n'));
  const ids = file.rowsOf('sales_lines').map((line) => `${line.order_id}:${line.line}`);
  expect(ids).toEqual(['1:1', '1:2', '2:1', '1:1', '1:2']);
  expect(faultsOf(file)).toEqual(['name is of an order whose first row does not come before it']);
  for (const line of file.lines.slice(0, 5)) expect(line).toMatchObject({ rows: [{ revises: true }] });
});

test('an item that was taken out of its order is kept as cancelled, so that a line recorded before is taken back', () => {
  const file = translate(
    [
      'Name,Created at,Financial Status,Id,Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku',
      '#1,2026-08-04 05:24:22 +0500,paid,1,0,Mug,2.00,M',
    ].join('\n'),
  );
  expect(file.rowsOf('sales_lines')[0]).toMatchObject({ quantity: 1, status: 'cancelled' });
  expect(imputedOf(file)[0]).toEqual(['quantity 1 of a line that was taken out of its order']);
});

test('stock of Shopify by location: what was typed in, without what is committed; "not stocked" is none', () => {
  const file = translate('shopify-inventory.csv');
  expect(file.formats).toEqual(['shopify_inventory']);
  expect(file.rowsOf('stock_on_hand')).toMatchObject([
    { product_id: 'MUG-L', location_id: 'High Street', quantity: 12, committed: 3, date: DROPPED_AT },
    { product_id: 'MUG-L', location_id: 'Warehouse', quantity: 50, committed: 2 },
    { product_id: 'blue-mug-small-blue', location_id: 'Warehouse', quantity: 7, committed: 0 },
    { product_id: 'BOWL', location_id: 'Warehouse', quantity: 0, committed: 0 },
  ]);
  expect(excludedOf(file)).toEqual(['not stocked at the location']);
  expect(imputedOf(file).flat()).toEqual([
    'product_id from handle and options: the variant has no SKU',
    'quantity 0 for stock below zero',
  ]);
  expect(file.rowsOf('locations').map((row) => row.location_id)).toEqual(['High Street', 'Warehouse']);
});

test('the older layout has a column per location', () => {
  const file = translate('shopify-inventory-by-location.csv');
  expect(file.formats).toEqual(['shopify_inventory']);
  expect(file.rowsOf('stock_on_hand').map((row) => [row.product_id, row.location_id, row.quantity])).toEqual([
    ['MUG-L', 'High Street', 12],
    ['MUG-L', 'Warehouse', 42],
    ['PLATE', 'Warehouse', 9],
  ]);
  expect(excludedOf(file)).toEqual(['not stocked at any location']);
});

test('products of Shopify come out the same from the older and the newer headers', () => {
  const [older, newer] = [translate('shopify-products.csv'), translate('shopify-products-new.csv')];
  expect([older.formats, newer.formats]).toEqual([['shopify_products'], ['shopify_products']]);
  expect(newer.lines).toEqual(older.lines);
  expect(older.rowsOf('products')).toMatchObject([
    {
      product_id: 'MUG-L',
      product_name: 'Blue mug - Large',
      category: 'Mug',
      brand: 'Kiln',
      unit_price: 100_000,
      cost: 42_000,
      is_service: false,
      backorders_allowed: false,
      is_active: true,
    },
    {
      product_id: 'blue-mug-small',
      product_name: 'Blue mug - Small',
      category: 'Mug',
      backorders_allowed: true,
      cost: null,
    },
    { product_id: 'GIFT-25', category: 'Gift Cards', is_service: true, is_active: false },
  ]);
  expect(older.rowsOf('stock_on_hand').map((row) => [row.product_id, row.quantity])).toEqual([
    ['MUG-L', 12],
    ['blue-mug-small', 0],
  ]);
  expect(excludedOf(older)).toEqual(['only a picture']);
});

const ORDER =
  'Name,Id,Financial Status,Subtotal,Shipping,Taxes,Total,Discount Amount,Created at,Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku,Lineitem discount';

test('a discount that a later line repeats is taken off that line alone; what is left is of the order', () => {
  const discounts = (...rows: string[]) =>
    translate([ORDER, ...rows].join('\n'))
      .rowsOf('sales_lines')
      .map((line) => line.discount);
  const first = (subtotal: string, discount: string, own: string) =>
    `#1,1,paid,${subtotal},0,0,${subtotal},${discount},2026-08-04 10:00:00 +0000,1,Mug,10,M,${own}`;
  const second = (own: string) => `#1,,,,,,,,2026-08-04 10:00:00 +0000,1,Plate,20,P,${own}`;
  expect(discounts(first('25', '5', '0'), second('5'))).toEqual([0, 50_000]);
  expect(discounts(first('22', '8', '0'), second('5'))).toEqual([0, 80_000]);
  expect(discounts(first('22', '8', '5'), second('0'))).toEqual([50_000, 30_000]);
  // more than the last line costs
  expect(discounts(first('5', '25', '0'), second('0'))).toEqual([50_000, 200_000]);
  // a shipping that was given away is no discount of a line
  expect(discounts(first('30', '4', '0'), second('0'))).toEqual([0, 0]);
});

test('taxes that the prices include are not added once more', () => {
  const tax = (total: string) =>
    translate(
      [ORDER, `#2,2,paid,119,5,19,${total},0,2026-08-04 10:00:00 +0000,1,Mug,119,M,0`].join('\n'),
    ).rowsOf('sales_lines')[0]!.tax;
  expect(tax('124.00')).toBeNull();
  expect(tax('143.00')).toBe(190_000);
});
