import { afterAll, expect, test } from 'vitest';
import { CommandFolder } from './command.ts';
import { inventedSales, SALES_HEADER } from './invented-sales.ts';

const folder = new CommandFolder();
afterAll(() => folder.remove());

async function backtest(parameters: string): Promise<Record<string, string>[]> {
  const ended = await folder.run(`backtest ${parameters} --output metrics.csv`);
  expect(ended, ended.stderr).toMatchObject({ code: 0, stdout: '' });
  return folder.rows('metrics.csv');
}

test('the measures of a forecast worked by hand', async () => {
  // 30 days of 4 and 6 in turn, then 9 and 3: the last value, 6, is off by 3 both times.
  const quantities = [...Array.from({ length: 30 }, (_, t) => (t % 2 === 0 ? 4 : 6)), 9, 3];
  const rows = quantities.map((quantity, t) => `a,2024-01-${String(t + 1).padStart(2, '0')},${quantity}`);
  rows[31] = 'a,2024-02-01,3';
  folder.write('hand.csv', ['series_id,date,quantity', ...rows].join('\n'));
  const found = await backtest('--input hand.csv --frequency daily --horizon 2 --origins 1 --model naive');
  expect(Object.keys(found[0]!).join()).toBe(
    'model,class,n,mae,wape,smape,mase,rmsse,wql,coverage80,coverage95,bias,seconds',
  );
  expect(found.map((row) => `${row.model} ${row.class}`)).toEqual(['naive all', 'naive smooth']);
  // Seven days apart the training differs by 2, as neighbours do.
  expect(found[0]).toMatchObject({ n: '2', mae: '3', wape: '0.5', mase: '1.5', rmsse: '1.5', bias: '0' });
  expect(Number(found[0]!.smape)).toBeCloseTo((200 * (3 / 15 + 3 / 9)) / 2, 6);
});

test('one row for all and one for each class, for each model and over all origins', async () => {
  folder.write('sales.csv', [SALES_HEADER, ...inventedSales(6, 80, 7)].join('\n'));
  const found = await backtest(
    '--input sales.csv --frequency weekly --horizon 4 --origins 3 --step 2 --model auto,snaive --jobs 2',
  );
  for (const model of ['auto', 'snaive']) {
    const rows = found.filter((row) => row.model === model);
    expect(rows[0]!.class).toBe('all');
    expect(Number(rows[0]!.n)).toBe(6 * 4 * 3);
    expect(rows.length).toBeGreaterThan(2);
    expect(rows.slice(1).reduce((sum, row) => sum + Number(row.n), 0)).toBe(72);
    for (const value of Object.values(rows[0]!).slice(2)) expect(Number.isFinite(Number(value))).toBe(true);
  }
  const mase = (model: string): number => Number(found.find((row) => row.model === model)!.mase);
  expect(mase('auto')).toBeLessThan(mase('snaive'));
});

test('a forecast from an origin knows nothing of what came: a jump after it is missed in full', async () => {
  const rows = Array.from({ length: 40 }, (_, t) => {
    const day = new Date(Date.UTC(2024, 0, 1 + t)).toISOString().slice(0, 10);
    return `a,${day},${t < 36 ? 10 : 1000}`;
  });
  folder.write('jump.csv', ['series_id,date,quantity', ...rows].join('\n'));
  const [all] = await backtest('--input jump.csv --frequency daily --horizon 4 --origins 1');
  expect(all).toMatchObject({ n: '4', mae: '990', bias: '-0.99' });
});

test('origins before the first date are refused', async () => {
  const ended = await folder.run(
    'backtest --input jump.csv --frequency daily --horizon 4 --origins 11 --output none.csv',
  );
  expect(ended).toMatchObject({ code: 2, stderr: expect.stringContaining('before the first date') });
});
