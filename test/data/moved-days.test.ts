import { afterAll, beforeAll, expect, it } from 'vitest';
import { foldPosition } from '../../shared/core/analytics/kpis/fold-position.ts';
import { readMovedDays, SINCE } from '../../shared/data/ledger/moved-days.ts';
import { readInParts } from '../../shared/data/ledger/read-in-parts.ts';
import { date, json } from '../../shared/data/sql/database.ts';
import { openTestDatabase, type TestDatabase } from '../database.ts';

let opened: TestDatabase;
/** Enough that no part holds them all. */
const PRODUCTS = 2_500;
const PERIOD = { from: date('2024-01-02'), to: date('2024-01-04') };
const id = (n: number) => `P${String(n).padStart(4, '0')}`;

/** Each comes on the first, sells one on the second, twice on the third and once after the period. */
beforeAll(async () => {
  opened = await openTestDatabase({ brokenOnPurpose: ['ledger'] });
  const { database } = opened;
  const ids = json(Array.from({ length: PRODUCTS }, (_, n) => id(n)));
  const each = (columns: string) =>
    `SELECT ${columns} FROM JSON_TABLE(:ids, '$[*]' COLUMNS (id VARCHAR(64) PATH '$')) AS p`;
  await database.write(`INSERT INTO products (product_id, product_name, cost) ${each('id, id, 2')}`, { ids });
  await database.write(`INSERT INTO stock (product_id, location_id, stock_level) ${each(`id, 'MAIN', 6`)}`, {
    ids,
  });
  const moves = [
    ['opening', '2024-01-01', 10],
    ['sale', '2024-01-02', -1],
    ['sale', '2024-01-03 10:00', -1],
    ['sale', '2024-01-03 11:00', -1],
    ['sale', '2024-01-05', -1],
  ] as const;
  for (const [i, [type, time, units]] of moves.entries())
    await database.write(
      `INSERT INTO inventory_log (product_id, warehouse, date, quantity_change, stock_level, change_type, actor, movement_key)
       ${each(`id, 'MAIN', '${time}', ${units}, 0, '${type}', 'test', CONCAT(id, '-${i}')`)}`,
      { ids },
    );
});
afterAll(() => opened.close());

it('parts hold every product once, and none all of them', async () => {
  const parts = await readInParts(opened.database, SINCE, PERIOD, (part) =>
    readMovedDays(opened.database, part, 'TRUE'),
  );
  expect(parts.length).toBeGreaterThan(1);
  expect(parts.flat().map(({ productId }) => productId)).toEqual(
    Array.from({ length: PRODUCTS }, (_, n) => id(n)),
  );
});

it.each([0, 1_000_000])('a position where at most %i movements are is told as it was', async (most) => {
  const [position] = await readMovedDays(
    opened.database,
    { condition: 's.product_id = :id', params: { ...PERIOD, id: id(7) }, most },
    'TRUE',
  );
  expect(position).toMatchObject({ productId: id(7), unitCost: '2.0000', opening: 10, isKnown: true });
  // where there are many, those of a day are one
  expect(position!.moved).toHaveLength(most === 0 ? 4 : 3);
  expect(foldPosition(position!, position!.moved, 3)).toMatchObject({ unitDays: 9 + 7 + 7, closing: 7 });
});
