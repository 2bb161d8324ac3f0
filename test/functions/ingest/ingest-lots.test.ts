import { afterEach, beforeEach, expect, test } from 'vitest';
import { findViolations } from '../../../shared/data/ledger/invariants.ts';
import { listLots } from '../../../shared/data/waste/lot-reads.ts';
import { openTestDatabase, type TestDatabase } from '../../database.ts';
import { type Drops, openDrops } from './drop-file.ts';

let db: TestDatabase;
let drops: Drops;

beforeEach(async () => {
  db = await openTestDatabase();
  drops = openDrops(db.database);
  await drops.drop('product_id,product_name,unit_price\nMILK,Milk,2.00\n');
});

afterEach(async () => {
  const violations = await findViolations(db.database);
  await db.close();
  expect(violations).toEqual([]);
});

const lots = async () => {
  const { data } = await listLots(db.database, {}, '2024-02-01', { skip: 0, limit: 10 });
  return data.map((lot) => `${lot.lot_code} until ${lot.expiry_date}: ${lot.quantity_left}`);
};

test('goods of a file come with their lot, a lot has one last day, and the same file again changes nothing', async () => {
  const file = [
    'movement_id,product_id,date,quantity_change,change_type,lot_code,expiry_date',
    'M1,MILK,2024-01-02,10,receipt,A,2024-03-01',
    'M2,MILK,2024-01-03,5,receipt,A,2024-04-01',
    'M3,MILK,2024-01-03,5,receipt,,2024-02-20',
    'M4,MILK,2024-01-04,-3,damage,A,',
    'M5,MILK,2024-01-05,4,opening,,',
  ].join('\n');
  const report = await drops.drop(file);
  expect(report).toMatchObject({ imported_rows: 4, rejected_rows: 1 });
  expect(drops.rejects(report)).toContain('3,expiry_date,is not that of the same lot');
  expect(await lots()).toEqual(['until 2024-02-20 until 2024-02-20: 5', 'A until 2024-03-01: 7']);
  expect(await drops.drop(`${file}\n`)).toMatchObject({ imported_rows: 0 });
  expect(await lots()).toEqual(['until 2024-02-20 until 2024-02-20: 5', 'A until 2024-03-01: 7']);
});

test('the last day of a new lot may be told by any of its lines', async () => {
  const header = 'receipt_id,product_id,date,quantity,lot_code,expiry_date';
  const report = await drops.drop(
    `${header}\nR1,MILK,2024-01-02,1,B,\nR2,MILK,2024-01-03,2,B,2024-05-01\nR3,MILK,2024-01-04,4,B,\n`,
  );
  expect(report).toMatchObject({ imported_rows: 3, rejected_rows: 0 });
  expect(await lots()).toEqual(['B until 2024-05-01: 7']);
});

test('receipts of a file do too, and another file is held to the last day that is known', async () => {
  const header = 'receipt_id,product_id,date,quantity,lot_code,expiry_date';
  await drops.drop(`${header}\nR1,MILK,2024-01-02,10,A,2024-03-01\n`);
  const other = await drops.drop(`${header}\nR2,MILK,2024-01-03,10,A,2024-03-02\nR3,MILK,2024-01-03,1,A,\n`);
  expect(other).toMatchObject({ imported_rows: 1, rejected_rows: 1 });
  expect(await lots()).toEqual(['A until 2024-03-01: 11']);
});
