import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import * as z from 'zod';
import { orderOf } from '../../../functions/api/imports/request-sourcing.ts';
import { openSearchApi } from '../../../functions/source/open-search-api.ts';
import { sourceCategory } from '../../../functions/source/source-category.ts';
import { NewSourcing } from '../../../shared/contracts/api/sourcing.ts';
import { SourceRequested } from '../../../shared/contracts/messages.ts';
import { coldUnits } from '../../../shared/core/sourcing/cold-allocation.ts';
import { findViolations } from '../../../shared/data/ledger/invariants.ts';
import { findSourcing } from '../../../shared/data/sourcing/sourcing-reads.ts';
import type { Database } from '../../../shared/data/sql/database.ts';
import { openTestDatabase } from '../../database.ts';
import { Crash, crashingDatabase, MemoryQueue } from '../planning/planning-fixture.ts';
import { amazonAnswer, emptyAnswer, things } from './invented-answers.ts';
import { openSearchServer, type Reply } from './search-server.ts';

let db: Awaited<ReturnType<typeof openTestDatabase>>;
let server: Awaited<ReturnType<typeof openSearchServer>> | undefined;
beforeAll(async () => {
  db = await openTestDatabase();
});
afterEach(async () => {
  await server?.close();
  server = undefined;
  expect(await findViolations(db.database)).toEqual([]);
});
afterAll(() => db.close());

let sourcings = 0;
const newId = () => {
  sourcings += 1;
  return `sourcing-${String(sourcings).padStart(13, '0')}`;
};
const logger = { info() {}, warn() {} };
const now = () => new Date('2025-07-21T10:00:00Z');

/** A worker in front of the search server. */
const workerOf = (queue: MemoryQueue, database: Database = db.database) => {
  const source = openSearchApi({
    baseUrl: server!.url,
    readKey: async () => 'k3y',
    callsPerSecond: 1000,
    clock: { now: Date.now, sleep: async () => {} },
  });
  return (message: unknown) =>
    sourceCategory({ database, sourceQueue: queue, source, now }, SourceRequested.parse(message), { logger });
};

/** Serves answers by what is searched for; each name alone has ten products of its own after three sponsored ones. */
async function serve(answers: (query: string, page: number) => Reply | undefined = () => undefined) {
  server = await openSearchServer(({ k = '', page }) => {
    const answer = answers(k, Number(page));
    return (
      answer ?? { body: Number(page) > 1 ? emptyAnswer : amazonAnswer(things(k.replaceAll(' ', ''), 13, 3)) }
    );
  });
}

const firstMessage = async (asked: z.input<typeof NewSourcing>, id = newId()) => ({
  type: 'SourceRequested',
  sourcingId: id,
  requestedBy: 'planner',
  order: await orderOf(db.database, id, NewSourcing.parse({ seed: 7, ...asked })),
  position: 0,
});

/** Works off the whole sourcing; its report. */
async function run(asked: z.input<typeof NewSourcing>, database?: Database) {
  const queue = new MemoryQueue();
  const message = await firstMessage(asked);
  const work = workerOf(queue, database);
  await drain(work, queue, [message]);
  return (await findSourcing(db.database, message.sourcingId))!;
}

async function drain(work: (message: unknown) => Promise<void>, queue: MemoryQueue, messages: unknown[]) {
  const waiting = [...messages];
  for (let hop = 0; hop < 200 && waiting.length > 0; hop++) {
    await work(waiting.shift());
    waiting.push(...queue.messages.splice(0));
  }
}

const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);

