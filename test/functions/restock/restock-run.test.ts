import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { restockRun } from '../../../functions/restock/restock-run.ts';
import { explainedValue } from '../../../shared/core/inventory/explanation.ts';
import { ceilToMultiple } from '../../../shared/core/inventory/round-quantity.ts';
import { findChunk, findRun } from '../../../shared/data/forecasts/forecast-run-store.ts';
import { forgetOldForecasts, KEPT_RUNS } from '../../../shared/data/forecasts/old-forecasts.ts';
import { approvePurchaseOrder } from '../../../shared/data/purchasing/purchase-order-store.ts';
import type { Database } from '../../../shared/data/sql/database.ts';
import { StoredExplanation } from '../../../shared/data/suggestions/stored-explanation.ts';
import { dismissSuggestion } from '../../../shared/data/suggestions/suggestion-decisions.ts';
import { openTestDatabase } from '../../database.ts';
import {
  Crash,
  calmDelivery,
  crashingDatabase,
  type Item,
  MemoryQueue,
  plantItems,
  plantRun,
  silentLogger,
} from '../planning/planning-fixture.ts';

let db: Awaited<ReturnType<typeof openTestDatabase>>;
let runs = 0;

beforeAll(async () => {
  db = await openTestDatabase({ brokenOnPurpose: ['ledger'] });
});
afterAll(() => db.close());
beforeEach(async () => {
  const tables = [
    'suggestion',
    'purchase_order',
    'forecast_run',
    'outbox',
    'stock',
    'supplier_item',
    'alert',
  ];
  for (const table of tables) {
    await db.database.write(`DELETE FROM ${table}`);
  }
});

const items: Item[] = [
  { productId: 'A', onHand: 5, demand: [] },
  { productId: 'B', onHand: 0, demand: [], supplierId: 'S2', minimumQuantity: 24, orderMultiple: 12 },
  { productId: 'C', onHand: 0, demand: [] },
  { productId: 'PLENTY', onHand: 1000, demand: [] },
  { productId: 'NOBODY', onHand: 0, demand: [], supplierId: null },
];

/** A run whose forecasts are complete: every item sells about `weeklyDemand` a week. Two series a chunk. */
async function completeRun({
  weeklyDemand = 10,
  asOf = '2011-12-09',
  keys = items.map((item) => item.productId),
} = {}): Promise<string> {
  const runId = `run-${String(++runs).padStart(18, '0')}`;
  const series = [...keys].sort().map((productId) => ({ productId, locationId: 'MAIN' }));
  const chunks = [series.slice(0, 2), series.slice(2)].filter((chunk) => chunk.length > 0);
  await plantRun(db.database, runId, chunks, { weeklyDemand, asOf });
  return runId;
}

const restock = (runId: string, database: Database = db.database) =>
  restockRun({ database, restockQueue: new MemoryQueue() }, { type: 'ForecastsReady', runId }, calmDelivery);

const SuggestionRow = z.object({
  suggestion_id: z.int(),
  product_id: z.string(),
  status: z.string(),
  quantity: z.int(),
  supplier_id: z.string(),
  purchase_order_id: z.int().nullable(),
  updated_at: z.string(),
  explanation: z.string().transform((text) => StoredExplanation.parse(JSON.parse(text))),
});

const suggestions = (where = 'TRUE') =>
  db.database.select(
    SuggestionRow,
    `SELECT suggestion_id, product_id, status, quantity, supplier_id, purchase_order_id, updated_at, explanation
       FROM suggestion
      WHERE ${where}
      ORDER BY product_id, suggestion_id`,
  );

const lines = () =>
  db.database.select(
    z.object({ supplier_id: z.string(), status: z.string(), product_id: z.string(), quantity: z.int() }),
    `SELECT p.supplier_id, p.status, l.product_id, l.quantity
       FROM purchase_order p
       JOIN purchase_order_line l ON l.purchase_order_id = p.purchase_order_id
      ORDER BY l.product_id, p.purchase_order_id`,
  );

const draftIds = async () => {
  const rows = await db.database.select(
    z.object({ id: z.int() }),
    `SELECT purchase_order_id AS id FROM purchase_order WHERE status = 'draft' ORDER BY supplier_id`,
  );
  return rows.map((row) => row.id);
};

