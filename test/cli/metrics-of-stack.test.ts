import { mkdirSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { MetricAnswer } from '../../shared/contracts/api/metrics.ts';
import type { LocalStatus } from '../../shared/contracts/local-status.ts';
import { METRIC_OPERATIONS } from '../../shared/core/analytics/operations/run-operation.ts';
import { json } from '../../shared/data/sql/database.ts';
import { type ServedApi, serveApi } from '../functions/api/serve-api.ts';
import { CommandFolder } from './command.ts';

/** Products, so many that their rows take two pages. */
const PRODUCTS = 205;
const folder = new CommandFolder();
let served: ServedApi;
let edge: string;
let close: () => Promise<unknown>;

beforeAll(async () => {
  served = await serveApi();
  const status: LocalStatus = {
    apiUrl: served.url,
    bucket: 'data',
    mainJob: 'done',
    functions: [],
    queues: [],
    schedules: [],
    imports: [],
    runs: [],
    summary: {},
  };
  const server = createServer((_, response) => response.end(JSON.stringify(status)));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  edge = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  close = () => new Promise((resolve) => server.close(resolve));
  mkdirSync(join(folder.path, '.local'));
  const viewer = { username: 'viewer', password: served.passwordOf('viewer'), roles: ['viewer'] };
  folder.write('.local/credentials.json', JSON.stringify({ users: [viewer] }));
  const ids = Array.from({ length: PRODUCTS }, (_, n) => `P${n}`);
  const listed = `JSON_TABLE(:ids, '$[*]' COLUMNS (id VARCHAR(64) PATH '$')) AS j`;
  for (const sql of [
    `INSERT INTO products (product_id, product_name, unit_price) SELECT j.id, j.id, 2 FROM ${listed}`,
    `INSERT INTO inventory_log (product_id, warehouse, date, quantity_change, stock_level, change_type, actor, movement_key)
     SELECT j.id, 'MAIN', '2011-11-30', 1, 1, 'opening', 'test', j.id FROM ${listed}`,
    `INSERT INTO stock (product_id, location_id, stock_level) SELECT j.id, 'MAIN', 1 FROM ${listed}`,
  ])
    await served.api.database.write(sql, { ids: json(ids) });
  for (const [id, own] of [['O1', ids.slice(0, 150)] as const, ['O2', ids.slice(150)] as const]) {
    const lines = own.map((product_id) => ({ product_id, quantity: 1 }));
    const body = { id, order_date: '2011-12-01', lines };
    expect((await served.api.ask('POST', '/orders', { as: 'admin', body })).status).toBe(201);
  }
});
afterAll(async () => {
  folder.remove();
  await close();
  await served.close();
});

it('asks the running stack as its viewer, for all rows and not the first page', async () => {
  for (const name of METRIC_OPERATIONS) {
    const { code, stdout, stderr } = await folder.run(
      `--edge ${edge} metrics --operation ${name} --cutoff 2011-12-31`,
    );
    expect([code, stderr]).toEqual([0, '']);
    const answer = MetricAnswer.parse(JSON.parse(stdout));
    expect(answer).toMatchObject({ operation: name, through: '2011-12-31' });
    if (answer.operation === 'describe_sales') {
      expect(answer).toMatchObject({ units: PRODUCTS, revenue: '410.00' });
      expect(new Set(answer.rows.map((row) => row.product_id)).size).toBe(PRODUCTS);
    }
    if (answer.operation === 'stockout_counts') expect(answer.rows).toHaveLength(PRODUCTS);
  }
});

it('says where it looked for the password when it is not there', async () => {
  const elsewhere = new CommandFolder();
  try {
    const { code, stderr } = await elsewhere.run(`--edge ${edge} metrics --operation product_counts`);
    expect([code, stderr]).toEqual([1, expect.stringContaining('credentials.json cannot be read')]);
  } finally {
    elsewhere.remove();
  }
});
