import { afterAll, beforeAll, expect, test } from 'vitest';
import { readSeenLeadTimes } from '../../shared/data/purchasing/lead-time-store.ts';
import { openTestDatabase } from '../database.ts';
import { plantItems, weekly } from '../functions/planning/planning-fixture.ts';

const AS_OF = '2011-12-09';
let db: Awaited<ReturnType<typeof openTestDatabase>>;

beforeAll(async () => {
  db = await openTestDatabase({ brokenOnPurpose: ['demand', 'ledger'] });
  await plantItems(db.database, [{ productId: 'A', onHand: 2, demand: weekly(AS_OF, [1, 2, 3]) }]);
});
afterAll(async () => {
  // their goods were in no stock
  for (const table of [
    'purchase_receipt_line',
    'purchase_receipt',
    'purchase_order_line',
    'purchase_order',
  ] as const)
    await db.master.write(`DELETE FROM ${table}`);
  await db.close();
});

test('what comes of an order on one day is a delivery, which counts by its share', async () => {
  await db.database.write(
    `INSERT INTO purchase_order (purchase_order_id, supplier_id, location_id, status, approved_by, approved_at, ordered_on)
     VALUES (1, 'S1', 'MAIN', 'received', 'ann', '2011-08-01', '2011-08-01')`,
  );
  await db.database.write(
    `INSERT INTO purchase_order_line (purchase_order_id, product_id, quantity, quantity_received, unit_cost)
     VALUES (1, 'A', 100, 100, 1)`,
  );
  const receipts = [
    ['morning', '2011-08-11 09:00:00', 60],
    ['evening', '2011-08-11 17:00:00', 38],
    ['stragglers', '2011-09-30 09:00:00', 2],
  ] as const;
  for (const [name, at, quantity] of receipts) {
    await db.database.write(
      `INSERT INTO purchase_receipt (receipt_id, purchase_order_id, received_at, actor, content_hash)
       VALUES (:name, 1, :at, 'ann', 'x')`,
      { name, at },
    );
    await db.database.write(
      `INSERT INTO purchase_receipt_line (receipt_id, product_id, purchase_order_id, quantity)
       VALUES (:name, 'A', 1, :quantity)`,
      { name, quantity },
    );
  }
  expect(await readSeenLeadTimes(db.database, AS_OF)).toMatchObject([
    { purchaseOrderId: 1, received: '2011-09-30', days: 60, weight: 0.02 },
    { purchaseOrderId: 1, received: '2011-08-11', days: 10, weight: 0.98 },
  ]);
});
