import { existsSync, readdirSync } from 'node:fs';
import { afterAll, expect, test } from 'vitest';
import { CommandFolder } from './command.ts';
import { inventedSales, SALES_HEADER } from './invented-sales.ts';

const folder = new CommandFolder();
afterAll(() => folder.remove());
const TERMS =
  '--frequency daily --lead-time 3 --review 7 --service-level 0.95 --holding-rate 0.25 --margin 0.4';
const HEADER =
  'policy,forecaster,fill_rate,cycle_service,stockout_days,average_stock,turns,orders,' +
  'holding_cost,ordering_cost,lost_margin,total_cost,total_cost_low,total_cost_high';

folder.write('sales.csv.gz', [SALES_HEADER, ...inventedSales(6, 240, 1)].join('\n'));

async function evaluate(parameters: string, output = 'costs.csv'): Promise<Record<string, string>[]> {
  const ended = await folder.run(`evaluate ${parameters} --output ${output}`);
  expect(ended, ended.stderr).toMatchObject({ code: 0, stdout: '' });
  return folder.rows(output);
}

test('one row a policy and forecaster, auto first, every figure a number', async () => {
  const rows = await evaluate(`--input sales.csv.gz ${TERMS} --order-cost 2 --jobs 2`);
  expect(folder.bytes('costs.csv').toString().split('\n')[0]).toBe(HEADER);
  expect(rows[0]!.policy).toBe('auto');
  const names = rows.map(({ policy, forecaster }) => `${policy} ${forecaster}`);
  expect(new Set(names).size).toBe(names.length);
  expect(names.filter((name) => name.startsWith('auto '))).toHaveLength(1);
  for (const policy of [
    ...['clairvoyant', 'upper-bound-plus-15', 'thirty-day-times-1.2', 'z-formula'],
    ...['s-S', 's-Q', 'R-S', 'R-s-S', 'base-stock', 'newsvendor'],
  ])
    expect(
      rows.some((row) => row.policy === policy),
      policy,
    ).toBe(true);
  for (const row of rows) {
    const { policy, forecaster, ...cells } = row;
    for (const cell of Object.values(cells))
      expect(cell, `${policy} ${forecaster}`).toMatch(/^\d+(\.\d+)?(e-\d+)?$/);
    const value = (name: string): number => Number(row[name]);
    for (const rate of ['fill_rate', 'cycle_service']) expect(value(rate)).toBeLessThanOrEqual(1);
    expect(value('total_cost')).toBeCloseTo(
      value('holding_cost') + value('ordering_cost') + value('lost_margin'),
      4,
    );
    expect(value('ordering_cost')).toBe(2 * value('orders'));
    expect(value('total_cost_low')).toBeLessThanOrEqual(value('total_cost'));
    expect(value('total_cost_high')).toBeGreaterThanOrEqual(value('total_cost'));
    if (policy !== 'clairvoyant')
      expect(value('total_cost')).toBeGreaterThan(
        Number(rows.find((one) => one.policy === 'clairvoyant')!.total_cost),
      );
  }
  expect(Number(rows[0]!.fill_rate)).toBeGreaterThan(0.95);
});

test('figures worked by hand: a steady shop', async () => {
  // 30 days of 10 at a price of 5; 20 train. Opening stock 10 x (1 + 1) = 20, one day's order is always under way.
  const days = Array.from({ length: 30 }, (_, t) => `a,2024-01-${String(t + 1).padStart(2, '0')},10,5`);
  folder.write('steady.csv', ['series_id,date,quantity,price', ...days].join('\n'));
  const rows = await evaluate('--input steady.csv --frequency daily --lead-time 1 --review 1 --policy R-S');
  const clairvoyant = rows.find(({ policy }) => policy === 'clairvoyant')!;
  // On hand 20 before the first sale, then 10 before and 0 after each: 15 + 9 x 5.
  expect(clairvoyant).toMatchObject({
    ...{ fill_rate: '1', cycle_service: '1', stockout_days: '0', average_stock: '6', orders: '8' },
    ...{ ordering_cost: '0', lost_margin: '0' },
  });
  const aDay = (5 * 0.6 * 0.25) / 365.25;
  expect(Number(clairvoyant.holding_cost)).toBeCloseTo(60 * aDay, 8);
  expect(Number(clairvoyant.turns)).toBeCloseTo((10 * 365.25) / 6, 5);
  // One series: every resample is that series.
  expect(clairvoyant.total_cost_low).toBe(clairvoyant.total_cost);
  expect(rows.map(({ policy }) => policy)).toEqual([
    ...['auto', 'clairvoyant', 'upper-bound-plus-15', 'upper-bound-plus-15'],
    ...['thirty-day-times-1.2', 'thirty-day-times-1.2', 'z-formula', 'R-S', 'R-S'],
  ]);
});

test('the same seed writes the same bytes, with any number of threads', async () => {
  const parameters = `--input sales.csv.gz ${TERMS} --seed 5 --test 60`;
  await evaluate(`${parameters} --jobs 1`, 'one.csv');
  await evaluate(`${parameters} --jobs 3 --details more.json`, 'three.csv');
  expect(folder.bytes('three.csv').equals(folder.bytes('one.csv'))).toBe(true);
  const { classes, differences } = JSON.parse(folder.bytes('more.json').toString());
  expect(classes[0]).toMatchObject({
    class: expect.any(String),
    policy: expect.any(String),
    forecaster: expect.any(String),
  });
  expect(differences[0]).toEqual({ policy: 'auto', forecaster: 'chosen', mean: 0, low: 0, high: 0 });
});

