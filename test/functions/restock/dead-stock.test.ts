import { expect, test } from 'vitest';
import { explainSeries } from '../../../functions/api/forecasts/explain-series.ts';
import { quantityFromExplanation } from '../../../shared/core/inventory/explain-need.ts';
import { readStockOutlooks } from '../../../shared/data/waste/stock-outlook-store.ts';
import { readWasteSettings } from '../../../shared/data/waste/waste-settings.ts';
import { AS_OF, plantItems, weekly, year } from '../planning/planning-fixture.ts';
import { openRestocks } from './restock-fixture.ts';

const db = openRestocks({ brokenOnPurpose: ['demand', 'ledger'] });
const { completeRun, expectMirror, restock, suggestions } = db;

/** Sold every week up to the summer, and not since. */
const ended = weekly('2011-06-24', new Array<number>(60).fill(10));
const others = Array.from({ length: 20 }, (_, i) => `LIVE${i}`);
const keys = ['DEAD', 'RULED', 'WAITED', 'GONE', ...others];

const plant = () =>
  plantItems(db.database, [
    { productId: 'DEAD', onHand: 5, demand: ended },
    { productId: 'RULED', onHand: 5, demand: ended },
    { productId: 'WAITED', onHand: 5, demand: ended },
    { productId: 'GONE', onHand: 0, demand: ended },
    ...others.map((productId) => ({ productId, onHand: 5, demand: year(10) })),
  ]);

test('what the lists of waste call dead is not bought, unless a person or an order asks for it', async () => {
  await plant();
  await db.database.write(`UPDATE stock SET committed = 2 WHERE product_id = 'WAITED'`);
  await db.database.write(
    `INSERT INTO item_policy (product_id, location_id, minimum) VALUES ('RULED', 'MAIN', 20)`,
  );
  const settings = await readWasteSettings(db.database);
  const listed = await readStockOutlooks(db.database, AS_OF, settings);
  const dead = listed.filter(({ judgement }) => judgement.verdict === 'dead').map((one) => one.productId);
  expect(dead.sort()).toEqual(['DEAD', 'RULED', 'WAITED']);
  await restock(await completeRun({ keys }));
  const bought = (await suggestions()).map((row) => row.product_id);
  // what is not there is no dead stock
  expect(bought).toEqual(keys.filter((key) => key !== 'DEAD').sort());
  await expectMirror();
  const why = await explainSeries(db.database, 'DEAD', 'MAIN');
  expect(why).toMatchObject({ answer: 'dead_stock', suggestion_id: null });
  expect(why.words).toMatch(
    /units would be ordered, but nothing is: dead stock since 2011-06-24\. No sale for/,
  );
  expect(quantityFromExplanation(why.explanation!.numbers)).toBe(0);
  expect((await explainSeries(db.database, 'RULED', 'MAIN')).answer).toBe('suggested');
}, 60_000);

test('a suggestion is taken back when its stock is dead by the settings, and comes again when it is wanted', async () => {
  await plant();
  const open = async () => (await suggestions(`status = 'open' AND product_id = 'DEAD'`)).length;
  const set = (value: string) =>
    db.database.write(
      `INSERT INTO setting (name, value) VALUES ('dead_stock_yearly_rate', :value) ON DUPLICATE KEY UPDATE value = :value`,
      { value },
    );
  await db.database.write(`DELETE FROM demand WHERE product_id = 'DEAD'`);
  await plantItems(db.database, [
    { productId: 'DEAD', onHand: 5, demand: weekly(AS_OF, new Array<number>(110).fill(10)) },
  ]);
  await restock(await completeRun({ keys }));
  expect(await open()).toBe(1);
  await db.database.write(`DELETE FROM demand WHERE product_id = 'DEAD' AND date > '2011-10-14'`);
  await set('0.9');
  await restock(await completeRun({ keys }));
  expect(await open()).toBe(0);
  await set('0.001');
  await restock(await completeRun({ keys }));
  expect(await open()).toBe(1);
  await db.database.write(`DELETE FROM setting`);
}, 60_000);
