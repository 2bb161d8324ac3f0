import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WholeFiles } from '../../cli/simulate/whole-files.ts';
import { TEMPLATES } from '../../shared/contracts/csv/templates.ts';
import { CommandFolder } from './command.ts';

const folder = new CommandFolder();
interface Summary {
  readonly ledger_sha256: string;
  readonly [count: string]: number | string;
}
const lastLine = (stdout: string): Summary => JSON.parse(stdout.trimEnd().split('\n').at(-1)!);
let summary: Summary;

beforeAll(async () => {
  const { code, stdout, stderr } = await folder.run('simulate --days 60 --seed 7 --output first');
  expect([code, stderr]).toEqual([0, '']);
  summary = lastLine(stdout);
});
afterAll(() => folder.remove());

test('the same twice writes the same bytes, whose hash is printed', async () => {
  const again = await folder.run('simulate --run --days 60 --seed 7 --output second');
  expect(lastLine(again.stdout)).toEqual(summary);
  for (const name of readdirSync(join(folder.path, 'first'), { recursive: true, withFileTypes: true }))
    if (name.isFile()) {
      const path = join(name.parentPath, name.name).slice(join(folder.path, 'first').length);
      expect(folder.bytes(`second${path}`).equals(folder.bytes(`first${path}`))).toBe(true);
    }
  const hash = createHash('sha256').update(folder.bytes('first/ledger.csv')).digest('hex');
  expect(summary.ledger_sha256).toBe(hash);
  const without = await folder.run('simulate --days 60 --seed 7');
  expect(lastLine(without.stdout)).toEqual(summary);
  const other = await folder.run('simulate --days 60 --seed 8');
  expect(lastLine(other.stdout).ledger_sha256).not.toBe(hash);
});

test('the files agree: sales of both, refunds, products, and the counts that are printed', () => {
  const ledger = folder.rows('first/ledger.csv');
  const sales = folder.rows('first/sales.csv');
  const products = folder.rows('first/products.csv');
  expect([ledger.length, sales.length, products.length]).toEqual([
    summary.movements,
    summary.sales,
    summary.products,
  ]);
  const sold = ledger.filter(({ type }) => type === 'sale');
  expect(sold.map(({ reference, quantity_change }) => [reference, -Number(quantity_change)])).toEqual(
    sales.map(({ sale_id, quantity }) => [sale_id, Number(quantity)]),
  );
  expect(sales.filter(({ refunded }) => refunded === 'true')).toHaveLength(
    ledger.filter(({ type }) => type === 'return').length,
  );
  const known = new Set(products.map(({ product_id }) => product_id));
  expect(ledger.every(({ product_id }) => known.has(product_id!))).toBe(true);
  const levels = new Map<string, number>();
  for (const { product_id, location_id, quantity_change, stock_level } of ledger) {
    const key = `${product_id}|${location_id}`;
    levels.set(key, (levels.get(key) ?? 0) + Number(quantity_change));
    expect(levels.get(key)).toBe(Number(stock_level));
  }
});

test('every file for the import fits its template, row by row', async () => {
  await folder.run('simulate --days 40 --demand realistic --products 60 --output market');
  for (const world of ['first', 'market'])
    for (const file of readdirSync(join(folder.path, world, 'import'))) {
      const name = /^\d-([a-z_]+)/.exec(file)![1]!;
      const template = TEMPLATES.find((one) => one.name === name)!;
      const rows = folder.rows(`${world}/import/${file}`);
      expect(rows.length, file).toBeGreaterThan(0);
      const columns: readonly string[] = [...template.required, ...template.optional];
      expect(Object.keys(rows[0]!).filter((column) => !columns.includes(column))).toEqual([]);
      for (const row of rows.slice(0, 500)) expect(template.row.safeParse(row).error?.issues).toBeUndefined();
    }
  expect(existsSync(join(folder.path, 'first/import/3-suppliers.csv'))).toBe(false);
});

test('a second run into the same folder leaves nothing of the first', async () => {
  const run = (flags: string) =>
    folder.run(`simulate --days 20 --seed 3 --output again --truth again/truth.csv ${flags}`);
  await run('--demand realistic --products 20');
  const files = () => readdirSync(join(folder.path, 'again'), { recursive: true }).map(String).sort();
  expect(files()).toContain('truth.parameters.csv');
  expect(files()).toContain(join('import', '3-suppliers.csv'));
  await run('');
  const { stdout } = await folder.run('simulate --days 20 --seed 3 --output alone --truth alone/truth.csv');
  expect(files()).toEqual(readdirSync(join(folder.path, 'alone'), { recursive: true }).map(String).sort());
  const hash = createHash('sha256').update(folder.bytes('again/ledger.csv')).digest('hex');
  expect(hash).toBe(lastLine(stdout).ledger_sha256);
});

test('a truth whose name ends in .gz is compressed, its parameters too', async () => {
  const flags = '--demand realistic --products 30 --days 200 --seed 4';
  await folder.run(`simulate ${flags} --truth plain.csv`);
  await folder.run(`simulate ${flags} --truth packed.csv.gz`);
  for (const name of ['', '.parameters'])
    expect(gunzipSync(folder.bytes(`packed${name}.csv.gz`)).equals(folder.bytes(`plain${name}.csv`))).toBe(
      true,
    );
});