test('with customers who wait and goods that spoil the clairvoyant still pays least', async () => {
  const lost = await evaluate(`--input sales.csv.gz ${TERMS} --policy R-S`, 'lost.csv');
  const rows = await evaluate(
    `--input sales.csv.gz ${TERMS} --policy R-S --unmet waits --waiting-cost 0.2 --shelf-life 9`,
    'waits.csv',
  );
  expect(rows.map(({ policy }) => policy)).toEqual(lost.map(({ policy }) => policy));
  expect(rows).not.toEqual(lost);
  const costs = rows.map((row) => Number(row.total_cost));
  expect(Math.min(...costs)).toBe(costs[1]);
});

test('what waiting costs is refused where nobody waits', async () => {
  const { code, stderr } = await folder.run(
    `evaluate --input sales.csv.gz ${TERMS} --waiting-cost .2 --output never.csv`,
  );
  expect(code).toBe(2);
  expect(stderr).toContain('--waiting-cost 0.2 means nothing beside --unmet lost');
  expect(existsSync(`${folder.path}/never.csv`)).toBe(false);
});

test('without enough history to try policies on, auto aims at the service level, and says so', async () => {
  const days = Array.from(
    { length: 30 },
    (_, t) => `a,2024-01-${String(t + 1).padStart(2, '0')},${8 + (t % 5)},5`,
  );
  folder.write('young.csv', ['series_id,date,quantity,price', ...days].join('\n'));
  const ended = await folder.run(
    'evaluate --input young.csv --frequency daily --lead-time 1 --review 1 --service-level 0.95 --output young-costs.csv --details young.json',
  );
  expect(ended).toMatchObject({ code: 0, stderr: expect.stringContaining('auto is not chosen by cost') });
  expect(JSON.parse(folder.bytes('young.json').toString()).classes).toMatchObject([
    { series: 0, target: { value: 0.95 }, cost: null, fillRate: null, cycleService: null },
  ]);
});

test('columns that are known ahead move our forecaster alone, all others are not looked at', async () => {
  const costsOf = async (lines: string[], parameters: string) => {
    folder.write('columns.csv', [SALES_HEADER, ...lines].join('\n'));
    return evaluate(`--input columns.csv ${TERMS} --policy R-S --jobs 1 ${parameters}`);
  };
  const lines = inventedSales(4, 240, 1);
  const other = lines.map((line, t) => (t % 3 === 0 && !line.endsWith('fair') ? `${line}sale` : line));
  const plain = await costsOf(lines, '');
  const known = await costsOf(lines, '--known price');
  expect(await costsOf(other, '--known price')).toEqual(known);
  plain.forEach((row, i) => {
    if (row.forecaster === 'mix') expect(known[i]).not.toEqual(row);
    if (['demand', 'history', 'snaive'].includes(row.forecaster!)) expect(known[i]).toEqual(row);
  });
});

test('series that begin within the replayed part are left out and counted', async () => {
  const late = ['late,2022-08-01,4,3,', 'late,2022-08-20,4,3,'];
  folder.write('late.csv', [SALES_HEADER, ...inventedSales(2, 240, 1), ...late].join('\n'));
  const ended = await folder.run(`evaluate --input late.csv ${TERMS} --output late-costs.csv`);
  expect(ended).toMatchObject({ code: 0, stderr: expect.stringContaining('1 series are left out') });
  folder.write('early.csv', [SALES_HEADER, ...inventedSales(2, 240, 1)].join('\n'));
  await evaluate(`--input early.csv ${TERMS}`, 'early-costs.csv');
  expect(folder.bytes('late-costs.csv').equals(folder.bytes('early-costs.csv'))).toBe(true);
});

test.each([
  ['a broken date', 'bad.csv', TERMS, 'line 3, column date'],
  ['a file that is not there', 'none.csv', TERMS, 'none.csv'],
  ['a margin of everything', 'sales.csv.gz', TERMS.replace('--margin 0.4', '--margin 1'), 'margin'],
  ['no lead time', 'sales.csv.gz', TERMS.replace('--lead-time 3', ''), '--lead-time'],
  ['a shelf life of nothing', 'sales.csv.gz', `${TERMS} --shelf-life 0`, '--shelf-life'],
  ['an unknown policy', 'sales.csv.gz', `${TERMS} --policy best`, 'no best'],
  ['an unknown forecaster', 'sales.csv.gz', `${TERMS} --forecaster oracle`, 'no oracle'],
  ['a column that is not there', 'sales.csv.gz', `${TERMS} --known deal`, 'line 1, column deal'],
  ['a replay longer than the history', 'sales.csv.gz', `${TERMS} --test 240`, 'too few'],
])('refused with exit code 2, and no file: %s', async (_, input, parameters, reason) => {
  folder.write('bad.csv', `${SALES_HEADER}\na,2024-01-01,3,1,\na,2024-13-01,3,1,\n`);
  const before = readdirSync(folder.path);
  const ended = await folder.run(
    `evaluate --input ${input} ${parameters} --output refused.csv --details refused.json`,
  );
  expect(ended).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(reason) });
  expect(readdirSync(folder.path)).toEqual(before);
  expect(existsSync('refused.csv')).toBe(false);
});
