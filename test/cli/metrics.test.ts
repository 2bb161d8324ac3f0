import { afterAll, beforeAll, expect, it } from 'vitest';
import { MetricAnswer } from '../../shared/contracts/api/metrics.ts';
import { METRIC_OPERATIONS } from '../../shared/core/analytics/operations/run-operation.ts';
import { CommandFolder } from './command.ts';

const folder = new CommandFolder();
const empty = new CommandFolder();
const LEDGER = 'log_id,date,product_id,location_id,type,quantity_change,stock_level,reference,reason';
const SALES = 'sale_id,order_id,date,product_id,location_id,customer_id,quantity,price,refunded,reason';

beforeAll(() => {
  folder.write('products.csv', 'product_id,category\nA,Toys\nB,\n');
  folder.write(
    'ledger.csv',
    [
      LEDGER,
      '1,2024-01-01,A,MAIN,opening,10,10,,',
      '2,2024-01-02,A,MAIN,sale,-10,0,S1,',
      '3,2024-01-04,A,MAIN,receipt,20,20,PO1,',
      '4,2024-01-05,A,MAIN,reversal,-20,0,3,booked twice',
      '5,2024-01-05T09:30:00.000Z,B,MAIN,opening,1,1,,',
      '',
    ].join('\n'),
  );
  folder.write(
    'sales.csv.gz',
    [
      SALES,
      'S1,O1,2024-01-02,A,MAIN,C1,10,2.5,false,',
      'S2,O2,2024-02-02,A,MAIN,C1,2,2.5,true,"too small, by far"',
      '',
    ].join('\n'),
  );
  empty.write('products.csv', 'product_id,category\n');
  empty.write('ledger.csv', `${LEDGER}\n`);
  empty.write('sales.csv', `${SALES}\n`);
});
afterAll(() => {
  folder.remove();
  empty.remove();
});

it('prints a result that keeps its contract, and speaks of the last day of all files', async () => {
  const answers = await Promise.all(
    METRIC_OPERATIONS.map(async (name) => {
      const { code, stdout } = await folder.run(`metrics --operation ${name} --input .`);
      expect(code).toBe(0);
      const answer = MetricAnswer.parse(JSON.parse(stdout));
      expect([answer.operation, answer.through]).toEqual([name, '2024-02-02']);
      return answer;
    }),
  );
  expect(answers).toMatchObject([
    { catalogue: 2, in_stock: 1, out_of_stock: 1 },
    { stockouts: 2, days_out: 2 + 29, items_out_now: 1 },
    { units_sold: 12, units_restocked: 0, ratio: null },
    { units: 12, revenue: '30.00', months: [{ units_growth: null }, { units_growth: -0.8 }] },
    { unit_rate: 2 / 12, reasons: [{ reason: 'too small, by far', units: 2, share: 1 }] },
  ]);
});

it('counts nothing that comes after the cutoff', async () => {
  const { stdout } = await folder.run(
    'metrics --operation sale_to_restock_ratio --input . --cutoff 2024-01-04',
  );
  expect(JSON.parse(stdout)).toMatchObject({ through: '2024-01-04', units_restocked: 20, ratio: 0.5 });
});

it.each(METRIC_OPERATIONS)('%s answers for files without rows', async (name) => {
  const { code, stdout } = await empty.run(`metrics --operation ${name} --input .`);
  expect(code).toBe(0);
  expect(MetricAnswer.parse(JSON.parse(stdout)).through).toBeNull();
  expect(stdout).not.toMatch(/NaN|Infinity|undefined/);
  const csv = await empty.run(`metrics --operation ${name} --input . --format csv`);
  expect([csv.code, csv.stdout]).toEqual([0, '']);
});

it('prints a list of the result as CSV, or its single numbers', async () => {
  const rows = await folder.run('metrics --operation describe_sales --input . --format csv');
  expect(rows.stdout.split('\n').slice(0, 2)).toEqual([
    'product_id,units,revenue,quantity_count,quantity_mean,quantity_sd,quantity_min,quantity_q1,quantity_median,quantity_q3,quantity_max',
    'A,12,30.00,2,6,5.656854249,2,4,6,8,10',
  ]);
  const summary = await folder.run(
    'metrics --operation product_counts --input . --format csv --list summary',
  );
  expect(summary.stdout).toBe(
    'operation,through,catalogue,stocked,in_stock,out_of_stock,units_on_hand\nproduct_counts,2024-02-02,2,2,1,1,1\n',
  );
  const wrong = await folder.run('metrics --operation product_counts --input . --format csv --list months');
  expect([wrong.code, wrong.stderr]).toEqual([
    2,
    'smart-inventory: product_counts has no list months: it has summary, by_category\n',
  ]);
});

it('refuses what is no operation, naming the five, and what is no day', async () => {
  const unknown = await folder.run('metrics --operation turnover --input .');
  expect(unknown.code).toBe(2);
  for (const name of METRIC_OPERATIONS) expect(unknown.stderr).toContain(name);
  const none = await folder.run('metrics --input .');
  expect([none.code, none.stdout]).toEqual([2, '']);
  const day = await folder.run('metrics --operation describe_sales --input . --cutoff 2024-02-30');
  expect([day.code, day.stderr]).toEqual([2, expect.stringContaining('is no day such as 2024-01-31')]);
  for (const far of ['2200-01-01', '9999-12-31']) {
    const refused = await folder.run(`metrics --operation describe_sales --input . --cutoff ${far}`);
    expect([refused.code, refused.stdout]).toEqual([2, '']);
    expect(refused.stderr).toMatch(/--cutoff.*is not from 1970-01-01 to 2100-12-31/);
  }
  const last = await folder.run('metrics --operation describe_sales --input . --cutoff 2100-12-31');
  expect([last.code, JSON.parse(last.stdout).months.at(-1).month]).toEqual([0, '2024-02']);
});

it('refuses a file that is missing or wrong by its name, line and column', async () => {
  const broken = new CommandFolder();
  try {
    broken.write('sales.csv', `${SALES}\nS1,O1,2024-01-02,A,MAIN,C1,2.5,1,0,\n`);
    const quantity = await broken.run('metrics --operation describe_sales --input .');
    expect([quantity.code, quantity.stderr, quantity.stdout]).toEqual([
      2,
      'smart-inventory: sales.csv line 2, column quantity: "2.5" is not a whole number\n',
      '',
    ]);
    broken.write('sales.csv', `${SALES}\nS1,O1,2024-01-02,A,MAIN,C1,2,1,perhaps,\n`);
    const flag = await broken.run('metrics --operation gather_refund_data --input .');
    expect(flag.stderr).toContain('line 2, column refunded: "perhaps" is neither true nor false');
    const ledger = await broken.run('metrics --operation stockout_counts --input .');
    expect([ledger.code, ledger.stderr]).toEqual([2, expect.stringContaining('ledger.csv is missing')]);
  } finally {
    broken.remove();
  }
});

it('says how to start a stack when none answers', async () => {
  const { code, stderr } = await folder.run('--edge http://127.0.0.1:9 metrics --operation product_counts');
  expect([code, stderr]).toEqual([1, expect.stringContaining('npm start')]);
});