/** Everything a restock may write, without its own numbers and times. */
const outcome = async () => ({
  suggestions: (await suggestions()).map(
    ({ product_id, status, quantity, supplier_id, purchase_order_id }) => ({
      product_id,
      status,
      quantity,
      supplier_id,
      isOrdered: purchase_order_id !== null,
    }),
  ),
  lines: await lines(),
  drafts: (await draftIds()).length,
  events: await db.database.select(
    z.object({ type: z.string(), n: z.int() }),
    `SELECT JSON_VALUE(envelope, '$.event_type') AS type, COUNT(*) AS n FROM outbox GROUP BY type ORDER BY type`,
  ),
});

/** The promise that holds after every transaction: drafts are the open suggestions, line by line. */
async function expectMirror(): Promise<void> {
  const open = (await suggestions(`status = 'open'`)).map((row) => [
    row.product_id,
    row.supplier_id,
    row.quantity,
  ]);
  const drafts = (await lines())
    .filter((line) => line.status === 'draft')
    .map((line) => [line.product_id, line.supplier_id, line.quantity]);
  expect(drafts).toEqual(open);
}

describe('what a restock suggests', () => {
  test('products below their reorder point are suggested, in one draft a supplier; others are not', async () => {
    await plantItems(db.database, items);
    await restock(await completeRun());
    const found = await suggestions();
    expect(found.map((row) => [row.product_id, row.status, row.supplier_id])).toEqual([
      ['A', 'open', 'S1'],
      ['B', 'open', 'S2'],
      ['C', 'open', 'S1'],
    ]);
    await expectMirror();
    expect(await draftIds()).toHaveLength(2);
    expect(found[1]!.quantity % 12).toBe(0);
    expect(found[1]!.quantity).toBeGreaterThanOrEqual(24);
  });

  test('the quantity follows from the numbers of the explanation', async () => {
    await plantItems(db.database, items);
    await restock(await completeRun());
    const found = await suggestions();
    expect(found).toHaveLength(3);
    for (const { quantity, explanation, product_id } of found) {
      const of = (name: string) => explainedValue(explanation.numbers, name);
      const position = of('onHand') + of('onOrder') - of('committed');
      expect(position).toBe(of('position'));
      expect(position).toBeLessThanOrEqual(of('reorderPoint'));
      const wanted = Math.max(of('orderUpTo') - position, of('minimumQuantity'));
      expect(quantity, product_id).toBe(ceilToMultiple(wanted, of('orderMultiple')));
      expect(explanation.words).toContain(`${of('onHand')} unit`);
      for (const number of explanation.numbers) expect(number.from, number.name).not.toBe('');
    }
  });

  test('only what an explanation does not say again and again is stored in full', async () => {
    await plantItems(db.database, items);
    await restock(await completeRun());
    const found = await db.database.select(
      z.object({
        numbers: z.string().transform((text) => z.array(z.array(z.unknown())).parse(JSON.parse(text))),
      }),
      "SELECT JSON_EXTRACT(explanation, '$.numbers') AS numbers FROM suggestion",
    );
    expect(found).toHaveLength(3);
    const inFull = found.flatMap(({ numbers }) => numbers.filter((one) => one.length === 4));
    for (const [name] of inFull) expect(name).toMatch(/^(rounding|supplier$)/);
  });

  test('what nobody supplies is not suggested but reported', async () => {
    await plantItems(db.database, items);
    await restock(await completeRun());
    const events = await db.database.select(
      z.object({ message: z.string() }),
      `SELECT JSON_VALUE(envelope, '$.data.message') AS message
         FROM outbox
        WHERE JSON_VALUE(envelope, '$.event_type') = 'alert.raised'`,
    );
    expect(events.map((event) => event.message)).toEqual([expect.stringContaining('1 of 5')]);
  });

  test('of two suppliers the one with the lowest priority number supplies, an inactive one never', async () => {
    await plantItems(db.database, items);
    await db.database.write(
      `INSERT INTO supplier_item (supplier_id, product_id, unit_cost, lead_time_days, priority)
       VALUES ('S2', 'A', 1, 7, 0)`,
    );
    await restock(await completeRun());
    expect((await suggestions(`product_id = 'A'`))[0]?.supplier_id).toBe('S2');
    await db.database.write(`UPDATE supplier SET is_active = 0 WHERE supplier_id = 'S2'`);
    try {
      await restock(await completeRun());
      expect((await suggestions(`status = 'open'`)).map((row) => [row.product_id, row.supplier_id])).toEqual([
        ['A', 'S1'],
        ['C', 'S1'],
      ]);
      await expectMirror();
    } finally {
      await db.database.write(`UPDATE supplier SET is_active = 1 WHERE supplier_id = 'S2'`);
    }
  });
});