test('ten products of a category: sponsored ones left out, named, priced, numbered, with invented costs and all of the stock', async () => {
  await serve();
  const report = await run({ categories: ['Cordless drills'], stock_per_category: 1320 });
  expect(report).toMatchObject({
    status: 'done',
    currency: 'USD',
    searches: 1,
    is_synthetic: true,
    categories: [
      {
        status: 'done',
        reason: null,
        results: 13,
        sponsored: 3,
        unusable: 0,
        known: 0,
        products: 10,
        stock: 1320,
        held_back: 0,
      },
    ],
  });
  const { products } = report;
  expect(products.map((one) => one.product_id)).toEqual(
    Array.from({ length: 10 }, (_, i) => `US250721${String(i + 1).padStart(4, '0')}`),
  );
  expect(products[0]).toMatchObject({
    product_name: 'Acme Cordlessdrills3 Thing',
    source_id: 'Cordlessdrills3',
    unit_price: '13.00',
  });
  expect(products.map((one) => one.quantity)).toEqual(coldUnits(products, 1320));
  for (const { unit_price, cost } of products) {
    expect(Number(cost)).toBeGreaterThanOrEqual(0.3 * Number(unit_price));
    expect(Number(cost)).toBeLessThanOrEqual(0.7 * Number(unit_price));
  }
  const rows = await db.database.select(
    z.object({
      id: z.string(),
      synthetic: z.int(),
      brand: z.string(),
      level: z.int(),
      change_type: z.string(),
      marked: z.int(),
      actor: z.string(),
    }),
    `SELECT p.product_id AS id, CAST(p.is_synthetic AS SIGNED) AS synthetic, p.brand, s.stock_level AS level, l.change_type,
            CAST(l.is_synthetic AS SIGNED) AS marked, l.actor
       FROM sourced_product o
       JOIN products p ON p.product_id = o.product_id
       JOIN stock s ON s.product_id = p.product_id AND s.location_id = o.location_id
       JOIN inventory_log l ON l.product_id = p.product_id AND l.warehouse = o.location_id
      WHERE o.sourcing_id = :id
      ORDER BY p.product_id`,
    { id: report.sourcing_id },
  );
  const stocked = products.filter(({ quantity }) => quantity > 0);
  expect(rows).toEqual(
    stocked.map(({ product_id: id, quantity: level }) => ({
      id,
      level,
      synthetic: 1,
      brand: 'Acme',
      change_type: 'opening',
      marked: 1,
      actor: 'planner',
    })),
  );
});

test('stock lies in the built-in warehouses, or in the locations of the request', async () => {
  await serve();
  const usual = await run({ categories: ['Lamps', 'Rugs', 'Mugs'] });
  const places = new Set(usual.products.map((one) => one.location_id));
  expect(places.size).toBeGreaterThan(5);
  for (const place of places) expect(place).toMatch(/^WH-[A-Z]{3}$/);
  const named = await run({ categories: ['Tents'], locations: ['MAIN'] });
  expect(new Set(named.products.map((one) => one.location_id))).toEqual(new Set(['MAIN']));
  await expect(firstMessage({ locations: ['NOWHERE'] })).rejects.toThrow('There is no location NOWHERE');
});

test('the same seed draws the same categories, stocks, places and costs; another one others', async () => {
  const id = newId();
  const [a, b, c] = [
    await firstMessage({ category_count: 5 }, id),
    await firstMessage({ category_count: 5 }, newId()),
    await firstMessage({ category_count: 5, seed: 8 }, newId()),
  ];
  expect(a.order).toEqual(b.order);
  expect(a.order.categories).not.toEqual(c.order.categories);
  expect(new Set(a.order.categories).size).toBe(5);
  for (const stock of a.order.stock) {
    expect(stock).toBeGreaterThanOrEqual(300);
    expect(stock).toBeLessThanOrEqual(2500);
  }
  // the same things in two countries are other products, of the same making
  await serve(() => ({ body: amazonAnswer(things('seeded', 10)) }));
  const inBoth = await Promise.all([
    run({ categories: ['Same'], country: 'GB' }),
    run({ categories: ['Same'], country: 'CA' }),
  ]);
  const [first, second] = inBoth.map(({ products }) =>
    products.map(({ cost, location_id, quantity }) => ({ cost, location_id, quantity })),
  );
  expect(first).toHaveLength(10);
  expect(first).toEqual(second);
});

