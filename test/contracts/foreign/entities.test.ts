import { expect, test } from 'vitest';
import { DROPPED_AT, excludedOf, faultsOf, imputedOf, translate } from './translate-file.ts';

test('files of planning systems: items, locations, stock', () => {
  const items = translate('erp-items.csv');
  expect(items.formats).toEqual(['erp_items']);
  expect(items.rowsOf('products')).toMatchObject([
    { product_id: 'BOLT-M8', product_name: 'Bolt M8, zinc', category: 'Fasteners', cost: 1_200 },
    { product_id: 'NUT-M8', product_name: 'NUT-M8', category: 'Nuts' },
  ]);
  const locations = translate('erp-locations.csv');
  expect(locations.formats).toEqual(['erp_locations']);
  expect(locations.rowsOf('locations')).toMatchObject([
    { location_id: 'factory', location_name: 'Factory, hall 2' },
    { location_id: 'shop', location_name: 'shop' },
  ]);
  const buffers = translate('erp-buffers.csv');
  expect(buffers.formats).toEqual(['erp_buffers']);
  expect(buffers.rowsOf('stock_on_hand')).toMatchObject([
    { product_id: 'BOLT-M8', location_id: 'factory', quantity: 1200, date: DROPPED_AT },
  ]);
  expect(excludedOf(buffers)).toEqual(['no quantity']);
});

test('terms of supply: lead times as systems write them, and only what is in force', () => {
  const file = translate('erp-item-suppliers.csv');
  expect(file.formats).toEqual(['erp_item_suppliers']);
  expect(file.rowsOf('supplier_items')).toMatchObject([
    {
      supplier_id: 'Acme',
      product_id: 'BOLT-M8',
      unit_cost: 1_000,
      lead_time_days: 7,
      minimum_quantity: 100,
      order_multiple: 50,
    },
    { product_id: 'NUT-M8', lead_time_days: 14, minimum_quantity: 1, order_multiple: 1, priority: 1 },
  ]);
  expect(excludedOf(file)).toEqual(['terms that are over']);
  expect(faultsOf(file)).toEqual(['cost is empty']);
  expect(imputedOf(file)[1]).toEqual(['every location for terms of supply that were stated for one']);
});

test('sales orders of planning systems: what is closed was sold, what is open was not', () => {
  const file = translate('erp-demands.csv');
  expect(file.formats).toEqual(['erp_demands']);
  expect(file.rowsOf('sales_lines')).toMatchObject([
    {
      order_id: 'SO-1',
      product_id: 'BOLT-M8',
      quantity: 40,
      status: 'delivered',
      date: '2026-06-01 00:00:00.000',
    },
    { order_id: 'SO-3', status: 'cancelled' },
  ]);
  expect(excludedOf(file)).toEqual(['status open']);
});

test('purchase orders of planning systems: what is still to come, and what ended', () => {
  const file = translate('erp-purchase-orders.csv');
  expect(file.formats).toEqual(['erp_purchase_orders']);
  expect(file.rowsOf('purchase_orders')).toMatchObject([
    {
      reference: 'PO-1',
      supplier_id: 'Acme',
      product_id: 'BOLT-M8',
      quantity: 500,
      unit_cost: 1_000,
      location_id: 'factory',
      ordered_at: '2026-06-01 00:00:00.000',
      expected_date: '2026-06-08',
      status: 'open',
    },
    { reference: 'PO-2', quantity: 200, unit_cost: null, status: 'open' },
    { reference: 'PO-4', supplier_id: 'Bolts Ltd', location_id: null, status: 'open' },
    { reference: 'PO-5', status: 'closed' },
  ]);
  expect(excludedOf(file)).toEqual(['status proposed']);
  expect(faultsOf(file)).toEqual(['supplier is empty', 'quantity is not a whole number of units']);
});

test('a shop in six files: every default is counted as one', () => {
  const customers = translate('entity-customers.csv');
  expect(customers.formats).toEqual(['entity_customers']);
  expect(customers.rowsOf('customers')).toMatchObject([
    { customer_id: 'C1', customer_name: 'Ada Byrne', type: 'VIP', country: 'UK' },
    { customer_id: 'C2', customer_name: 'Unknown', type: 'New', country: 'USA' },
  ]);
  expect(imputedOf(customers)).toEqual([[], ['customer_name Unknown', 'customer_type New', 'country USA']]);
  const products = translate('entity-products.csv');
  expect(products.formats).toEqual(['entity_products']);
  expect(products.rowsOf('products')).toMatchObject([
    { product_id: 'P1', unit_price: 100_000, cost: 40_000 },
    { product_id: 'P2', unit_price: 260_000, cost: 200_000 },
    { product_id: 'P3', product_name: 'Unknown', unit_price: 300_000, cost: 210_000 },
  ]);
  expect(imputedOf(products)).toEqual([
    [],
    ['unit_price 1.3 of the cost'],
    ['cost 0.7 of the price', 'product_name Unknown'],
  ]);
  const sellers = translate('entity-sellers.csv');
  expect(sellers.formats).toEqual(['entity_sellers']);
  expect(sellers.rowsOf('sellers')).toEqual([
    { seller_id: 'S1', seller_name: 'North' },
    { seller_id: 'S2', seller_name: 'Unknown' },
  ]);
  const inventory = translate('entity-inventory.csv');
  expect(inventory.formats).toEqual(['entity_inventory']);
  expect(inventory.rowsOf('stock_on_hand').map((row) => [row.product_id, row.quantity])).toEqual([
    ['P1', 80],
    ['P2', 60],
    ['P3', 0],
  ]);
  expect(inventory.rowsOf('products')[0]).toMatchObject({ reorder_threshold: 20, reorder_quantity: 50 });
});

test('orders without lines and lines without dates refer to each other', () => {
  const orders = translate('entity-orders.csv');
  expect(orders.formats).toEqual(['entity_orders']);
  expect(orders.rowsOf('order_headers')).toMatchObject([
    { order_id: 'O1', date: '2026-06-01 10:00:00.000', status: 'delivered', customer_id: 'C1' },
    { order_id: 'O2', status: 'cancelled' },
  ]);
  const items = translate('entity-order-items.csv');
  expect(items.formats).toEqual(['entity_order_items']);
  expect(items.rowsOf('order_items')).toHaveLength(5);
});

test('a file that has both is neither: it is not taken for one of them', () => {
  const headers = 'OrderID,CustomerID,OrderDate,OrderStatus,ProductID,Extra';
  expect(faultsOf(translate(`${headers}\nO1,C1,2026-01-01,Delivered,P1,x`))).toHaveLength(1);
  const items = 'order_id,product_id,quantity,unit_price,order_date,extra';
  expect(faultsOf(translate(`${items}\nO1,P1,1,2.00,2026-01-01,x`))).toHaveLength(1);
});

test('inventory of commercetools: reserved units are sold already', () => {
  const file = translate('commercetools-inventory.csv');
  expect(file.formats).toEqual(['commercetools_inventory']);
  expect(file.rowsOf('stock_on_hand')).toMatchObject([
    { product_id: 'MUG-L', location_id: 'leeds', quantity: 12, committed: 3 },
    { product_id: 'MUG-L', location_id: null, quantity: 5, committed: 0 },
  ]);
});
