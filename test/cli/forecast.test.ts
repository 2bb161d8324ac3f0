import { readdirSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { afterAll, describe, expect, test } from 'vitest';
import { CommandFolder } from './command.ts';
import { inventedSales, SALES_HEADER, shuffled } from './invented-sales.ts';

const folder = new CommandFolder();
afterAll(() => folder.remove());

const sales = inventedSales(7, 60, 7);
const csv = (lines: readonly string[]): string => `${[SALES_HEADER, ...lines].join('\n')}\n`;
folder.write('sales.csv', csv(sales));

/** The forecast of a file, which must succeed. */
async function forecast(parameters: string, output = 'out.csv'): Promise<Buffer> {
  const ended = await folder.run(`forecast ${parameters} --output ${output}`);
  expect(ended, ended.stderr).toMatchObject({ code: 0, stdout: '' });
  return folder.bytes(output);
}

describe('a forecast', () => {
  test('of known figures is the file that the contract describes', async () => {
    folder.write(
      'small.csv',
      'series_id,date,quantity\nb,2024-01-31,4\nb,2024-01-30,2\n"a, red",2024-01-31,5\n',
    );
    const found = await forecast(
      '--input small.csv --frequency daily --horizon 2 --model snaive --quantiles 0.9,0.5',
    );
    expect(found.toString().split('\n')).toEqual([
      'origin,series_id,date,mean,q0.5,q0.9,model',
      '2024-01-31,"a, red",2024-02-01,5,5,5,snaive',
      '2024-01-31,"a, red",2024-02-02,5,5,5,snaive',
      // One difference, of 2: the 90 % quantile is 4 + 1.2816 * 2, two days ahead 4 + 1.2816 * 2 * sqrt 2.
      '2024-01-31,b,2024-02-01,4,4,6.563103131,snaive',
      '2024-01-31,b,2024-02-02,4,4,7.62477521,snaive',
      '',
    ]);
  });

  test('has every series, sorted, with exactly the horizon on its grid and quantiles that do not cross', async () => {
    await forecast('--input sales.csv --frequency weekly --horizon 5 --origin 2023-01-11 --model theta');
    const rows = folder.rows('out.csv');
    expect(Object.keys(rows[0]!)).toEqual(
      'origin,series_id,date,mean,q0.025,q0.1,q0.25,q0.5,q0.75,q0.9,q0.975,model'.split(','),
    );
    const ids = [...new Set(rows.map((row) => row.series_id))];
    expect(ids).toEqual(Array.from({ length: 7 }, (_, i) => `item ${i}`));
    for (const id of ids) {
      // Wednesday the 11th is inside the week of Monday the 9th.
      expect(rows.filter((row) => row.series_id === id).map((row) => row.date)).toEqual([
        '2023-01-16',
        '2023-01-23',
        '2023-01-30',
        '2023-02-06',
        '2023-02-13',
      ]);
    }
    for (const row of rows) {
      const quantiles = Object.keys(row)
        .filter((name) => name.startsWith('q'))
        .map((name) => Number(row[name]));
      expect(quantiles).toEqual(quantiles.toSorted((a, b) => a - b));
      expect(quantiles[0]).toBeGreaterThanOrEqual(0);
      expect(row.origin).toBe('2023-01-11');
    }
  });

  test('of months lies on the firsts of months', async () => {
    folder.write('months.csv', 'series_id,date,quantity\na,2023-11-01,3\na,2023-09-01,3\na,2023-10-01,3\n');
    await forecast('--input months.csv --frequency monthly --horizon 4 --model average');
    expect(folder.rows('out.csv').map((row) => `${row.date} ${row.mean}`)).toEqual([
      '2023-12-01 3',
      '2024-01-01 3',
      '2024-02-01 3',
      '2024-03-01 3',
    ]);
  });

  test('leaves out series that start later, and counts silence up to the origin as no demand or as unknown', async () => {
    folder.write(
      'gaps.csv',
      'series_id,date,quantity\nearly,2024-01-01,6\nearly,2024-01-04,6\nlate,2024-01-09,1\nother,2024-01-05,2\n',
    );
    const means = async (missing: string): Promise<string[]> => {
      await forecast(
        `--input gaps.csv --frequency daily --horizon 1 --origin 2024-01-06 --model average ${missing}`,
      );
      return folder.rows('out.csv').map((row) => `${row.series_id} ${row.mean}`);
    };
    expect(await means('')).toEqual(['early 2', 'other 1']);
    expect(await means('--missing nan')).toEqual(['early 6', 'other 2']);
  });

  test('is the same to the last byte for shuffled rows, one thread or two, plain or compressed', async () => {
    const options = '--frequency weekly --horizon 4 --seed 5';
    const plain = await forecast(`--input sales.csv ${options} --jobs 1`);
    folder.write('shuffled.csv.gz', csv(shuffled(sales)));
    expect(await forecast(`--input shuffled.csv.gz ${options} --jobs 2`)).toEqual(plain);
    expect(gunzipSync(await forecast(`--input sales.csv ${options} --jobs 2`, 'out.csv.gz'))).toEqual(plain);
  });

  test('reads nothing after the origin', async () => {
    const at = '--frequency weekly --horizon 4 --origin 2022-12-26';
    const plain = await forecast(`--input sales.csv ${at}`);
    const isLater = (line: string): boolean => line.split(',')[1]! > '2022-12-26';
    const other = sales.map((line) => (isLater(line) ? line.replace(/,\d+,.*/, ',not a number,x,y') : line));
    expect(other).not.toEqual(sales);
    folder.write('other.csv', csv(other));
    expect(await forecast(`--input other.csv ${at}`)).toEqual(plain);
    folder.write('cut.csv', csv(sales.filter((line) => !isLater(line))));
    expect(await forecast(`--input cut.csv ${at}`)).toEqual(plain);
  });

  test('takes known futures, ignores their extra rows and their quantities', async () => {
    const at = '--frequency weekly --horizon 4 --origin 2022-12-26';
    folder.write('known.csv', csv(sales));
    const plain = await forecast(`--input sales.csv ${at} --future known.csv`);
    const extra = sales.map((line) => line.replace(/,(\d+),/, ',999,'));
    folder.write('extra.csv', csv([...extra, 'nobody,2022-12-27,1,1,', 'item 1,2029-01-01,1,1,']));
    expect(await forecast(`--input sales.csv ${at} --future extra.csv`)).toEqual(plain);
  });

  test('ignores columns that cannot be used, with one line each', async () => {
    folder.write('odd.csv', 'series_id,date,quantity,note,,note\na,2024-01-01,1,,x,\na,2024-01-02,2,,y,\n');
    const ended = await folder.run('forecast --input odd.csv --frequency daily --horizon 1 --output out.csv');
    expect(ended.code).toBe(0);
    expect(ended.stderr.trimEnd().split('\n')).toEqual([
      expect.stringContaining('column 5 has no name and is ignored'),
      expect.stringContaining('a second column note is ignored'),
      expect.stringContaining('column note is ignored: it is empty'),
    ]);
  });
});

describe('bad input ends with code 2, the place, and no file', () => {
  const good = 'a,2024-01-01,1';
  test.each([
    [
      'a number that is none',
      `${good}\na,2024-01-02,1.2.3`,
      'line 3, column quantity: "1.2.3" is not a number',
    ],
    ['an empty quantity', `${good}\na,2024-01-02,`, 'line 3, column quantity'],
    ['an infinite quantity', `${good}\na,2024-01-02,Infinity`, 'line 3, column quantity'],
    ['a row that is cut off', `${good}\na,2024-01-02`, 'line 3, column quantity'],
    ['a day that is none', `${good}\n\na,2023-02-29,1`, 'line 4, column date: "2023-02-29" is not a day'],
    ['another way to write dates', '01/02/2024,2024,1\na,01/02/2024,1', 'line 2, column date'],
    ['no series', `${good}\n ,2024-01-02,1`, 'line 3, column series_id'],
    [
      'the same date twice',
      `${good}\nb,2024-01-01,1\na,2024-01-01,1`,
      'line 4, column date: a has 2024-01-01 twice',
    ],
    ['an open quote', `${good}\n"a,2024-01-02,1`, 'line 3: a quoted field is not closed'],
    ['no row', '', 'no row'],
  ])('%s', async (_, rows, message) => {
    folder.write('bad.csv', `series_id,date,quantity\n${rows}\n`);
    const ended = await folder.run(
      'forecast --input bad.csv --frequency daily --horizon 2 --output none.csv',
    );
    expect(ended.stderr).toContain(message);
    expect(ended.code).toBe(2);
    expect(readdirSync(folder.path).filter((name) => name.startsWith('none'))).toEqual([]);
  });

  test.each([
    ['weekly', 'a,2024-01-01,1\na,2024-01-09,1', 'line 3, column date: 2024-01-09 is another weekday'],
    [
      'monthly',
      'a,2024-01-01,1\na,2024-02-02,1',
      'line 3, column date: 2024-02-02 is not the first of a month',
    ],
  ])('a date off the %s grid', async (frequency, rows, message) => {
    folder.write('bad.csv', `series_id,date,quantity\n${rows}\n`);
    const ended = await folder.run(
      `forecast --input bad.csv --frequency ${frequency} --horizon 2 --output none.csv`,
    );
    expect(ended).toMatchObject({ code: 2, stderr: expect.stringContaining(message) });
  });

  test.each([
    ['--horizon 0', 'horizon'],
    ['--horizon 2 --model prophet', 'theta'],
    ['--horizon 2 --quantiles 0.5,1', 'between 0 and 1'],
    ['--horizon 2 --origin 2024-13-01', 'not a day'],
    ['--horizon 2 --origin 1999-01-01', 'up to 1999-01-01'],
    ['--horizon 2 --future nowhere.csv', 'nowhere.csv cannot be read'],
  ])('an option such as %s', async (options, message) => {
    const ended = await folder.run(
      `forecast --input sales.csv --frequency weekly --output none.csv ${options}`,
    );
    expect(ended).toMatchObject({ code: 2, stderr: expect.stringContaining(message) });
  });

  test('a file that lacks a column, and a header alone', async () => {
    folder.write('bad.csv', 'series_id,day,quantity\na,2024-01-01,1\n');
    const ended = await folder.run(
      'forecast --input bad.csv --frequency daily --horizon 2 --output none.csv',
    );
    expect(ended).toMatchObject({ code: 2, stderr: expect.stringContaining('line 1, column date') });
  });

  test('an older output stays as it was', async () => {
    folder.write('kept.csv', 'kept');
    folder.write('bad.csv', 'series_id,date,quantity\na,2024-01-01,x\n');
    const ended = await folder.run(
      'forecast --input bad.csv --frequency daily --horizon 2 --output kept.csv',
    );
    expect(ended.code).toBe(2);
    expect(folder.bytes('kept.csv').toString()).toBe('kept');
  });
});