describe('running it again', () => {
  test('a hundred more plans of the same data suggest nothing twice and touch nothing', {
    timeout: 240_000,
  }, async () => {
    await plantItems(db.database, items);
    await restock(await completeRun());
    const before = await suggestions();
    const orders = await lines();
    for (let i = 0; i < 100; i++) await restock(await completeRun());
    expect(await suggestions()).toEqual(before);
    expect(await lines()).toEqual(orders);
  });

  test('a message delivered again finds the run done', async () => {
    await plantItems(db.database, items);
    const runId = await completeRun();
    await restock(runId);
    const before = await outcome();
    await restock(runId);
    expect(await outcome()).toEqual(before);
    expect((await findRun(db.database, runId))?.status).toBe('done');
  });

  test('a suggestion follows the need: it grows in place, and is withdrawn when the need is gone', async () => {
    await plantItems(db.database, items);
    await restock(await completeRun());
    const [before] = await suggestions(`product_id = 'A'`);
    await restock(await completeRun({ weeklyDemand: 20 }));
    const [grown] = await suggestions(`product_id = 'A'`);
    expect(grown!.suggestion_id).toBe(before!.suggestion_id);
    expect(grown!.quantity).toBeGreaterThan(before!.quantity);
    await expectMirror();
    await db.database.write(`UPDATE stock SET stock_level = 1000`);
    await restock(await completeRun());
    expect((await suggestions()).map((row) => row.status)).toEqual(['withdrawn', 'withdrawn', 'withdrawn']);
    expect(await lines()).toEqual([]);
    expect(await draftIds()).toEqual([]);
  });

  test('a product that is not planned any more loses its suggestion', async () => {
    await plantItems(db.database, items);
    await restock(await completeRun());
    await restock(await completeRun({ keys: ['A'] }));
    expect((await suggestions(`status = 'open'`)).map((row) => row.product_id)).toEqual(['A']);
    await expectMirror();
  });

  test('a death at any step, then the redelivery, ends like an undisturbed restock; drafts mirror all the time', {
    timeout: 240_000,
  }, async () => {
    await plantItems(db.database, items);
    await restock(await completeRun());
    const undisturbed = await outcome();
    let deaths = 0;
    for (let at = 1; at < 200; at++) {
      for (const table of ['suggestion', 'purchase_order', 'outbox'])
        await db.database.write(`DELETE FROM ${table}`);
      const runId = await completeRun();
      const died = await restock(runId, crashingDatabase(db.database, at)).then(
        () => false,
        (error: unknown) => error instanceof Crash,
      );
      await expectMirror();
      await restock(runId);
      expect(await outcome(), `death at step ${at}`).toEqual(undisturbed);
      if (!died) break;
      deaths++;
    }
    expect(deaths).toBeGreaterThan(30);
  });
});

describe('a run that outlives one invocation', () => {
  test('is handed on after a chunk, gone on with where it stopped, and ends like an undisturbed one', async () => {
    await plantItems(db.database, items);
    await restock(await completeRun());
    const undisturbed = await outcome();
    for (const table of ['suggestion', 'purchase_order', 'outbox'])
      await db.database.write(`DELETE FROM ${table}`);
    const runId = await completeRun();
    const restockQueue = new MemoryQueue();
    const needs = { database: db.database, restockQueue };
    const message = { type: 'ForecastsReady', runId } as const;
    const delivery = { logger: silentLogger, remainingMs: () => 1_000 };
    await restockRun(needs, message, delivery);
    expect(await findRun(db.database, runId)).toMatchObject({ status: 'restocking', chunksRestocked: 1 });
    expect(restockQueue.messages).toEqual([message]);
    await expectMirror();
    await restockRun(needs, message, delivery);
    expect(await findRun(db.database, runId)).toMatchObject({ status: 'done', chunksRestocked: 2 });
    expect(restockQueue.messages).toHaveLength(1);
    expect(await outcome()).toEqual(undisturbed);
  });

  test('counts each chunk once, although its message is delivered twice at the same time', async () => {
    await plantItems(db.database, items);
    const runId = await completeRun();
    await Promise.all([restock(runId), restock(runId)]);
    expect(await findRun(db.database, runId)).toMatchObject({ status: 'done', chunksRestocked: 2 });
    await expectMirror();
  });
});

