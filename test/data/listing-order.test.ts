import { afterAll, beforeAll, expect, test } from 'vitest';
import * as z from 'zod';
import { listForecasts } from '../../shared/data/forecasts/forecast-reads.ts';
import { readBusinessDay } from '../../shared/data/planning/business-day.ts';
import { type Database, json } from '../../shared/data/sql/database.ts';
import { listSuggestions } from '../../shared/data/suggestions/suggestion-reads.ts';
import { openTestDatabase } from '../database.ts';

const COUNT = 600;
const RUN = 'r'.repeat(22);
const EXPLANATION = {
  as_of: '2011-12-09',
  expected_date: '2011-12-30',
  renewed_on: '2011-12-30',
  numbers: [],
  words: 'why '.repeat(500),
};
let db: Awaited<ReturnType<typeof openTestDatabase>>;

beforeAll(async () => {
  db = await openTestDatabase({ brokenOnPurpose: ['demand'] });
  const rows = json(Array.from({ length: COUNT }, (_, n) => [`P${n}`, n]));
  const FROM = `FROM JSON_TABLE(:rows, '$[*]' COLUMNS (id VARCHAR(64) PATH '$[0]', n INT PATH '$[1]')) AS j`;
  const write = (sql: string, params = {}) => db.database.write(`${sql} ${FROM}`, { rows, ...params });
  await db.database.write(`INSERT INTO supplier (supplier_id, supplier_name) VALUES ('S', 'Supplier')`);
  await write(`INSERT INTO products (product_id, product_name, category)
               SELECT j.id, j.id, CASE WHEN j.n % 3 = 0 THEN 'third' END`);
  await write(
    `INSERT INTO suggestion (run_id, product_id, location_id, supplier_id, status, quantity, unit_cost, order_by,
                             money_at_risk, explanation)
     SELECT '${RUN}', j.id, 'MAIN', 'S', CASE WHEN j.n % 2 = 0 THEN 'open' ELSE 'withdrawn' END, 1 + j.n * 7 % 100,
            2.5, DATE_ADD('2011-12-09', INTERVAL j.n % 10 DAY), j.n * 13 % 50, :explanation`,
    { explanation: json(EXPLANATION) },
  );
  await db.database.write(
    `INSERT INTO forecast_run (run_id, cause, as_of, plan_hash, settings, series, chunks, status)
     VALUES ('${RUN}', 'api', '2011-12-09', '', '{"service_level":0.95,"review_days":7,"seed":1}', ${COUNT}, 1, 'done')`,
  );
  await write(
    `INSERT INTO forecast (run_id, product_id, location_id, forecast_date, period_days, horizon, forecast_qty,
                           confidence_low, confidence_high, model_used, demand_class, path, state)
     SELECT '${RUN}', j.id, 'MAIN', '2011-12-10', 7, 13, j.n * 7 % 100, 0, 1, 'm', 'smooth', :path, '{}'`,
    { path: json({ mean: new Array(13).fill(1), quantiles: { 0.5: new Array(400).fill(1.5) } }) },
  );
});
afterAll(() => db.close());

async function everything<T>(page: (skip: number) => Promise<{ data: T[] }>): Promise<T[]> {
  const all: T[] = [];
  for (let skip = 0; skip <= COUNT; skip += 70) all.push(...(await page(skip)).data);
  return all;
}

/** The database, with every SELECT explained before it is run. */
function explaining(database: Database): Database & { readonly used: Set<string> } {
  const used = new Set<string>();
  const Step = z.object({ table: z.string().nullable(), key: z.string().nullable() });
  return {
    ...database,
    used,
    async select(row, sql, params) {
      for (const { key } of await database.select(Step, `EXPLAIN ${sql}`, params)) if (key) used.add(key);
      return database.select(row, sql, params);
    },
  };
}

test('suggestions come page by page, by what it costs to leave them, by urgency or by cost', async () => {
  type One = { money_at_risk: string; order_by: string; cost: string; suggestion_id: number };
  const more = (a: string, b: string) => Number(b) - Number(a);
  const orders = {
    risk: (a: One, b: One) => more(a.money_at_risk, b.money_at_risk) || a.suggestion_id - b.suggestion_id,
    order_by: (a: One, b: One) =>
      a.order_by.localeCompare(b.order_by) || more(a.cost, b.cost) || a.suggestion_id - b.suggestion_id,
    cost: (a: One, b: One) => more(a.cost, b.cost) || a.suggestion_id - b.suggestion_id,
  };
  for (const sort of ['risk', 'order_by', 'cost'] as const) {
    for (const status of [undefined, 'open']) {
      const all = await everything((skip) =>
        listSuggestions(db.database, { status }, { skip, limit: 70 }, sort),
      );
      expect(all).toHaveLength(status ? COUNT / 2 : COUNT);
      expect(all).toEqual([...all].sort(orders[sort]));
      for (const one of all) expect(Number(one.cost)).toBeCloseTo(one.quantity * 2.5, 2);
    }
  }
});

test('forecasts come page by page, the largest first', async () => {
  for (const category of [undefined, 'third']) {
    const all = await everything((skip) => listForecasts(db.database, { category }, { skip, limit: 70 }));
    expect(new Set(all.map((one) => one.product_id)).size).toBe(category ? COUNT / 3 : COUNT);
    const sorted = [...all].sort(
      (a, b) => b.total.mean - a.total.mean || (a.product_id < b.product_id ? -1 : 1),
    );
    expect(all).toEqual(sorted);
  }
});

test('the business day is the last one with demand, found from the end of an index', async () => {
  await db.database.write(
    `INSERT INTO demand (product_id, location_id, date, quantity, sale_lines, revenue)
     SELECT p.product_id, 'MAIN', DATE_ADD('2011-01-01', INTERVAL CRC32(p.product_id) % 300 DAY), 1, 1, 1
       FROM products p`,
  );
  await db.database.write(
    `INSERT INTO demand (product_id, location_id, date, quantity, sale_lines, revenue)
     VALUES ('P1', 'MAIN', '2011-12-01', 2, 1, 1), ('P1', 'MAIN', '2011-12-09', 0, 0, 0)`,
  );
  const database = explaining(db.database);
  expect(await readBusinessDay(database)).toBe('2011-12-01');
  expect([...database.used]).toContain('demand_date');
});

test('a page of either is found by an index in that order, without reading what is on no page', async () => {
  const database = explaining(db.database);
  for (const sort of ['risk', 'order_by'] as const) {
    await listSuggestions(database, {}, { skip: 0, limit: 12 }, sort);
    await listSuggestions(database, { status: 'open' }, { skip: 0, limit: 12 }, sort);
  }
  await listForecasts(database, {}, { skip: 0, limit: 12 });
  expect([...database.used]).toEqual(
    expect.arrayContaining([
      'suggestion_risk',
      'suggestion_status_risk',
      'suggestion_urgency',
      'suggestion_status_urgency',
      'forecast_largest',
    ]),
  );
});
