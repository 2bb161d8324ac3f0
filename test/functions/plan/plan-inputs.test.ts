import { afterAll, beforeAll, expect, test } from 'vitest';
import { learnLeadTimes } from '../../../functions/plan/learn-lead-times.ts';
import { digestPlanInputs } from '../../../shared/data/planning/plan-inputs-store.ts';
import { openTestDatabase } from '../../database.ts';
import { plantItems, weekly } from '../planning/planning-fixture.ts';

const AS_OF = '2011-12-09';
let db: Awaited<ReturnType<typeof openTestDatabase>>;

beforeAll(async () => {
  db = await openTestDatabase({ brokenOnPurpose: ['demand', 'ledger'] });
  await plantItems(db.database, [{ productId: 'A', onHand: 2, demand: weekly(AS_OF, [1, 2, 3]) }]);
});
afterAll(() => db.close());

const digest = async () => {
  await learnLeadTimes(db.database, AS_OF);
  return digestPlanInputs(db.database, AS_OF, 91);
};

test.each([
  [
    'the policy of a class',
    `INSERT INTO class_policy (class, kind, target_kind, target_value, review_days) VALUES ('AX', 's-S', 'fill-rate', 0.97, 14)`,
  ],
  ['its target', `UPDATE class_policy SET target_value = 0.98`],
  [
    'the policy of an item',
    `INSERT INTO item_policy (product_id, location_id, minimum) VALUES ('A', 'MAIN', 5)`,
  ],
  ['which of its limits it is', `UPDATE item_policy SET minimum = NULL, maximum = 5`],
  ['revenue, which makes the classes', `UPDATE demand SET revenue = revenue + 5`],
  ['the currency of a supplier', `UPDATE supplier SET currency = 'EUR'`],
  ['price breaks', `UPDATE supplier_item SET price_breaks = '[[10,"2.0"]]'`],
  ['a maximum', `UPDATE supplier_item SET maximum_quantity = 100`],
  ['the minimum of a supplier', `UPDATE supplier SET minimum_order = 100`],
  ['a supplier calendar', `INSERT INTO supplier_calendar VALUES ('S1', '[1]', '[]')`],
  ['a receiving calendar', `INSERT INTO receiving_calendar VALUES ('MAIN', '[2]', '[]')`],
  [
    'the tree of locations',
    `INSERT INTO location (location_id, name, parent_id) VALUES ('SHOP', 'Shop', 'MAIN')`,
  ],
  [
    'a draft that a person keeps',
    `INSERT INTO purchase_order (purchase_order_id, supplier_id, location_id, status, is_own) VALUES (1, 'S1', 'MAIN', 'draft', 1)`,
    `INSERT INTO purchase_order_line (purchase_order_id, product_id, quantity, unit_cost) VALUES (1, 'A', 5, 1)`,
  ],
  ['when it is expected', `UPDATE purchase_order_line SET expected_date = '2012-01-01'`],
])('%s is part of what a plan depends on', async (_what, ...changes) => {
  const before = await digest();
  expect(await digest()).toEqual(before);
  for (const sql of changes) await db.database.write(sql);
  expect(await digest()).not.toEqual(before);
});
