import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { restockRun } from '../../../functions/restock/restock-run.ts';
import { explainedValue } from '../../../shared/core/inventory/explanation.ts';
import { ceilToMultiple } from '../../../shared/core/inventory/round-quantity.ts';
import { findChunk, findRun } from '../../../shared/data/forecasts/forecast-run-store.ts';
import { forgetOldForecasts, KEPT_RUNS } from '../../../shared/data/forecasts/old-forecasts.ts';
import { MemoryQueue, plantItems, silentLogger } from '../planning/planning-fixture.ts';
import { items, openRestocks } from './restock-fixture.ts';

const db = openRestocks();
const { completeRun, draftIds, expectMirror, outcome, restock, suggestions } = db;

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
