import { expect, test } from 'vitest';
import { plantItems } from '../planning/planning-fixture.ts';
import { openRestocks } from './restock-fixture.ts';

const db = openRestocks();
const { completeRun, expectMirror, restock, suggestions } = db;

/** More products than are judged before what they need is written. */
const keys = Array.from({ length: 530 }, (_, i) => `P${String(i).padStart(3, '0')}`);

test('of many products each has what it needs, and only those that changed are touched', async () => {
  await plantItems(
    db.database,
    keys.map((productId) => ({ productId, onHand: 0, demand: [] })),
  );
  await restock(await completeRun({ keys }));
  const before = await suggestions();
  expect(before.map((row) => [row.product_id, row.status])).toEqual(keys.map((key) => [key, 'open']));
  await expectMirror();
  // of every ten the first has come in, the second in part
  await db.database.write(
    `UPDATE stock SET stock_level = CASE SUBSTRING(product_id, 4) WHEN '0' THEN 1000 WHEN '1' THEN 5 ELSE 0 END`,
  );
  await restock(await completeRun({ keys: keys.slice(0, -1) }));
  const after = await suggestions();
  expect(after).toHaveLength(before.length);
  for (const [i, row] of after.entries()) {
    const old = before[i]!;
    const isGone = row.product_id.endsWith('0') || row.product_id === keys.at(-1);
    if (isGone) expect(row).toMatchObject({ suggestion_id: old.suggestion_id, status: 'withdrawn' });
    else if (row.product_id.endsWith('1')) expect(row.quantity).toBe(old.quantity - 5);
    else expect(row).toEqual(old);
  }
  await expectMirror();
}, 60_000);
