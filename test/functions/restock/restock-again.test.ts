import { describe, expect, test } from 'vitest';
import { findRun } from '../../../shared/data/forecasts/forecast-run-store.ts';
import { Crash, crashingDatabase, plantItems } from '../planning/planning-fixture.ts';
import { items, openRestocks } from './restock-fixture.ts';

const db = openRestocks();
const { completeRun, draftIds, expectMirror, lines, outcome, restock, suggestions } = db;

describe('running it again', () => {
  test('twenty more plans of the same data suggest nothing twice and touch nothing', {
    timeout: 240_000,
  }, async () => {
    await plantItems(db.database, items);
    await restock(await completeRun());
    const before = await suggestions();
    const orders = await lines();
    for (let i = 0; i < 20; i++) await restock(await completeRun());
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
    // what is between two commits is two steps or more, and leaves the same whichever of them is the last
    for (let at = 1; at < 200; at += 2) {
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
    expect(deaths).toBeGreaterThan(15);
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