test('a draw stays within its bounds and tells what it held back', async () => {
  await serve();
  const { products, categories } = await run({
    categories: ['Drawn'],
    allocation: 'drawn',
    stock_per_category: 2068,
  });
  const [category] = categories;
  expect(category!.held_back).toBeGreaterThan(0);
  expect(sum(products.map((one) => one.quantity)) + category!.held_back).toBe(2068);
});

test('categories that are empty, fail or have nothing of use are skipped and say why; the others go on', async () => {
  await serve((query) => {
    if (query === 'Nothing') return { body: emptyAnswer };
    if (query === 'Broken') return { status: 503, body: { error: 'Busy.' } };
    if (query === 'Odd') return { body: { organic_results: 3 } };
    if (query === 'Priceless')
      return { body: amazonAnswer([{ id: 'x1' }, { id: 'x2', title: '|', price: 3 }]) };
    if (query === 'Ads') return { body: amazonAnswer(things('ads', 6, 6)) };
    return undefined;
  });
  const { status, categories, products } = await run({
    categories: ['Nothing', 'Broken', 'Odd', 'Priceless', 'Ads', 'Fine'],
  });
  expect(status).toBe('done');
  expect(categories.map((one) => [one.category, one.status, one.reason, one.products])).toEqual([
    ['Nothing', 'skipped', 'Nothing was found', 0],
    ['Broken', 'skipped', 'The search API answers 503: Busy.; given up: after 4 attempts', 0],
    ['Odd', 'skipped', expect.stringMatching(/^The answer cannot be read: organic_results/), 0],
    ['Priceless', 'skipped', 'None of 6 results can be used', 0],
    ['Ads', 'skipped', 'None of 18 results can be used', 0],
    ['Fine', 'done', null, 10],
  ]);
  for (const one of categories) if (one.status === 'skipped') expect(one.held_back).toBe(one.stock);
  expect(products).toHaveLength(10);
});

test('a page with too few is followed by the next, and what there is is taken', async () => {
  await serve((_, page) => ({
    body:
      page === 1
        ? amazonAnswer(things('few-a', 7, 2))
        : page === 2
          ? amazonAnswer(things('few-b', 3))
          : emptyAnswer,
  }));
  const { categories, searches } = await run({ categories: ['Few'] });
  expect(categories).toMatchObject([
    { status: 'done', products: 8, reason: 'Only 8 new products were found' },
  ]);
  expect(searches).toBe(3);
});

test('a refused key ends the sourcing: nobody is asked again', async () => {
  await serve(() => ({ status: 401, body: { error: 'Invalid API key.' } }));
  const { status, categories, searches } = await run({ categories: ['One', 'Two', 'Three'] });
  expect(status).toBe('done');
  expect(searches).toBe(1);
  for (const one of categories)
    expect(one).toMatchObject({ status: 'skipped', reason: 'The search API answers 401: Invalid API key.' });
});

test('no more searches than were allowed, repetitions included', async () => {
  await serve((query) => (query === 'Shaky' ? { status: 500, body: {} } : undefined));
  const { categories, searches } = await run({ categories: ['First', 'Shaky', 'Last'], most_searches: 3 });
  expect(searches).toBe(3);
  expect(server!.calls).toHaveLength(3);
  expect(categories.map((one) => one.status)).toEqual(['done', 'skipped', 'skipped']);
  expect(categories[2]!.reason).toBe('All searches that were allowed are used up');
});

test('what is a product already is not made again: the next ones are', async () => {
  await serve((_, page) => ({ body: page === 1 ? amazonAnswer(things('again', 25)) : emptyAnswer }));
  const first = await run({ categories: ['Again'] });
  const second = await run({ categories: ['Again'] });
  const third = await run({ categories: ['Again'] });
  const fourth = await run({ categories: ['Again'] });
  expect(second.categories).toMatchObject([{ products: 10, known: 10 }]);
  expect(third.categories).toMatchObject([
    { products: 5, known: 20, reason: 'Only 5 new products were found' },
  ]);
  expect(fourth.categories).toMatchObject([
    { status: 'skipped', products: 0, reason: 'All that was found is known already' },
  ]);
  const ids = [first, second, third].flatMap(({ products }) => products.map((one) => one.source_id));
  expect(new Set(ids).size).toBe(25);
});

