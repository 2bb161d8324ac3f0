import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import * as z from 'zod';
import { Fault } from '../../shared/contracts/fault.ts';
import type { MovementFact } from '../../shared/core/inventory/book-movements.ts';
import type { MovementType } from '../../shared/core/inventory/movement-types.ts';
import { insertProductStubs } from '../../shared/data/catalogue/product-store.ts';
import { findViolations } from '../../shared/data/ledger/invariants.ts';
import { reverseMovements } from '../../shared/data/ledger/ledger-reversals.ts';
import { recordMovements } from '../../shared/data/ledger/ledger-store.ts';
import { openTestDatabase, type TestDatabase } from '../database.ts';
import { movementsIn } from '../functions/ingest/ledger-facts.ts';

let db: TestDatabase;
let sequences = 0;
const stub = { category: null, brand: null, unitPrice: null, isService: false };

beforeEach(async () => {
  db = await openTestDatabase();
  await db.database.transaction((tx) =>
    insertProductStubs(
      tx,
      ['A', 'B'].map((productId) => ({ productId, productName: productId, ...stub })),
    ),
  );
});

afterEach(async () => {
  const violations = await findViolations(db.database);
  await db.close();
  expect(violations).toEqual([]);
});

const by = { actor: 'test', reason: 'a mistake' };
const fact = (key: string, quantityChange: number, type: MovementType, productId = 'A'): MovementFact => ({
  key,
  productId,
  locationId: 'MAIN',
  date: '2024-01-01 10:00:00.000',
  quantityChange,
  type,
  reason: 'test',
  referenceId: null,
});
const book = (facts: readonly MovementFact[], isSynthetic = false) =>
  db.database.transaction((tx) => recordMovements(tx, facts, { actor: 'test', isSynthetic }));
const takeBack = (logIds: readonly number[]) =>
  db.database.transaction((tx) => reverseMovements(tx, logIds, by));

async function idOf(key: string): Promise<number> {
  const [row] = await db.database.select(
    z.object({ log_id: z.int() }),
    'SELECT log_id FROM inventory_log WHERE movement_key = :key',
    { key },
  );
  return row!.log_id;
}

async function levelOf(productId: string): Promise<number> {
  const [row] = await db.database.select(
    z.object({ stock_level: z.int() }),
    'SELECT stock_level FROM stock WHERE product_id = :productId',
    { productId },
  );
  return row!.stock_level;
}

test('a movement is taken back by its opposite, at its own time, with its key and a link to it', async () => {
  await book([fact('k', 5, 'receipt')], true);
  const id = await idOf('k');
  expect(await takeBack([id])).toMatchObject({ reversed: [id], skipped: [] });
  const rows = await db.database.select(
    z.record(z.string(), z.unknown()),
    `SELECT movement_key, change_type, quantity_change, stock_level, reason, reverses_log_id, date, is_synthetic
       FROM inventory_log
      WHERE log_id > :id`,
    { id },
  );
  expect(rows).toMatchObject([
    {
      movement_key: 'reversal:k',
      change_type: 'reversal',
      quantity_change: -5,
      stock_level: 0,
      reason: 'a mistake',
      reverses_log_id: id,
      date: expect.stringMatching(/^2024-01-01 10:00:00/),
      is_synthetic: true,
    },
  ]);
});

test('twice is once, and names what was taken back already', async () => {
  await book([fact('k', 5, 'receipt'), fact('l', 2, 'receipt')]);
  const ids = [await idOf('k'), await idOf('l')];
  await takeBack([ids[0]!]);
  expect(await takeBack(ids)).toMatchObject({ reversed: [ids[1]], skipped: [ids[0]] });
  expect(await takeBack(ids)).toMatchObject({ reversed: [], skipped: ids, movements: [] });
  expect((await movementsIn(db.database)).at(-1)).toBe('A reversal -2 -> 0');
});

test('goods that came in and are gone leave a linked adjustment, and nothing below zero', async () => {
  await book([fact('in', 5, 'receipt'), fact('out', -4, 'damage')]);
  const { shortages } = await takeBack([await idOf('in')]);
  expect(shortages).toMatchObject([
    { key: 'reversal:in:shortage', shortageOf: 'reversal:in', quantityChange: 4 },
  ]);
  expect((await movementsIn(db.database)).slice(2)).toEqual(['A adjustment 4 -> 5', 'A reversal -5 -> 0']);
});

test('with what was short goes the adjustment that covered it', async () => {
  await book([fact('in', 1, 'receipt'), fact('out', -4, 'damage')]);
  await takeBack([await idOf('out')]);
  expect((await movementsIn(db.database)).at(-1)).toBe('A reversal -3 -> 1');
});

test('a batch that fits as a whole is never short on the way', async () => {
  await book([fact('in', 5, 'receipt'), fact('out', -5, 'damage'), fact('b', 1, 'receipt', 'B')]);
  const { shortages } = await takeBack([await idOf('in'), await idOf('b'), await idOf('out')]);
  expect(shortages).toEqual([]);
});

