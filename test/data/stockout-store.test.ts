import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addDays } from '../../shared/core/calendar/add-days.ts';
import type { MovementType } from '../../shared/core/inventory/movement-types.ts';
import { recordMovements } from '../../shared/data/ledger/ledger-store.ts';
import { daysOutOf, readStockouts } from '../../shared/data/ledger/stockout-store.ts';
import { json } from '../../shared/data/sql/database.ts';
import { openTestDatabase } from '../database.ts';

/** Days of movements are counted from four weeks before. */
const AS_OF = '2011-11-27';
const FIRST = '2011-10-31';

let db: Awaited<ReturnType<typeof openTestDatabase>>;
let products = 0;

beforeAll(async () => {
  db = await openTestDatabase({ brokenOnPurpose: ['ledger'] });
});
afterAll(() => db.close());

type Movement = readonly [day: number, units: number, type: MovementType, reason?: string];

async function product(backorders = false): Promise<string> {
  const id = `P${++products}`;
  await db.database.write(
    'INSERT INTO products (product_id, product_name, backorders_allowed) VALUES (:id, :id, :backorders)',
    { id, backorders: backorders ? 1 : 0 },
  );
  return id;
}

/** Books movements one after the other, in this order, as an import does. */
async function book(id: string, movements: readonly Movement[]): Promise<void> {
  for (const [day, units, type, reason = null] of movements)
    await db.database.transaction((tx) =>
      recordMovements(
        tx,
        [
          {
            key: `${id} ${Math.random()}`,
            productId: id,
            locationId: 'MAIN',
            date: `${addDays(FIRST, day)} 12:00:00`,
            quantityChange: units,
            type,
            reason,
            referenceId: null,
          },
        ],
        { actor: 'test' },
      ),
    );
}

async function daysOut(id: string, weeks = 4): Promise<number[]> {
  const stockouts = await readStockouts(db.database, [{ productId: id, locationId: 'MAIN' }], AS_OF);
  return daysOutOf(stockouts.get(`${id}|MAIN`), weeks);
}

async function daysOutAfter(movements: readonly Movement[], backorders = false): Promise<number[]> {
  const id = await product(backorders);
  await book(id, movements);
  return daysOut(id);
}

describe('an article is out of stock', () => {
  test('on the days after it ran out, until something comes', async () => {
    // sold out on the 2nd, filled on the 16th: the 3rd to the 15th
    expect(
      await daysOutAfter([
        [1, 10, 'opening'],
        [2, -10, 'sale'],
        [16, 10, 'receipt'],
      ]),
    ).toEqual([4, 7, 2, 0]);
  });

  test('up to the day asked about while nothing comes, and what comes later does not change that', async () => {
    const id = await product();
    await book(id, [
      [1, 10, 'opening'],
      [23, -10, 'sale'],
    ]);
    expect(await daysOut(id)).toEqual([0, 0, 0, 4]);
    await book(id, [
      [29, 8, 'receipt'],
      [30, -9, 'sale'],
    ]);
    expect(await daysOut(id)).toEqual([0, 0, 0, 4]);
  });

  test('after a count, where the ledger had begun with sales of stock that nobody had counted', async () => {
    const movements: Movement[] = [
      [1, -3, 'sale'],
      [8, 5, 'adjustment', 'stock count'],
      [9, -5, 'sale'],
    ];
    expect(await daysOutAfter(movements)).toEqual([0, 4, 7, 7]);
  });

  test('as long as it may still be wanted: half a year', async () => {
    const id = await product();
    await book(id, [
      [-300, 10, 'opening'],
      [-250, -10, 'sale'],
    ]);
    const weeks = await daysOut(id, 60);
    expect(weeks.reduce((sum, days) => sum + days, 0)).toBe(182);
    expect(weeks.slice(-10)).toEqual(new Array(10).fill(0));
  });
});

