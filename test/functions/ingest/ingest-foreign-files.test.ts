import { readdirSync, readFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import * as z from 'zod';
import { findViolations } from '../../../shared/data/ledger/invariants.ts';
import { openTestDatabase, type TestDatabase } from '../../database.ts';
import { type Drops, openDrops } from './drop-file.ts';

let db: TestDatabase;
let drops: Drops;

beforeEach(async () => {
  db = await openTestDatabase();
  drops = openDrops(db.database);
});

afterEach(async () => {
  const violations = await findViolations(db.database);
  await db.close();
  expect(violations).toEqual([]);
});

const FOLDER = new URL('../../fixtures/imports/', import.meta.url);
const drop = (name: string, tag = '') =>
  drops.drop(readFileSync(new URL(name, FOLDER)), `drop/${tag}${name}`);

const Text = z.object({ what: z.string().nullable() });
const read = async (sql: string) => (await db.database.select(Text, sql)).map((row) => row.what);
const stock = () =>
  read(`SELECT CONCAT(product_id, ' at ', location_id, ': ', stock_level) AS what
          FROM stock WHERE stock_level <> 0 ORDER BY product_id, location_id`);
const demand = () =>
  read(`SELECT CONCAT(product_id, ' ', SUM(quantity)) AS what
          FROM demand GROUP BY product_id HAVING SUM(quantity) <> 0 ORDER BY product_id`);

test('orders of Shopify are demand, but for cancelled ones', async () => {
  const report = await drop('shopify-orders.csv');
  expect(report).toMatchObject({
    format: 'shopify_orders',
    status: 'done',
    rejected_rows: 0,
    excluded_rows: 1,
  });
  expect(await demand()).toEqual(['MUG-L 2', 'PLATE 4', 'cafe-tray-oak 6']);
  expect(await read('SELECT name AS what FROM customer')).toEqual(['Ada Byrne']);
});

test('stock of Shopify is what nobody bought yet, at locations that the file makes', async () => {
  await drop('shopify-inventory.csv');
  expect(await stock()).toEqual([
    'MUG-L at High Street: 9',
    'MUG-L at Warehouse: 48',
    'blue-mug-small-blue at Warehouse: 7',
  ]);
  // what somebody named stays named
  await db.database.write(`UPDATE location SET name = 'The warehouse' WHERE location_id = 'Warehouse'`);
  await drop('shopify-inventory.csv', 'again/');
  expect(await read(`SELECT name AS what FROM location WHERE location_id = 'Warehouse'`)).toEqual([
    'The warehouse',
  ]);
});

test('a later report of Amazon corrects orders: a price comes, a cancelled order stops being demand', async () => {
  await drop('amazon-all-orders-by-order-date.txt');
  expect(await demand()).toEqual(['POT-1 7', 'POT-2 1']);
  const report = await drop('amazon-all-orders-by-last-update.txt');
  expect(report).toMatchObject({ status: 'done', rejected_rows: 0 });
  expect(await demand()).toEqual(['POT-1 7']);
  expect(
    await read(`SELECT CONCAT(kind, ' ', sale_price) AS what FROM sales
                 WHERE order_id IN ('202-002', '202-005') ORDER BY order_id`),
  ).toEqual(['sale 9.9900', 'cancelled 0.0000']);
});

test('the ledger of FBA ends at the balances of Amazon, is no demand, and comes again without effect', async () => {
  const report = await drop('amazon-fba-ledger.txt');
  expect(report).toMatchObject({ format: 'amazon_fba_ledger', rejected_rows: 1, shortages: 0 });
  expect(drops.rejects(report)).toContain('differs by -1 units');
  expect(await stock()).toEqual(['POT-1 at FBA-GB: 33', 'POT-1 at FBA-GB-WAREHOUSE_DAMAGED: 1']);
  expect(await demand()).toEqual([]);
  await drops.drop(`${readFileSync(new URL('amazon-fba-ledger.txt', FOLDER), 'utf8')}\n`, 'drop/again.txt');
  expect(await stock()).toEqual(['POT-1 at FBA-GB: 33', 'POT-1 at FBA-GB-WAREHOUSE_DAMAGED: 1']);
});

test('products of WooCommerce bring stock, backorders and states; a description of later leaves what it does not say', async () => {
  await drop('woocommerce-products.csv');
  expect(await stock()).toEqual(['SHIRT-R at MAIN: 7']);
  expect(
    await read(`SELECT CONCAT(product_id, ' ', backorders_allowed, is_active, is_service) AS what
                  FROM products ORDER BY product_id`),
  ).toEqual(['CAP 100', 'HELP 011', 'SHIRT-R 110', 'SOCK 110', 'woo-12 010']);
  await drops.drop('product_id,product_name\nCAP,Knitted cap\n');
  expect(
    await read(`SELECT CONCAT(product_name, ' ', unit_price, ' ', backorders_allowed) AS what
                  FROM products WHERE product_id = 'CAP'`),
  ).toEqual(['Knitted cap 9.0000 1']);
});

test('items wait for their orders: unknown ones are rejected, then joined, and follow a later header', async () => {
  const early = await drop('entity-order-items.csv', 'early/');
  expect(early).toMatchObject({ imported_rows: 0, rejected_rows: 5 });
  expect(drops.rejects(early)).toContain('is no known order: import its header first');
  await drop('entity-customers.csv');
  await drop('entity-products.csv');
  await drop('entity-inventory.csv');
  await drop('entity-orders.csv');
  const items = readFileSync(new URL('entity-order-items.csv', FOLDER), 'utf8');
  const report = await drops.drop(`${items}\n`);
  expect(report).toMatchObject({ format: 'entity_order_items', imported_rows: 4, rejected_rows: 1 });
  expect(await demand()).toEqual(['P1 3', 'P2 1']);
  expect(await read('SELECT sale_id AS what FROM sales ORDER BY sale_id')).toEqual([
    'O1:P1',
    'O1:P1#2',
    'O1:P2',
    'O2:P1',
  ]);
  expect(await stock()).toEqual(['P1 at MAIN: 77', 'P2 at MAIN: 59']);
  expect(
    await read(
      `SELECT CONCAT(product_name, ' ', reorder_threshold) AS what FROM products WHERE product_id = 'P1'`,
    ),
  ).toEqual(['Mug 20']);

  const orders = readFileSync(new URL('entity-orders.csv', FOLDER), 'utf8');
  await drops.drop(orders.replace('Delivered', 'Cancelled'));
  await drops.drop(`${items}\n\n`);
  expect(await demand()).toEqual([]);
  expect(await stock()).toEqual(['P1 at MAIN: 80', 'P2 at MAIN: 60']);
});

test('every fixture is imported, and again changes nothing', async () => {
  const state = async () => [
    await stock(),
    await demand(),
    await read('SELECT CAST(COUNT(*) AS CHAR) AS what FROM sales'),
  ];
  const names = readdirSync(FOLDER).filter((name) => !name.startsWith('entity-order'));
  for (const name of names) {
    const report = await drop(name);
    expect([name, report.status, report.detail]).toEqual([name, 'done', null]);
  }
  const before = await state();
  // later counts stand: those of the same moment come in the same order
  for (const name of names) {
    await drops.drop(`${readFileSync(new URL(name, FOLDER), 'utf8')}\n`, `drop/again/${name}`);
  }
  expect(await state()).toEqual(before);
});