describe('the alert about products without a supplier', () => {
  const alerts = () =>
    db.database.select(
      z.object({ message: z.string(), is_open: z.int() }),
      'SELECT message, CASE WHEN closed_at IS NULL THEN 1 ELSE 0 END AS is_open FROM alert',
    );

  test('is kept once, closes when every product has one, and opens again when one has none', async () => {
    await plantItems(db.database, items);
    await restock(await completeRun());
    await restock(await completeRun());
    expect(await alerts()).toEqual([{ message: expect.stringContaining('1 of 5'), is_open: 1 }]);
    await restock(await completeRun({ keys: ['A'] }));
    expect(await alerts()).toMatchObject([{ is_open: 0 }]);
    await restock(await completeRun({ keys: ['A', 'NOBODY'] }));
    expect(await alerts()).toEqual([{ message: expect.stringContaining('1 of 2'), is_open: 1 }]);
  });
});

describe('forecasts of old runs', () => {
  const forecastRuns = async () => {
    const rows = await db.database.select(
      z.object({ run_id: z.string() }),
      `SELECT r.run_id
         FROM forecast_run r
        WHERE EXISTS (SELECT 1 FROM forecast f WHERE f.run_id = r.run_id)
        ORDER BY r.run_no`,
    );
    return rows.map((row) => row.run_id);
  };

  test('are forgotten but for the newest complete runs and those behind open suggestions; the runs stay', async () => {
    await plantItems(db.database, items);
    const behindSuggestions = await completeRun();
    await restock(behindSuggestions);
    const unfinished = await completeRun();
    const newer: string[] = [];
    for (let i = 0; i <= KEPT_RUNS; i++) {
      newer.push(await completeRun());
      await restock(newer.at(-1)!);
    }
    expect((await findRun(db.database, unfinished))?.status).toBe('superseded');
    expect(await forecastRuns()).toEqual([behindSuggestions, ...newer.slice(1)]);
    expect((await findRun(db.database, newer[0]!))?.status).toBe('done');
    expect(await findChunk(db.database, newer[0]!, 0)).toBeUndefined();
    await db.database.write(`UPDATE suggestion SET status = 'withdrawn', purchase_order_id = NULL`);
    await forgetOldForecasts(db.database, () => false);
    expect(await forecastRuns()).toContain(behindSuggestions);
    await forgetOldForecasts(db.database, () => true);
    expect(await forecastRuns()).toEqual(newer.slice(1));
  });
});

