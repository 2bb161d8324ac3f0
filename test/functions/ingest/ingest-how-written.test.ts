import { afterAll, beforeAll, expect, test } from 'vitest';
import * as z from 'zod';
import { findViolations } from '../../../shared/data/invariants.ts';
import { openTestDatabase, type TestDatabase } from '../../database.ts';
import { type Drops, openDrops } from './drop-file.ts';

let db: TestDatabase;
let drops: Drops;

beforeAll(async () => {
  db = await openTestDatabase();
  drops = openDrops(db.database);
});

afterAll(async () => {
  expect(await findViolations(db.database)).toEqual([]);
  await db.close();
});

const Text = z.object({ what: z.string() });
const read = async (sql: string) => (await db.database.select(Text, sql)).map(({ what }) => what);

test('names with inches and quotes in a report of Amazon do not run into the next order', async () => {
  const header =
    'amazon-order-id\tmerchant-order-id\tpurchase-date\tlast-updated-date\torder-status\tfulfillment-channel\tproduct-name\tsku\titem-status\tquantity\titem-price\n';
  const row = (order: string, name: string, sku: string, units: number) =>
    `${order}\t${order}\t2024-01-01T10:00:00+00:00\t2024-01-01T10:00:00+00:00\tShipped\tMerchant\t${name}\t${sku}\tShipped\t${units}\t10.00\n`;
  const report = await drops.drop(
    header +
      row('AQ1', '"Thermo mug', 'AQ-1', 1) +
      row('AQ2', 'Tube 5"', 'AQ-2', 7) +
      row('AQ3', '"Best" pan', 'AQ-3', 2),
  );
  expect(report).toMatchObject({ status: 'done', imported_rows: 3, rejected_rows: 0 });
  expect(
    await read(
      `SELECT CONCAT(sale_id, ' ', quantity_sold, ' ', product_name) AS what
         FROM sales JOIN products USING (product_id) WHERE order_id LIKE 'AQ%' ORDER BY sale_id`,
    ),
  ).toEqual(['AQ1:AQ-1 1 "Thermo mug', 'AQ2:AQ-2 7 Tube 5"', 'AQ3:AQ-3 2 "Best" pan']);
});

test('ids that a spreadsheet shortened are refused: they would make one order of many', async () => {
  const report = await drops.drop(
    [
      'Name,Id,Financial Status,Created at,Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku',
      '#1,5.12E+12,paid,2024-01-01 10:00:00 +0000,1,Mug,10,SH-1',
      '#2,5.12E+12,paid,2024-01-02 10:00:00 +0000,2,Plate,20,SH-2',
      '#3,5120000000003,paid,2024-01-03 10:00:00 +0000,3,Cup,30,4.00e+12',
      '#4,5120000000004,paid,2024-01-03 10:00:00 +0000,3,Cup,30,4E12',
      '',
    ].join('\n'),
  );
  expect(report).toMatchObject({ status: 'done', imported_rows: 1, rejected_rows: 3 });
  expect(drops.rejects(report).match(/\w+,was shortened by a spreadsheet/g)).toEqual([
    'order_id,was shortened by a spreadsheet',
    'order_id,was shortened by a spreadsheet',
    'product_id,was shortened by a spreadsheet',
  ]);
  const counted = await drops.drop('product_id,quantity,date\n"4,00E+12",5,2024-01-01\n');
  expect(counted).toMatchObject({ imported_rows: 0, rejected_rows: 1 });
});