test('a message that comes twice makes its products once and searches once', async () => {
  await serve();
  const queue = new MemoryQueue();
  const work = workerOf(queue);
  const message = await firstMessage({ categories: ['Twice', 'Next'] });
  await work(message);
  await work(message);
  expect(queue.messages).toHaveLength(2);
  await drain(work, queue, queue.messages.splice(0));
  const report = (await findSourcing(db.database, message.sourcingId))!;
  expect(report).toMatchObject({ status: 'done', searches: 2 });
  expect(report.products).toHaveLength(20);
  const events = await db.database.select(
    z.object({ n: z.int() }),
    `SELECT COUNT(*) AS n FROM outbox WHERE envelope LIKE :like`,
    {
      like: `%sourcing.completed%${message.sourcingId}%`,
    },
  );
  expect(events).toEqual([{ n: 1 }]);
});

test('the same message at the same time makes its products once', async () => {
  await serve();
  const queue = new MemoryQueue();
  const message = await firstMessage({ categories: ['Parallel'] });
  await Promise.all(Array.from({ length: 4 }, () => workerOf(queue)(message)));
  expect((await findSourcing(db.database, message.sourcingId))!.products).toHaveLength(10);
});

test('a crash at any write, and the message again, leaves what an undisturbed run leaves', async () => {
  await serve();
  let crashes = 0;
  for (let at = 1; at < 60; at++) {
    const name = `Crash${at}`;
    const queue = new MemoryQueue();
    const message = await firstMessage({ categories: [name], stock_per_category: 500 });
    const crashed = await workerOf(
      queue,
      crashingDatabase(db.database, at),
    )(message).then(
      () => false,
      (error: unknown) => {
        if (!(error instanceof Crash)) throw error;
        return true;
      },
    );
    if (crashed) crashes++;
    await drain(workerOf(queue), queue, [message, ...queue.messages.splice(0)]);
    const report = (await findSourcing(db.database, message.sourcingId))!;
    expect(report.status).toBe('done');
    expect(report.products).toHaveLength(10);
    expect(sum(report.products.map((one) => one.quantity))).toBe(500);
    if (!crashed) break;
  }
  expect(crashes).toBeGreaterThan(5);
});

test('eight sourcings at once: no number twice, no gap, no product lost', async () => {
  await serve();
  const country = 'AU';
  await db.database.write(
    `INSERT INTO products (product_id, product_name) VALUES ('AU2507210004', 'made by hand')`,
  );
  const reports = await Promise.all(
    Array.from({ length: 8 }, (_, i) =>
      run({ country, categories: [`Stream ${i} a`, `Stream ${i} b`, `Stream ${i} c`] }),
    ),
  );
  const ids = reports.flatMap(({ products }) => products.map((one) => one.product_id)).sort();
  expect(ids).toHaveLength(240);
  expect(new Set(ids).size).toBe(240);
  // the number that was taken by hand is passed over
  const expected = Array.from({ length: 241 }, (_, i) => `AU250721${String(i + 1).padStart(4, '0')}`).filter(
    (id) => id !== 'AU2507210004',
  );
  expect(ids).toEqual(expected);
});

test('eight sourcings at once that find the same things make each of them once', async () => {
  await serve((_, page) => ({ body: page === 1 ? amazonAnswer(things('shared', 40)) : emptyAnswer }));
  const reports = await Promise.all(
    Array.from({ length: 8 }, () => run({ country: 'IT', categories: ['Shared'] })),
  );
  const sources = reports.flatMap(({ products }) => products.map((one) => one.source_id));
  expect(sources).toHaveLength(40);
  expect(new Set(sources).size).toBe(40);
});
