import { describe, expect, test } from 'vitest';
import { explainedValue } from '../../../shared/core/inventory/explanation.ts';
import { approvePurchaseOrder } from '../../../shared/data/purchasing/purchase-order-store.ts';
import { dismissSuggestion } from '../../../shared/data/suggestions/suggestion-decisions.ts';
import { plantItems } from '../planning/planning-fixture.ts';
import { items, openRestocks } from './restock-fixture.ts';

const db = openRestocks();
const { completeRun, draftIds, expectMirror, lines, outcome, restock, suggestions } = db;

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