test('a reversal that is taken back brings its movement back, which can be taken back again', async () => {
  await book([fact('k', 5, 'receipt')]);
  const id = await idOf('k');
  await takeBack([id]);
  await takeBack([await idOf('reversal:k')]);
  expect((await movementsIn(db.database)).at(-1)).toBe('A reversal 5 -> 5');
  expect(await takeBack([id])).toMatchObject({ reversed: [id] });
  expect((await movementsIn(db.database)).at(-1)).toBe('A reversal -5 -> 0');
});

test('a movement that does not exist is missing, and nothing is taken back', async () => {
  await book([fact('k', 5, 'receipt')]);
  await expect(takeBack([await idOf('k'), 999_999])).rejects.toMatchObject({ kind: 'missing' });
  expect(await movementsIn(db.database)).toHaveLength(1);
});

test('of several who take back the same movement at once one does, whatever they had read before', async () => {
  await book([fact('k', 5, 'receipt')]);
  const id = await idOf('k');
  const answers = await Promise.all(
    Array.from({ length: 6 }, (_, i) =>
      db.database
        .transaction(async (tx) => {
          // fixes what this transaction sees
          if (i % 2) await tx.select(z.object({ n: z.int() }), 'SELECT COUNT(*) AS n FROM inventory_log');
          return await reverseMovements(tx, [id], by);
        })
        .then(
          ({ reversed }) => reversed.length,
          (error: unknown) => (error instanceof Fault && error.kind === 'conflict' ? 0 : error),
        ),
    ),
  );
  expect(answers.sort()).toEqual([0, 0, 0, 0, 0, 1]);
});

test('the database itself keeps a second reversal of the same movement out', async () => {
  await book([fact('k', 5, 'receipt')]);
  const reverses = new Map([['r1', await idOf('k')]]);
  const again = new Map([['r2', await idOf('k')]]);
  const reversal = (key: string) => [fact(key, -5, 'reversal')];
  await db.database.transaction((tx) => recordMovements(tx, reversal('r1'), { actor: 'test', reverses }));
  await book([fact('l', 5, 'receipt')]);
  await expect(
    db.database.transaction((tx) => recordMovements(tx, reversal('r2'), { actor: 'test', reverses: again })),
  ).rejects.toThrow(/1062/);
});

test('what a reversal in the middle was short of goes when that is taken back by way of the first', async () => {
  await book([fact('k', 5, 'receipt'), fact('gone', -5, 'damage')]);
  const first = await idOf('k');
  await takeBack([first]);
  const second = await idOf('reversal:k');
  for (const id of [second, first, second]) await takeBack([id]);
  // the receipt counts again, and the five that were damaged are gone
  expect(await levelOf('A')).toBe(0);
});

test('a phantom of stock does not come from taking a short movement back for the second time', async () => {
  await book([fact('o', 2, 'opening'), fact('d', -5, 'damage')]);
  const id = await idOf('d');
  await takeBack([id]);
  await takeBack([await idOf('reversal:d')]);
  await takeBack([id]);
  expect(await levelOf('A')).toBe(2);
});

test('only what the ledger booked itself is taken for the shortage of a movement', async () => {
  await book([fact('q', -1, 'damage'), fact('o', 5, 'opening')]);
  await book([fact('o:shortage', 2, 'receipt')]);
  await takeBack([await idOf('o')]);
  expect(await levelOf('A')).toBe(2);
});

test('whatever is taken back and brought back, a shortage stands only with the movement that was short', async () => {
  const Row = z.object({
    log_id: z.int(),
    movement_key: z.string(),
    reason: z.string().nullable(),
    reverses_log_id: z.int().nullable(),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(), { minLength: 3, maxLength: 9 }), async (picks) => {
      const p = `s${++sequences}`;
      await db.database.transaction((tx) =>
        insertProductStubs(tx, [{ productId: p, productName: p, ...stub }]),
      );
      await book(
        [
          fact(`${p}:o`, 2, 'opening', p),
          fact(`${p}:k`, 5, 'receipt', p),
          fact(`${p}:d`, -9, 'damage', p),
        ].map((one, i) => ({ ...one, date: `2024-01-0${i + 1} 10:00:00.000` })),
      );
      const read = () =>
        db.database.select(
          Row,
          `SELECT log_id, movement_key, reason, reverses_log_id FROM inventory_log WHERE product_id = :p ORDER BY log_id`,
          { p },
        );
      for (const pick of picks) {
        const free = (await read()).filter((row) => !/:shortage$|#/.test(row.movement_key));
        await takeBack([free[pick % free.length]!.log_id]);
        const rows = await read();
        const reversal = new Map(rows.map((row) => [row.reverses_log_id, row]));
        const stands = (row: z.infer<typeof Row>): boolean => {
          const next = reversal.get(row.log_id);
          return next === undefined || !stands(next);
        };
        const byKey = new Map(rows.map((row) => [row.movement_key, row]));
        for (const row of rows) {
          if (row.reason !== 'unexplained shortage' || !stands(row)) continue;
          const short = byKey.get(row.movement_key.slice(0, -':shortage'.length))!;
          expect([row.movement_key, stands(short)]).toEqual([row.movement_key, true]);
        }
      }
    }),
    { numRuns: 8, endOnFailure: true },
  );
});
