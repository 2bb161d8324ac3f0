import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as z from 'zod';
import { CommandFolder } from '../../cli/command.ts';
import { openTestDatabase, type TestDatabase } from '../../database.ts';
import { openDrops } from '../ingest/drop-file.ts';

let db: TestDatabase;
const folder = new CommandFolder();

beforeAll(async () => {
  db = await openTestDatabase();
});
afterAll(async () => {
  folder.remove();
  await db.close();
});

test.each([
  ['shop', '--days 15 --seed 7'],
  ['market', '--days 40 --seed 7 --demand realistic --products 15'],
])('the files of a %s, dropped in their order, become the same stock and demand', async (name, flags) => {
  const { stdout } = await folder.run(`simulate --name ${name} ${flags} --output ${name}`);
  const printed = JSON.parse(stdout);
  const drops = openDrops(db.database);
  for (const file of readdirSync(join(folder.path, name, 'import')).sort()) {
    const report = await drops.drop(folder.bytes(`${name}/import/${file}`), `drop/${name}-${file}`);
    expect([file, report.status, report.rejected_rows, report.shortages]).toEqual([file, 'done', 0, 0]);
  }
  const levels = new Map<string, number>();
  for (const row of folder.rows(`${name}/ledger.csv`))
    levels.set(`${row.product_id}|${row.location_id}`, Number(row.stock_level));
  const stock = await db.database.select(
    z.object({ at: z.string(), stock_level: z.int() }),
    `SELECT CONCAT(product_id, '|', location_id) AS at, stock_level FROM stock WHERE product_id LIKE :mine`,
    { mine: `${name}-%` },
  );
  expect(new Map(stock.map((row) => [row.at, row.stock_level]))).toEqual(levels);
  const [demand] = await db.database.select(
    z.object({ units: z.coerce.number() }),
    `SELECT SUM(quantity) AS units FROM demand WHERE product_id LIKE :mine`,
    { mine: `${name}-%` },
  );
  expect(demand!.units).toBe(printed.units);
});