test('the truth of a market: what is wanted is sold or lost, and what is substituted is sold', async () => {
  const { code } = await folder.run('simulate --demand realistic --products 40 --days 60 --truth truth.csv');
  expect(code).toBe(0);
  const parameters = folder.rows('truth.parameters.csv');
  expect(parameters).toHaveLength(40);
  const level = parameters.reduce((sum, row) => sum + Number(row.level), 0) / 40;
  const rows = folder.rows('truth.csv');
  const wantedInAll = rows.reduce((sum, row) => sum + Number(row.wanted), 0) / rows.length;
  // seasons, promotions and shocks move it around the level, by less than this over two months
  expect(wantedInAll / level).toBeGreaterThan(0.5);
  expect(wantedInAll / level).toBeLessThan(2);
  expect(rows).toHaveLength(40 * 60);
  for (const row of rows) {
    const [wanted, sold, substituted, lost] = [row.wanted, row.sold, row.substituted, row.lost].map(Number);
    expect(sold! - substituted! + lost!).toBeLessThanOrEqual(wanted!);
    expect(Number(row.expected)).toBeGreaterThan(0);
  }
});

test.each([
  ['--restock-uniform 1 --restock-lower 0.9', ['--restock-uniform 1', '--restock-lower 0.9']],
  ['--get-metrics', ['--get-metrics', '--metric-operation']],
  ['--metric-operation describe_sales', ['--get-metrics', '--metric-operation describe_sales']],
  ['--seed x', ['--seed x is no number']],
  ['--product-listing A,,B', ['--product-listing A,,B has an empty name']],
  ['--start-date 1969-12-31', ['--start-date 1969-12-31 is not from 1970-01-01 to 2100-12-31']],
  ['--start-date 9999-12-30', ['--start-date 9999-12-30 is not from 1970-01-01 to 2100-12-31']],
])(
  'simulate %s is refused in a sentence that names the flags, before anything runs',
  async (flags, names) => {
    const { code, stdout, stderr } = await folder.run(`simulate ${flags} --output never`);
    expect([code, stdout]).toEqual([2, '']);
    for (const name of names) expect(stderr).toContain(name);
    expect(existsSync(join(folder.path, 'never'))).toBe(false);
  },
);

test.each([
  ['--truth same/sales.csv', ['--output and --truth', 'same/sales.csv']],
  ['--truth ./same/import/../ledger.csv', ['--output and --truth', 'ledger.csv']],
  ['--truth same', ['same cannot be written: it is a folder']],
])('files that --output writes are not overwritten by %s', async (flags, words) => {
  const { code, stdout, stderr } = await folder.run(`simulate --days 3 --output same ${flags}`);
  expect([code, stdout]).toEqual([2, '']);
  for (const word of words) expect(stderr).toContain(word);
  const left = readdirSync(join(folder.path, 'same'), { recursive: true });
  expect(left).toEqual(['import']);
  expect(readdirSync(folder.path).filter((name) => name.endsWith('.part'))).toEqual([]);
});

test('what cannot get its name leaves nothing of it and of those behind it', () => {
  const inside = (name: string) => join(folder.path, 'whole', name);
  const files = new WholeFiles();
  for (const name of ['first', 'second', 'third']) files.add(inside(name), 'header');
  mkdirSync(inside('second'));
  expect(() => files.keep()).toThrow('second cannot be written');
  files.drop();
  expect(readdirSync(inside('')).sort()).toEqual(['first', 'second']);
});

test('the sixteen flags of the configuration are all taken together', async () => {
  const { code, stdout } = await folder.run(
    'simulate --product-listing Drills,Rugs --warehouse-listing Boston,Leeds --restock-lower 0.9 --restock-upper 1 ' +
      '--subset-size 150 --start-date 2023-03-01 --days 20 --new-product-prob 50 --refund-rate 2,8 ' +
      '--quantity-sell-rates 0.5,0.5,0,0,0 --sale-lower 0.1 --sale-upper 0.2 --alloc-lower 400 --alloc-upper 500 --output small',
  );
  expect(code).toBe(0);
  expect(lastLine(stdout)).toMatchObject({ days: 20, products: 20 });
  const sales = folder.rows('small/sales.csv');
  expect(new Set(sales.map((row) => row.location_id))).toEqual(new Set(['WH-BOS', 'WH-LEEDS']));
  expect(sales.every((row) => ['1', '2'].includes(row.quantity!) && row.date! >= '2023-03-01')).toBe(true);
  const uniform = await folder.run('simulate --restock-uniform 1 --alloc-uniform 100 --days 3');
  expect(uniform.code).toBe(0);
});

test('the measures of a simulation are those of its files', async () => {
  for (const name of ['stockout_counts', 'gather_refund_data']) {
    const direct = await folder.run(`simulate --days 60 --seed 7 --get-metrics --metric-operation ${name}`);
    const ofFiles = await folder.run(`metrics --operation ${name} --input first`);
    expect(JSON.parse(direct.stdout)).toEqual(JSON.parse(ofFiles.stdout));
  }
});
