import { afterAll, describe, expect, it } from 'vitest';
import { addDays } from '../../shared/core/calendar/add-days.ts';
import { seededRandom } from '../../shared/core/math/random.ts';
import { CommandFolder } from './command.ts';

const folder = new CommandFolder();
afterAll(() => folder.remove());

const random = seededRandom(6);
const DAYS = 800;
const AHEAD = 14;
const START = '2022-01-01';

interface Day {
  readonly date: string;
  readonly quantity: number;
  readonly promo: number;
}

/** Daily sales that a promotion doubles, and Christmas Day and Boxing Day end. */
function days(): Day[] {
  return Array.from({ length: DAYS + AHEAD }, (_, t) => {
    const date = addDays(START, t);
    const promo = random.uniform() < 0.25 ? 1 : 0;
    const isChristmas = date.endsWith('-12-25') || date.endsWith('-12-26');
    const quantity = isChristmas ? 0 : Math.round(50 + 50 * promo + 4 * random.normal());
    return { date, quantity, promo };
  });
}

const all = days();
const line = ({ date, quantity, promo }: Day): string => `a,${date},${quantity},${promo},1`;
const write = (name: string, rows: readonly Day[]): void =>
  folder.write(name, `series_id,date,quantity,promo,ones\n${rows.map(line).join('\n')}\n`);
write('sales.csv', all.slice(0, DAYS));
write('whole.csv', all);
const future = all.slice(DAYS).map(({ date, promo }) => `a,${date},${promo},1`);
folder.write('future.csv', `series_id,date,promo,ones\n${future.join('\n')}\n`);

async function forecast(parameters: string): Promise<{ means: number[]; stderr: string }> {
  const ended = await folder.run(
    `forecast --frequency daily --horizon ${AHEAD} --input sales.csv --output out.csv --jobs 1 ${parameters}`,
  );
  expect(ended, ended.stderr).toMatchObject({ code: 0, stdout: '' });
  return { means: folder.rows('out.csv').map((row) => Number(row.mean)), stderr: ended.stderr };
}

describe.each(['arima', 'regression'])('%s', (model) => {
  it('uses columns whose future is given, and says which it leaves out and why', async () => {
    const { means, stderr } = await forecast(`--model ${model} --future future.csv`);
    means.forEach((value, h) => {
      expect(Math.abs(value - (50 + 50 * all[DAYS + h]!.promo))).toBeLessThan(12);
    });
    expect(stderr.split('\n').filter((text) => text !== '')).toEqual([
      'smart-inventory: column ones is left out: it is constant in the history (1 of 1 series)',
    ]);
  });

  it('leaves out columns whose future is not given', async () => {
    const { means, stderr } = await forecast(`--model ${model}`);
    expect(Math.max(...means) - Math.min(...means)).toBeLessThan(20);
    expect(stderr).toContain('column promo is left out: its future is not known (1 of 1 series)');
  });
});

describe('holidays', () => {
  it('of a country are known inputs', async () => {
    const sales = `--input whole.csv --origin 2023-12-20 --model arima`;
    const without = await forecast(sales);
    const { means } = await forecast(`${sales} --holidays GB`);
    // Christmas Day is the fifth day after the origin. Its like was seen once before, under the same names.
    expect(means[4]! + means[5]!).toBeLessThan(without.means[4]! + without.means[5]!);
  });

  it('of a country that nothing is known of are refused', async () => {
    const ended = await folder.run(
      'forecast --frequency daily --horizon 3 --input sales.csv --output none.csv --holidays ZZ --model naive',
    );
    expect(ended.code).toBe(2);
    expect(ended.stderr).toContain('no holidays are known of ZZ');
  });
});

describe('a backtest', () => {
  it('with columns that were known ahead is nearer than without them, and refuses a column that is not there', async () => {
    const run = (parameters: string) =>
      folder.run(
        `backtest --frequency daily --horizon 7 --origins 3 --input whole.csv --model arima --output metrics.csv --jobs 1 ${parameters}`,
      );
    const wape = async (parameters: string): Promise<number> => {
      const ended = await run(parameters);
      expect(ended, ended.stderr).toMatchObject({ code: 0 });
      return Number(folder.rows('metrics.csv').find((row) => row.class === 'all')!.wape);
    };
    expect(await wape('--known promo')).toBeLessThan(0.5 * (await wape('')));
    const wrong = await run('--known promotion');
    expect(wrong.code).toBe(2);
    expect(wrong.stderr).toContain('whole.csv line 1, column promotion: the file has no such column');
  });
});
