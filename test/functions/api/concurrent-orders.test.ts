import { afterAll, beforeAll, expect, it } from 'vitest';
import * as z from 'zod';
import { findViolations } from '../../../shared/data/ledger/invariants.ts';
import { type ServedApi, serveApi } from './serve-api.ts';

const ORDERS = 500;
const UNITS = 100;

let served: ServedApi;
let token: string;
beforeAll(async () => {
  served = await serveApi();
  const answer = await fetch(`${served.url}/auth/token`, {
    method: 'POST',
    body: new URLSearchParams({ username: 'planner', password: served.passwordOf('planner') }),
  });
  token = ((await answer.json()) as { access_token: string }).access_token;
});
afterAll(() => served.close());

const post = (path: string, body: unknown) =>
  fetch(served.url + path, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

it(`of ${ORDERS} orders at once for ${UNITS} units, exactly ${UNITS} are taken and the others are lost sales`, async () => {
  await post('/products', { id: 'HOT', name: 'Hot', unit_price: 5, cost: 2, current_stock: UNITS });
  const answers = await Promise.all(
    Array.from({ length: ORDERS }, (_, i) =>
      post('/orders', { id: `H${i}`, product_id: 'HOT', quantity: 1 }),
    ),
  );
  const counts: Record<number, number> = {};
  for (const { status } of answers) counts[status] = (counts[status] ?? 0) + 1;
  expect(counts).toEqual({ 201: UNITS, 409: ORDERS - UNITS });

  const { database } = served.api;
  const [stock] = await database.select(
    z.object({ level: z.int(), moved: z.coerce.number(), sales: z.int(), lost: z.int() }),
    `SELECT s.stock_level AS level,
            (SELECT SUM(quantity_change) FROM inventory_log WHERE product_id = 'HOT') AS moved,
            (SELECT COUNT(*) FROM sales WHERE product_id = 'HOT') AS sales,
            (SELECT COUNT(*) FROM lost_sale WHERE product_id = 'HOT') AS lost
       FROM stock s
      WHERE s.product_id = 'HOT'`,
  );
  expect(stock).toEqual({ level: 0, moved: 0, sales: UNITS, lost: ORDERS - UNITS });
  expect(await findViolations(database)).toEqual([]);
  expect(served.api.reports).toEqual([]);
}, 180_000);
