import { afterEach, beforeEach, expect, test } from 'vitest';
import * as z from 'zod';
import { orderCsv } from '../../../functions/api/document/order-csv.ts';
import { findViolations } from '../../../shared/data/ledger/invariants.ts';
import { insertDraft } from '../../../shared/data/purchasing/purchase-draft-store.ts';
import { findPurchaseOrder } from '../../../shared/data/purchasing/purchase-order-reads.ts';
import { approvePurchaseOrder } from '../../../shared/data/purchasing/purchase-order-store.ts';
import { closePurchaseOrder } from '../../../shared/data/purchasing/purchase-receipt-store.ts';
import { openTestDatabase, type TestDatabase } from '../../database.ts';
import { type Drops, openDrops } from './drop-file.ts';

let db: TestDatabase;
let drops: Drops;
beforeEach(async () => {
  db = await openTestDatabase();
  drops = openDrops(db.database, { chunkRows: 100 });
  await drops.drop('supplier_id,supplier_name\nS,Supplier\n');
  await db.database.write(
    `INSERT INTO products (product_id, product_name) VALUES ('P1', 'Mug'), ('P2', 'Lamp')`,
  );
});
afterEach(async () => {
  const violations = await findViolations(db.database);
  await db.close();
  expect(violations).toEqual([]);
});

const Count = z.object({ n: z.int() });
const countOrders = async () =>
  (await db.database.select(Count, `SELECT COUNT(*) AS n FROM purchase_order`))[0]!.n;

test('a file of an order of ours changes nothing where it comes from, and says so where it would', async () => {
  const line = { quantity: 10, unitCost: '2.50', expectedDate: '2026-07-01' };
  const id = await db.database.transaction((tx) =>
    insertDraft(
      tx,
      {
        supplierId: 'S',
        locationId: 'MAIN',
        expectedDate: null,
        note: null,
        lines: [
          { ...line, productId: 'P1' },
          { ...line, productId: 'P2', expectedDate: null },
        ],
      },
      'ann',
    ),
  );
  await db.database.transaction((tx) => approvePurchaseOrder(tx, id, 'bob'));
  const before = await findPurchaseOrder(db.database, id);
  const file = orderCsv(before!);
  expect(file).toContain(`SI-${id},S,P1,10,open,2.50,MAIN,`);
  const again = await drops.drop(file);
  expect([again.imported_rows, again.duplicate_rows, again.rejected_rows]).toEqual([0, 2, 0]);
  const changed = await drops.drop(file.replace(',P1,10,', ',P1,11,'));
  expect([changed.imported_rows, changed.duplicate_rows, changed.rejected_rows]).toEqual([0, 1, 1]);
  expect(drops.rejects(changed)).toContain('is an order of ours that says otherwise');
  expect(await findPurchaseOrder(db.database, id)).toEqual(before);
  expect(await countOrders()).toBe(1);

  const elsewhere = await drops.drop(file.replaceAll(`SI-${id}`, 'SI-777'));
  expect([elsewhere.imported_rows, elsewhere.rejected_rows]).toEqual([2, 0]);
  expect(await countOrders()).toBe(2);

  await db.database.transaction((tx) => closePurchaseOrder(tx, id, 'not needed', 'ann'));
  const closed = await drops.drop(orderCsv((await findPurchaseOrder(db.database, id))!));
  expect([closed.imported_rows, closed.duplicate_rows, closed.rejected_rows]).toEqual([0, 2, 0]);
});
