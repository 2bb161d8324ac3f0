import { afterEach, beforeEach, expect, test } from 'vitest';
import { Fault } from '../../shared/contracts/fault.ts';
import type { MovementFact } from '../../shared/core/inventory/book-movements.ts';
import type { MovementType } from '../../shared/core/inventory/movement-types.ts';
import { insertProductStubs } from '../../shared/data/catalogue/product-store.ts';
import { findViolations } from '../../shared/data/ledger/invariants.ts';
import { recordMovements, recordOrderMovements } from '../../shared/data/ledger/ledger-store.ts';
import { openTestDatabase, type TestDatabase } from '../database.ts';
import { movementsIn } from '../functions/ingest/ledger-facts.ts';

let db: TestDatabase;

beforeEach(async () => {
  db = await openTestDatabase();
  const product = (productId: string) => ({ productId, productName: productId, category: null, brand: null });
  await db.database.transaction((tx) =>
    insertProductStubs(
      tx,
      ['A', 'B'].map((productId) => ({ ...product(productId), unitPrice: null, isService: false })),
    ),
  );
});

afterEach(() => db.close());

let keys = 0;
const fact = (productId: string, quantityChange: number, type: MovementType): MovementFact => ({
  key: `k${++keys}`,
  productId,
  locationId: 'MAIN',
  date: '2024-01-01 10:00:00.000',
  quantityChange,
  type,
  reason: null,
  referenceId: null,
});
const by = { actor: 'test' };
const receive = (productId: string, units: number) =>
  db.database.transaction((tx) => recordMovements(tx, [fact(productId, units, 'receipt')], by));

test('an order that is short of one product books nothing at all, and says what is short', async () => {
  await receive('A', 10);
  await receive('B', 5);
  const order = db.database.transaction((tx) =>
    recordOrderMovements(tx, [fact('A', -4, 'sale'), fact('B', -3, 'sale'), fact('B', -3, 'sale')], by),
  );
  await expect(order).rejects.toMatchObject({
    kind: 'conflict',
    details: [{ field: 'B', reason: '6 wanted, 5 in stock' }],
  });
  expect(await movementsIn(db.database)).toEqual(['A receipt 10 -> 10', 'B receipt 5 -> 5']);
});

test('of many orders for the last units at once exactly as many succeed as there are units', async () => {
  await receive('A', 3);
  const orders = Array.from({ length: 8 }, () =>
    db.database
      .transaction((tx) => recordOrderMovements(tx, [fact('A', -1, 'damage')], by))
      .then(
        () => 'sold',
        (error: unknown) => (error instanceof Fault ? error.kind : error),
      ),
  );
  expect((await Promise.all(orders)).sort()).toEqual([
    ...Array(5).fill('conflict'),
    ...Array(3).fill('sold'),
  ]);
  expect((await movementsIn(db.database)).at(-1)).toBe('A damage -1 -> 0');
  expect(await findViolations(db.database)).toEqual([]);
});

test('writers of the same products in opposite orders do not lose a unit', async () => {
  await Promise.all(
    Array.from({ length: 10 }, (_, i) => {
      const facts = [fact('A', 1, 'receipt'), fact('B', 1, 'receipt')];
      return db.database.transaction((tx) => recordMovements(tx, i % 2 ? facts.reverse() : facts, by));
    }),
  );
  expect((await movementsIn(db.database)).slice(-2).sort()).toEqual([
    'A receipt 1 -> 10',
    'B receipt 1 -> 10',
  ]);
  expect(await findViolations(db.database)).toEqual([]);
});

test('what is in the ledger can neither be changed nor removed', async () => {
  await receive('A', 10);
  await expect(db.master.write('UPDATE inventory_log SET quantity_change = 9')).rejects.toThrow(/1644/);
  await expect(db.master.write('DELETE FROM inventory_log')).rejects.toThrow(/1644/);
});

test('stock that was changed past the ledger is found', async () => {
  await receive('A', 10);
  expect(await findViolations(db.database)).toEqual([]);
  await db.master.write(`UPDATE stock SET stock_level = 9 WHERE product_id = 'A'`);
  expect(await findViolations(db.database)).toEqual([
    {
      promise: 'stock is the sum of its movements',
      count: 1,
      examples: ['A at MAIN: stock 9, movements 10'],
    },
  ]);
  await db.master.write(`UPDATE stock SET stock_level = 10 WHERE product_id = 'A'`);
});

test('demand that no sale explains, and a sale without its movement, are found', async () => {
  await db.master.write(
    `INSERT INTO demand (product_id, location_id, date, quantity, sale_lines, revenue)
     VALUES ('A', 'MAIN', '2024-01-01', 2, 1, 5)`,
  );
  await db.master.write(
    `INSERT INTO orders (order_id, order_date, order_status, source) VALUES ('O', '2024-01-01', 'Delivered', 'test')`,
  );
  await db.master.write(
    `INSERT INTO sales (sale_id, order_id, product_id, location, date, kind, quantity_sold, sale_price, total_amount,
                        content_hash)
     VALUES ('O:1', 'O', 'B', 'MAIN', '2024-01-02', 'sale', 1, 1, 1, 'x')`,
  );
  const violations = await findViolations(db.database);
  expect(violations.map((violation) => [violation.promise, violation.count])).toEqual([
    ['demand is the sum of the sales that nothing took back', 2],
    ['every sale that was not cancelled before it left has its movement', 1],
  ]);
  for (const table of ['demand', 'sales']) await db.master.write(`DELETE FROM ${table}`);
});