describe('an article is not out of stock', () => {
  test('on days on which something moved', async () => {
    expect(
      await daysOutAfter([
        [1, 10, 'opening'],
        [2, -10, 'sale'],
        [3, 10, 'receipt'],
        [3, -10, 'sale'],
        [4, 1, 'receipt'],
      ]),
    ).toEqual([0, 0, 0, 0]);
  });

  test('where the ledger knows sales only, even with returns', async () => {
    expect(
      await daysOutAfter([
        [1, -3, 'sale'],
        [9, -3, 'sale'],
        [10, 2, 'return', 'goods returned'],
        [11, -2, 'sale'],
      ]),
    ).toEqual([0, 0, 0, 0]);
  });

  test('where the next thing is a sale: it was there all the time', async () => {
    expect(
      await daysOutAfter([
        [1, 10, 'opening'],
        [2, -10, 'sale'],
        [16, -4, 'sale'],
        [17, 3, 'receipt'],
      ]),
    ).toEqual([0, 0, 0, 0]);
  });

  test('where more was taken than the ledger knew of: nobody knows what is left', async () => {
    expect(
      await daysOutAfter([
        [1, 10, 'opening'],
        [2, -14, 'sale'],
      ]),
    ).toEqual([0, 0, 0, 0]);
  });

  test('where it may be sold without stock', async () => {
    expect(
      await daysOutAfter(
        [
          [1, 10, 'opening'],
          [2, -10, 'sale'],
        ],
        true,
      ),
    ).toEqual([0, 0, 0, 0]);
  });
});

test('a receipt that is recorded late fills the days since it came', async () => {
  const id = await product();
  await book(id, [
    [1, 10, 'opening'],
    [2, -10, 'sale'],
  ]);
  expect(await daysOut(id)).toEqual([4, 7, 7, 7]);
  await book(id, [[9, 6, 'receipt']]);
  expect(await daysOut(id)).toEqual([4, 2, 0, 0]);
  await book(id, [[20, -6, 'sale']]);
  expect(await daysOut(id)).toEqual([4, 2, 0, 7]);
});

test('the stock-outs of a whole chunk with the longest names fit into one answer', async () => {
  const ids = Array.from(
    { length: 250 },
    (_, i) => `${'LONG-PRODUCT-NUMBER-'.repeat(3)}${String(i).padStart(4, '0')}`,
  );
  await db.database.write(
    `INSERT INTO products (product_id, product_name) SELECT id, id FROM JSON_TABLE(:ids, '$[*]' COLUMNS (id VARCHAR(64) PATH '$')) AS j`,
    { ids: json(ids) },
  );
  await db.database.write(
    `INSERT INTO stock (product_id, location_id) SELECT id, 'MAIN' FROM JSON_TABLE(:ids, '$[*]' COLUMNS (id VARCHAR(64) PATH '$')) AS j`,
    { ids: json(ids) },
  );
  // one unit comes every third day of two years, and is sold on the day
  const days = Array.from({ length: 243 }, (_, i) => addDays(AS_OF, -3 * i - 1));
  for (const [units, type] of [
    [1, 'receipt'],
    [-1, 'sale'],
  ])
    await db.database.write(
      `INSERT INTO inventory_log (product_id, warehouse, date, quantity_change, stock_level, change_type, actor, movement_key)
       SELECT i.id, 'MAIN', d.day, :units, 0, :type, 'test', CONCAT(:type, ' ', i.id, d.day)
         FROM JSON_TABLE(:ids, '$[*]' COLUMNS (id VARCHAR(64) PATH '$')) AS i
         JOIN JSON_TABLE(:days, '$[*]' COLUMNS (day DATE PATH '$')) AS d`,
      { ids: json(ids), days: json(days), units: units!, type: type! },
    );
  const keys = ids.map((productId) => ({ productId, locationId: 'MAIN' }));
  const found = await readStockouts(db.database, keys, AS_OF);
  expect(found.size).toBe(250);
  const weeks = daysOutOf(found.get(`${ids[7]}|MAIN`), 104);
  expect(weeks.reduce((sum, one) => sum + one, 0)).toBe(242 * 2 + 1);
});
