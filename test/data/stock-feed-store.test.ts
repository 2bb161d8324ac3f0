import { afterAll, beforeAll, expect, test } from 'vitest';
import * as z from 'zod';
import { lockStock, recordMovements } from '../../shared/data/ledger/ledger-store.ts';
import {
  forgetStockChanges,
  newestCursor,
  readFeed,
  type StockChange,
} from '../../shared/data/ledger/stock-feed-store.ts';
import { openTestDatabase } from '../database.ts';

let db: Awaited<ReturnType<typeof openTestDatabase>>;
beforeAll(async () => {
  db = await openTestDatabase();
  await db.database.write(
    `INSERT INTO products (product_id, product_name)
     SELECT j.id, j.id FROM JSON_TABLE(:ids, '$[*]' COLUMNS (id VARCHAR(64) PATH '$')) AS j`,
    { ids: JSON.stringify(Array.from({ length: 600 }, (_, i) => `P${i}`)) },
  );
});
afterAll(() => db.close());

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

function receive(key: string, products: readonly string[], holdMs = 0, actor = 'test') {
  return db.database.transaction(async (tx) => {
    const facts = products.map((productId) => ({
      key: `${key}:${productId}`,
      productId,
      locationId: 'MAIN',
      date: '2026-01-01 00:00:00.000',
      quantityChange: 1,
      type: 'receipt' as const,
      reason: null,
      referenceId: null,
    }));
    const stock = await lockStock(tx, facts);
    await recordMovements(tx, facts, { actor }, stock);
    await sleep(holdMs);
  });
}

/** Reads on from a cursor to the end. */
async function readOn(after: number): Promise<{ changes: StockChange[]; cursor: number }> {
  const changes: StockChange[] = [];
  let cursor = after;
  for (let page = 0; page < 1000; page++) {
    const next = await readFeed(db.database, cursor);
    expect(next.isLost).toBe(false);
    expect(next.cursor).toBeGreaterThanOrEqual(cursor);
    changes.push(...next.changes);
    cursor = next.cursor;
    if (!next.hasMore) break;
  }
  return { changes, cursor };
}

test('a listener that reads on while many write, each for as long as it likes, hears of every change once', async () => {
  const WRITERS = 6;
  const EACH = 15;
  // the first movement of a position makes its row, for which neighbours wait for each other
  await receive(
    'first',
    Array.from({ length: WRITERS }, (_, writer) => `P${writer}`),
  );
  const start = await newestCursor(db.database);
  let isWriting = true;
  const heard: StockChange[] = [];
  const listen = (async () => {
    let cursor = start;
    while (isWriting) {
      const { changes, cursor: next } = await readOn(cursor);
      heard.push(...changes);
      cursor = next;
      await sleep(3);
    }
    heard.push(...(await readOn(cursor)).changes);
  })();
  // a second listener numbers changes as well
  const rival = (async () => {
    while (isWriting) {
      await newestCursor(db.database);
      await sleep(2);
    }
  })();
  await Promise.all(
    Array.from({ length: WRITERS }, async (_, writer) => {
      // those that began first often commit last
      for (let n = 0; n < EACH; n++)
        await receive(`w${writer}-${n}`, [`P${writer}`], ((writer * 7 + n * 13) % 5) * 12);
    }),
  );
  isWriting = false;
  await Promise.all([listen, rival]);
  expect(heard).toHaveLength(WRITERS * EACH);
  expect(new Set(heard.map((change) => change.cursor)).size).toBe(heard.length);
  for (let writer = 0; writer < WRITERS; writer++) {
    const levels = heard
      .filter(({ productId }) => productId === `P${writer}`)
      .map((change) => change.currentStock);
    expect(levels).toEqual(Array.from({ length: EACH }, (_, n) => n + 2));
  }
});

test('a change that is not committed is not in the feed, and one that is rolled back never comes', async () => {
  const start = await newestCursor(db.database);
  await expect(
    db.database.transaction(async (tx) => {
      const fact = {
        key: 'gone',
        productId: 'P20',
        locationId: 'MAIN',
        date: '2026-01-01 00:00:00.000',
        quantityChange: 5,
        type: 'receipt' as const,
        reason: null,
        referenceId: null,
      };
      await recordMovements(tx, [fact], { actor: 'test' });
      expect((await readOn(start)).changes).toEqual([]);
      throw new Error('never mind');
    }),
  ).rejects.toThrow('never mind');
  expect((await readOn(start)).changes).toEqual([]);
});

test('a bulk booking is told to listeners by one event, and all of it is in the feed', async () => {
  const start = await newestCursor(db.database);
  const products = Array.from({ length: 550 }, (_, i) => `P${i + 40}`);
  await receive('bulk', products, 0, 'import:some');
  const [event, ...others] = await db.database.select(
    z.object({ envelope: z.string().transform((text) => JSON.parse(text)) }),
    `SELECT envelope FROM outbox ORDER BY outbox_id`,
  );
  expect(others).toEqual([]);
  expect(event!.envelope).toMatchObject({
    event_type: 'stock.changed',
    data: { positions: 550, cause: 'import:some' },
  });
  expect(event!.envelope.data.sample).toHaveLength(50);
  const { changes } = await readOn(start);
  expect(changes.map((change) => change.productId).sort()).toEqual([...products].sort());
});

test('who asks for what is forgotten, or for what never was, is told to begin anew', async () => {
  const newest = await newestCursor(db.database);
  expect(await readFeed(db.database, newest + 1)).toMatchObject({ isLost: true, cursor: newest });
  await db.master.write('UPDATE stock_feed SET forgotten_no = 5');
  expect((await readFeed(db.database, 4)).isLost).toBe(true);
  expect((await readFeed(db.database, 5)).isLost).toBe(false);
});

test('a booking of many positions with long names is told whole, in rows that the Data API can read', async () => {
  const start = await newestCursor(db.database);
  const ids = Array.from({ length: 450 }, (_, i) => `${i}${'ж'.repeat(60)}`);
  await db.database.write(
    `INSERT INTO products (product_id, product_name)
     SELECT j.id, j.id FROM JSON_TABLE(:ids, '$[*]' COLUMNS (id VARCHAR(64) PATH '$')) AS j`,
    { ids: JSON.stringify(ids) },
  );
  await receive('long', ids);
  const { changes } = await readOn(start);
  expect(changes.map((change) => change.productId).sort()).toEqual([...ids].sort());
});

test('changes of last month are forgotten though nobody reads the feed, and who comes back is told', async () => {
  await db.master.write('UPDATE stock_feed SET forgotten_no = 0');
  const before = await newestCursor(db.database);
  for (let n = 0; n < 3; n++) await receive(`old-${n}`, ['P30']);
  await db.master.write('UPDATE stock_change SET changed_at = DATE_SUB(changed_at, INTERVAL 30 DAY)');
  await receive('new', ['P30']);
  await forgetStockChanges(db.database);
  const [left] = await db.database.select(z.object({ n: z.int() }), 'SELECT COUNT(*) AS n FROM stock_change');
  expect(left!.n).toBe(1);
  expect((await readFeed(db.database, before)).isLost).toBe(true);
  expect((await readOn(before + 3)).changes).toMatchObject([{ productId: 'P30', currentStock: 4 }]);
});
