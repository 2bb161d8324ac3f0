import { afterAll, beforeAll, expect, test } from 'vitest';
import { simulateWorld } from '../../../functions/simulate/simulate-world.ts';
import { WorldRequested } from '../../../shared/contracts/messages.ts';
import { MemoryQueue, silentLogger } from '../planning/planning-fixture.ts';
import { type Api, openApi } from './api-fixture.ts';

let api: Api;
const queue = new MemoryQueue();

beforeAll(async () => {
  api = await openApi();
});
afterAll(() => api.close());

const start = (config: object, more: object = {}) =>
  api.ask('POST', '/simulations', { as: 'planner', body: { config }, ...more });

/** What the function does with the next message, one transaction of it. */
const work = async (message: unknown) =>
  simulateWorld(
    { database: api.database, simulateQueue: queue, mostDeliveries: 3 },
    WorldRequested.parse(message),
    {
      logger: silentLogger,
      receives: 1,
      remainingMs: () => 0,
    },
  );

test('a simulation is started once, seen on its way, and done; another one waits until then', async () => {
  const config = {
    SIMULATION_NAME: 'shop',
    SIMULATION_DAYS: 45,
    SIMULATION_DEMAND: 'realistic',
    SIMULATION_PRODUCTS: 10,
  };
  const headers = { 'idempotency-key': 'once' };
  const started = await start(config, { headers });
  expect(started.status).toBe(202);
  expect(started.json).toMatchObject({
    simulation_id: 'shop',
    status: 'running',
    days: 45,
    days_done: 0,
    day: null,
  });
  expect((await start(config, { headers })).json).toEqual(started.json);
  expect(api.sent).toHaveLength(1);

  const second = await start({});
  expect(second.status).toBe(409);
  expect(second.json.detail).toContain('Simulation shop is running');

  await work(api.sent[0]);
  const halfway = await api.ask('GET', '/simulations/shop', { as: 'viewer' });
  expect(halfway.json).toMatchObject({ status: 'running', days_done: 30, day: '2024-01-30', products: 10 });
  await work(queue.messages[0]);
  const done = await api.ask('GET', '/simulations/shop', { as: 'viewer' });
  expect(done.json).toMatchObject({ status: 'done', days_done: 45, day: '2024-02-14' });
  expect(done.json.ledger_chain).toMatch(/^[0-9a-f]{64}$/);
  expect(done.json.finished_at).not.toBeNull();

  expect((await start(config)).json.detail).toBe('There is a simulation shop already');
  const list = await api.ask('GET', '/simulations', { as: 'viewer' });
  expect(list.json.pagination.total).toBe(1);
  const orders = await api.ask('GET', '/orders?limit=1', { as: 'viewer' });
  expect(orders.json.pagination.total).toBe(done.json.orders);
});

test('a simulation is cancelled once, and then another may start', async () => {
  const first = await start({ SIMULATION_DAYS: 5 });
  expect(first.status).toBe(202);
  const id = first.json.simulation_id;
  const cancelled = await api.ask('POST', `/simulations/${id}/cancel`, { as: 'planner' });
  expect(cancelled.json).toMatchObject({ status: 'cancelled', days_done: 0 });
  const again = await api.ask('POST', `/simulations/${id}/cancel`, { as: 'planner' });
  expect([again.status, again.json.detail]).toEqual([409, `Simulation ${id} is cancelled`]);
  await work(api.sent.at(-1));
  expect((await api.ask('GET', `/simulations/${id}`, { as: 'viewer' })).json.days_done).toBe(0);
  const next = await start({ SIMULATION_DAYS: 5 });
  expect(next.status).toBe(202);
  await api.ask('POST', `/simulations/${next.json.simulation_id}/cancel`, { as: 'planner' });
});

test('who started and who ended a simulation is in the log of changes', async () => {
  const { data } = (await api.ask('GET', '/audit-log?subject=simulation', { as: 'admin' })).json;
  const first = data.findLast((entry: { after: { status: string } }) => entry.after.status === 'cancelled');
  expect(first).toMatchObject({ actor: 'planner', action: 'change', before: { status: 'running' } });
  const started = data.filter((entry: { action: string }) => entry.action === 'create');
  expect(started).toHaveLength(3);
  expect(started.at(-1)).toMatchObject({
    actor: 'planner',
    subject_id: 'shop',
    after: { status: 'running', days: 45 },
  });
});

test('a name under which there are goods already is refused: nobody’s product becomes part of an invention', async () => {
  const refused = (name: string) => start({ SIMULATION_NAME: name, SIMULATION_DAYS: 2 });
  await api.ask('POST', '/products', { as: 'admin', body: { id: 'real-P1', name: 'Real' } });
  const answer = await refused('real');
  expect([answer.status, answer.json.detail]).toEqual([
    409,
    expect.stringContaining('choose another SIMULATION_NAME'),
  ]);
  // a letter of a pattern is no pattern
  const other = await refused('rea_');
  expect(other.status).toBe(202);
  await api.ask('POST', '/simulations/rea_/cancel', { as: 'planner' });
});

test('conflicts are refused in a sentence that names both, and only planners may ask', async () => {
  const refused = await start({
    ITERATION_PRODUCT_COUNT_ALLOCATION_UNIFORM_BOUND: 5,
    ITERATION_PRODUCT_COUNT_ALLOCATION_LOWER_BOUND: 3,
  });
  expect(refused.status).toBe(422);
  expect(refused.json.detail).toContain('ITERATION_PRODUCT_COUNT_ALLOCATION_UNIFORM_BOUND 5');
  expect(refused.json.detail).toContain('ITERATION_PRODUCT_COUNT_ALLOCATION_LOWER_BOUND 3');
  expect((await start({ SIMULATION_DAYS: 900 })).status).toBe(422);
  const buyer = await api.ask('POST', '/simulations', { as: 'buyer', body: {} });
  expect(buyer.status).toBe(403);
  expect((await api.ask('GET', '/simulations/none', { as: 'viewer' })).status).toBe(404);
  expect((await api.ask('POST', '/simulations/none/cancel', { as: 'planner' })).status).toBe(404);
});

test('a simulation does not carry the day of real goods away', async () => {
  const real = await openApi({}, { brokenOnPurpose: ['demand'] });
  try {
    await real.database.write(
      `INSERT INTO products (product_id, product_name, unit_price) VALUES ('MUG', 'Mug', 5)`,
    );
    await real.database.write(
      `INSERT INTO demand (product_id, location_id, date, quantity, sale_lines, revenue)
       VALUES ('MUG', 'MAIN', '2024-01-10', 1, 1, 5)`,
    );
    const ask = (config: object) => real.ask('POST', '/simulations', { as: 'planner', body: { config } });
    const refused = await ask({ SIMULATION_DAYS: 11 });
    expect(refused.status).toBe(409);
    expect(refused.json.detail).toMatch(/until 2024-01-10.*until 2024-01-11.*2023-12-31 at the latest/);
    expect((await ask({ SIMULATION_DAYS: 10 })).status).toBe(202);
  } finally {
    await real.close();
  }
});

test('a stage that keeps a real ledger refuses', async () => {
  const real = await openApi({ areSimulationsAllowed: false });
  try {
    const refused = await real.ask('POST', '/simulations', { as: 'admin', body: {} });
    expect([refused.status, real.sent]).toEqual([403, []]);
  } finally {
    await real.close();
  }
});