describe('what people decide', () => {
  test('an approved order covers the need: no second suggestion, its lines stay as approved', async () => {
    await plantItems(db.database, items);
    await restock(await completeRun());
    const ids = await draftIds();
    for (const id of ids) await db.database.transaction((tx) => approvePurchaseOrder(tx, id, 'ann'));
    const approved = await lines();
    await restock(await completeRun());
    expect((await suggestions()).map((row) => row.status)).toEqual(['ordered', 'ordered', 'ordered']);
    expect(await lines()).toEqual(approved);
    expect(approved.every((line) => line.status === 'approved')).toBe(true);
  });

  test.each([
    ['is postponed far beyond the lead time', `expected_date = '2013-01-01'`],
    ['is late', `expected_date = '2011-01-01'`],
    ['has no day', 'expected_date = NULL'],
  ])('an order that %s is not made a second time', async (_when, change) => {
    await plantItems(db.database, items);
    await restock(await completeRun());
    for (const id of await draftIds())
      await db.database.transaction((tx) => approvePurchaseOrder(tx, id, 'ann'));
    await db.database.write(`UPDATE purchase_order_line SET ${change}`);
    await db.database.write(`UPDATE purchase_order SET ${change}`);
    for (let i = 0; i < 3; i++) await restock(await completeRun());
    expect((await suggestions()).map((row) => row.status)).toEqual(['ordered', 'ordered', 'ordered']);
    expect(await draftIds()).toEqual([]);
  });

  test('when demand outgrows an approved order only the difference is suggested', async () => {
    await plantItems(db.database, [items[0]!]);
    await restock(await completeRun({ keys: ['A'] }));
    const [first] = await suggestions();
    for (const id of await draftIds())
      await db.database.transaction((tx) => approvePurchaseOrder(tx, id, 'ann'));
    await restock(await completeRun({ keys: ['A'], weeklyDemand: 40 }));
    const [, second] = await suggestions();
    expect(second?.status).toBe('open');
    expect(explainedValue(second!.explanation.numbers, 'onOrder')).toBe(first!.quantity);
  });

  test('approving twice is approving once, and announces once', async () => {
    await plantItems(db.database, items);
    await restock(await completeRun());
    const [id] = await draftIds();
    for (let i = 0; i < 2; i++) await db.database.transaction((tx) => approvePurchaseOrder(tx, id!, 'ann'));
    const { events } = await outcome();
    expect(events).toContainEqual({ type: 'purchase_order.approved', n: 1 });
    await expect(
      db.database.transaction((tx) => approvePurchaseOrder(tx, 999_999, 'ann')),
    ).rejects.toMatchObject({
      kind: 'missing',
    });
  });

  test('a dismissed suggestion leaves its draft and stays away while the need is the same', async () => {
    await plantItems(db.database, items);
    await restock(await completeRun());
    const [a] = await suggestions(`product_id = 'A'`);
    for (let i = 0; i < 2; i++)
      await db.database.transaction((tx) => dismissSuggestion(tx, a!.suggestion_id));
    await expectMirror();
    for (let i = 0; i < 3; i++) await restock(await completeRun());
    expect((await suggestions(`product_id = 'A'`)).map((row) => row.status)).toEqual(['dismissed']);
    await expectMirror();
  });

  test.each([
    ['the need grows by more than a quarter', { weeklyDemand: 20 }],
    ['one protection interval has passed', { asOf: '2011-12-30' }],
  ])('a dismissed suggestion comes back when %s', async (_when, change) => {
    await plantItems(db.database, items);
    await restock(await completeRun());
    const [a] = await suggestions(`product_id = 'A'`);
    await db.database.transaction((tx) => dismissSuggestion(tx, a!.suggestion_id));
    await restock(await completeRun(change));
    expect((await suggestions(`product_id = 'A'`)).map((row) => row.status)).toEqual(['dismissed', 'open']);
    await expectMirror();
  });

  test('a dismissal ends with its need: the next need is suggested', async () => {
    await plantItems(db.database, items);
    await restock(await completeRun());
    const [a] = await suggestions(`product_id = 'A'`);
    await db.database.transaction((tx) => dismissSuggestion(tx, a!.suggestion_id));
    await db.database.write(`UPDATE stock SET stock_level = 1000 WHERE product_id = 'A'`);
    await restock(await completeRun());
    await db.database.write(`UPDATE stock SET stock_level = 5 WHERE product_id = 'A'`);
    await restock(await completeRun());
    expect((await suggestions(`product_id = 'A'`)).map((row) => row.status)).toEqual(['withdrawn', 'open']);
  });

  test('approving while a restock runs never leaves a need ordered twice', { timeout: 240_000 }, async () => {
    for (let i = 0; i < 10; i++) {
      for (const table of ['suggestion', 'purchase_order', 'stock'])
        await db.database.write(`DELETE FROM ${table}`);
      await plantItems(db.database, items);
      await restock(await completeRun());
      const ids = await draftIds();
      const next = await completeRun();
      await Promise.all([
        restock(next),
        ...ids.map((id) => db.database.transaction((tx) => approvePurchaseOrder(tx, id, 'ann'))),
      ]);
      await restock(await completeRun());
      expect((await suggestions()).map((row) => row.status)).toEqual(['ordered', 'ordered', 'ordered']);
    }
  });
});

describe('runs that overtake each other', () => {
  test('a run that comes after a newer one changes nothing', async () => {
    await plantItems(db.database, items);
    const old = await completeRun({ weeklyDemand: 50 });
    const newer = await completeRun();
    await restock(newer);
    const before = await outcome();
    await restock(old);
    expect(await outcome()).toEqual(before);
    expect((await findRun(db.database, old))?.status).toBe('superseded');
    expect((await findRun(db.database, newer))?.status).toBe('done');
  });

  test('of two runs at once the newer one has the last word', { timeout: 240_000 }, async () => {
    await plantItems(db.database, items);
    await restock(await completeRun());
    const expected = (await outcome()).suggestions;
    for (let i = 0; i < 10; i++) {
      const old = await completeRun({ weeklyDemand: 50 });
      const newer = await completeRun();
      await Promise.all([restock(old), restock(newer)]);
      const open = (await outcome()).suggestions.filter((row) => row.status === 'open');
      expect(open).toEqual(expected);
    }
  });

  test('a run that is not complete, or unknown, is refused', async () => {
    await plantItems(db.database, items);
    const runId = await completeRun();
    await db.database.write(
      `UPDATE forecast_run SET status = 'forecasting', chunks_done = 0 WHERE run_id = :runId`,
      {
        runId,
      },
    );
    await expect(restock(runId)).rejects.toThrow('0 of 2 chunks');
    await expect(restock('no-such-run-0000000000')).rejects.toThrow('no run');
  });
});
