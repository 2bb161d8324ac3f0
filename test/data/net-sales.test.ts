import { afterEach, beforeEach, expect, test } from 'vitest';
import type { SalesReport } from '../../shared/contracts/api/report.ts';
import { findViolations } from '../../shared/data/ledger/invariants.ts';
import { readDashboardSummary, readSalesTrends } from '../../shared/data/metrics/analytics-reads.ts';
import { readSalesReport } from '../../shared/data/metrics/report-reads.ts';
import { openTestDatabase, type TestDatabase } from '../database.ts';
import { type Drops, openDrops } from '../functions/ingest/drop-file.ts';
import { uciFile } from '../functions/ingest/uci-file.ts';

let db: TestDatabase;
let drops: Drops;

beforeEach(async () => {
  db = await openTestDatabase();
  drops = openDrops(db.database);
});

afterEach(async () => {
  const violations = await findViolations(db.database);
  await db.close();
  expect(violations).toEqual([]);
});

const SALES = 'order_id,line,date,product_id,quantity,unit_price,discount,status\n';

/** Net sales as each of the reads tells them, in all and by day. */
async function netSales() {
  const groups: SalesReport['group_by'][] = ['product', 'category', 'location', 'day'];
  const reports = [];
  for (const group of groups)
    reports.push(await readSalesReport(db.database, group, '2024-01-01', '2024-01-31'));
  const summary = await readDashboardSummary(db.database);
  const { trends } = await readSalesTrends(db.database, 'daily', 30);
  const totals = [
    ...reports.map((report) => report.total_revenue),
    ...reports.map((report) => report.rows.reduce((sum, row) => sum + Number(row.revenue), 0).toFixed(2)),
    trends.reduce((sum, day) => sum + Number(day.total_sales), 0).toFixed(2),
    summary.total_revenue_mtd,
    summary.total_revenue_ytd,
  ];
  const days = reports[3]!.rows.map((row) => [row.name, row.units, row.revenue]);
  expect(trends.map((day) => [day.period, day.total_units, day.total_sales])).toEqual(days);
  return { totals: [...new Set(totals)], days };
}

test('a return in a file is taken off on its own day, one line for all reads', async () => {
  await drops.drop(
    `${SALES}S1,1,2024-01-02,P1,5,2,1,\nS2,1,2024-01-03,P1,-2,2,,\nS3,1,2024-01-04,P2,4,3,2,\n`,
  );
  expect(await netSales()).toEqual({
    totals: ['15.00'],
    days: [
      ['2024-01-02', 5, '9.00'],
      ['2024-01-03', -2, '-4.00'],
      ['2024-01-04', 4, '10.00'],
    ],
  });
});

test('a line that a file tells as returned sells nothing, and a cancelled one too', async () => {
  await drops.drop(
    `${SALES}S1,1,2024-01-02,P1,5,2,1,returned\nS2,1,2024-01-03,P1,3,2,,cancelled\nS3,1,2024-01-04,P2,4,3,2,\n`,
  );
  expect(await netSales()).toEqual({
    totals: ['10.00'],
    days: [
      ['2024-01-02', 0, '0.00'],
      ['2024-01-04', 4, '10.00'],
    ],
  });
});

test('a cancellation takes its sale back once, a return of nothing we know is taken off', async () => {
  const day = (n: number) => `2024-01-0${n} 08:00:00`;
  await drops.drop(
    [
      uciFile({ invoice: '1', quantity: 6, date: day(1) }),
      ...[
        uciFile({ invoice: 'C2', quantity: -6, date: day(2) }),
        uciFile({ invoice: 'C3', quantity: -2, date: day(3) }),
        uciFile({ invoice: '4', quantity: 9, date: day(4) }),
      ].map((file) => file.slice(file.indexOf('\n') + 1)),
    ].join(''),
  );
  const { days } = await netSales();
  expect(days.map(([name, units]) => [name, units])).toEqual([
    ['2024-01-03', -2],
    ['2024-01-04', 9],
  ]);
});
