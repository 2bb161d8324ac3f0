import { expect, test } from 'vitest';
import { DROPPED_AT, excludedOf, faultsOf, imputedOf, translate } from './translate-file.ts';

const ORDERS = 'amazon-all-orders-by-order-date.txt';

test('all orders of Amazon: the price is of the line, to the last fraction; FBA is a location', () => {
  const file = translate(ORDERS);
  expect(file.formats).toEqual(['amazon_all_orders']);
  const [first] = file.rowsOf('sales_lines');
  expect(first).toMatchObject({
    order_id: '202-001',
    line: 'POT-1',
    date: '2026-08-01 10:15:00.000',
    quantity: 3,
    unit_price: 33_334,
    tax: 26_000,
    shipping_cost: 30_000,
    location_id: 'FBA',
    status: 'shipped',
    city: 'Leeds',
  });
  // 3 x 3.3334 - 1.0002 = 10.00 - 1.00
  expect(first!.discount).toBe(10_002);
  expect(file.rowsOf('sales_lines').map((line) => line.location_id)).toEqual([
    'FBA',
    null,
    'FBA',
    'FBA',
    'FBA',
    null,
  ]);
});

test('a pending order has no price yet, a cancelled one no quantity any more: both are kept and say so', () => {
  const file = translate(ORDERS);
  const lines = file.rowsOf('sales_lines');
  expect(lines[1]).toMatchObject({ unit_price: 0, quantity: 1, status: 'processing' });
  expect(lines[2]).toMatchObject({ status: 'cancelled', quantity: 1 });
  expect(imputedOf(file).map((notes) => notes.length)).toEqual([0, 1, 1, 0, 0, 0]);
});

test('the file by last update revises the same lines: a price comes, an order goes', () => {
  const file = translate('amazon-all-orders-by-last-update.txt');
  expect(file.formats).toEqual(['amazon_all_orders']);
  expect(file.lines.map((line) => ('rows' in line ? line.rows.at(-1) : line))).toMatchObject([
    { revises: true, row: { order_id: '202-002', line: 'POT-1', unit_price: 99_900, status: 'shipped' } },
    { revises: true, row: { order_id: '202-005', line: 'POT-2', status: 'cancelled' } },
  ]);
});

test('one SKU twice in an order at one time is two lines', () => {
  const lines = translate(ORDERS).rowsOf('sales_lines');
  expect(lines.slice(3, 5).map((line) => line.line)).toEqual(['POT-1', 'POT-1#2']);
});

test('the ledger of FBA: events are movements, balances are checked, what cannot be sold lies elsewhere', () => {
  const file = translate('amazon-fba-ledger.txt');
  expect(file.formats).toEqual(['amazon_fba_ledger']);
  expect(file.rowsOf('stock_on_hand')).toMatchObject([
    { product_id: 'POT-1', location_id: 'FBA-GB', quantity: 20, date: '2026-08-29 00:00:00.000' },
    { product_id: 'POT-1', location_id: 'FBA-GB-WAREHOUSE_DAMAGED', quantity: 0 },
    { product_id: 'POT-2', location_id: 'FBA-GB', quantity: 0 },
  ]);
  const movements = file.rowsOf('movements');
  expect(movements.map((row) => [row.location_id, row.change_type, row.quantity_change, row.reason])).toEqual(
    [
      ['FBA-GB', 'receipt', 30, null],
      ['FBA-GB', 'sale', -6, null],
      ['FBA-GB', 'return', 1, 'customer return'],
      ['FBA-GB', 'adjustment', -2, 'sent back to the seller'],
      ['FBA-GB', 'adjustment', -5, 'between warehouses of Amazon'],
      ['FBA-GB', 'adjustment', 1, 'found'],
      ['FBA-GB', 'adjustment', -1, 'lost'],
      ['FBA-GB', 'damage', -1, 'damaged'],
      ['FBA-GB-WAREHOUSE_DAMAGED', 'adjustment', 1, 'damaged'],
      ['FBA-GB', 'sale', -4, null],
      ['FBA-GB', 'adjustment', -2, 'disposed of'],
      ['FBA-GB', 'adjustment', 3, 'other events'],
      ['FBA-GB', 'adjustment', -1, 'unknown events'],
    ],
  );
  expect(movements[0]!.movement_id).toBe('fba:2026-08-29:X000AAA:SELLABLE:GB:receipts');
  expect(new Set(movements.map((row) => row.movement_id)).size).toBe(movements.length);
  // counted stock and movements of a day end where Amazon says
  const sellable = movements.filter((row) => row.location_id === 'FBA-GB');
  expect(20 + sellable.reduce((sum, row) => sum + Number(row.quantity_change), 0)).toBe(33);
  expect(faultsOf(file)).toEqual([
    'ending warehouse balance differs by -1 units from the starting balance and the events',
  ]);
});

test('a ledger that is not sorted by date is refused where it goes back', () => {
  const header =
    'Date\tFNSKU\tMSKU\tDisposition\tStarting Warehouse Balance\tReceipts\tEnding Warehouse Balance';
  const file = translate(
    [header, '08/02/2026\tX\tM\tSELLABLE\t5\t1\t6', '08/01/2026\tX\tM\tSELLABLE\t4\t1\t5'].join('\n'),
  );
  expect(faultsOf(file)[0]).toMatch(/^date is before that of an earlier row/);
});

test("inventory of FBA is counted when the file was dropped: sellable, unsellable and the seller's own", () => {
  const afn = translate('amazon-afn-inventory.txt');
  expect(afn.formats).toEqual(['amazon_afn_inventory']);
  expect(afn.rowsOf('stock_on_hand')).toMatchObject([
    { product_id: 'POT-1', location_id: 'FBA', quantity: 31, date: DROPPED_AT },
    { product_id: 'POT-1', location_id: 'FBA-UNSELLABLE', quantity: 1 },
  ]);
  const myi = translate('amazon-myi-inventory.txt');
  expect(myi.formats).toEqual(['amazon_myi_inventory']);
  expect(myi.rowsOf('stock_on_hand')).toMatchObject([
    { product_id: 'POT-1', location_id: 'FBA', quantity: 31 },
    { product_id: 'POT-1', location_id: 'FBA-UNSELLABLE', quantity: 1 },
    { product_id: 'POT-2', location_id: null, quantity: 4 },
  ]);
  expect(excludedOf(myi)).toEqual([]);
});

test('rows of one SKU at one place are counted together', () => {
  const file = translate(
    [
      'seller-sku\tfulfillment-channel-sku\tasin\tcondition-type\tWarehouse-Condition-code\tQuantity Available',
      'POT-1\tX1\tB1\tNewItem\tSELLABLE\t5',
      'POT-2\tX9\tB2\tNewItem\tSELLABLE\t1',
      'POT-1\tX2\tB1\tNewItem\tSELLABLE\t7',
      'POT-1\tX1\tB1\tNewItem\tUNSELLABLE\t3',
      '',
    ].join('\n'),
  );
  expect(file.rowsOf('stock_on_hand').map((row) => [row.product_id, row.location_id, row.quantity])).toEqual([
    ['POT-1', 'FBA', 5],
    ['POT-2', 'FBA', 1],
    ['POT-1', 'FBA', 12],
    ['POT-1', 'FBA-UNSELLABLE', 3],
  ]);
});
