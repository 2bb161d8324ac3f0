import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { waitUntil } from '../../infra/local/wait-until.ts';
import { addDays } from '../../shared/core/calendar/add-days.ts';
import { type Asking, askAs, type LiveStack, openLiveStack } from './live-stack.ts';

const PATIENCE_MS = 10 * 60_000;
const FIRST_DAY = '2025-01-01';
const DAYS = 300;
const home = mkdtempSync(join(tmpdir(), 'planners-day-'));
let stack: LiveStack;
let planner: Asking;
let approver: Asking;
let warehouse: Asking;

beforeAll(async () => {
  const engine = resolve(process.env.SMART_INVENTORY_HOME ?? '.local', 'engine.json');
  if (existsSync(engine)) copyFileSync(engine, join(home, 'engine.json'));
  stack = await openLiveStack(home);
  [planner, approver, warehouse] = (await Promise.all(
    (['planner', 'approver', 'warehouse'] as const).map((role) => askAs(stack.url, home, role)),
  )) as [Asking, Asking, Asking];
}, PATIENCE_MS);

afterAll(async () => {
  await stack?.kill();
  rmSync(home, { recursive: true, force: true });
});

// biome-ignore lint/suspicious/noExplicitAny: answers of every shape are looked into
type Json = any;

async function answered(answer: Promise<Response>, status = 200): Promise<Json> {
  const found = await answer;
  const text = await found.text();
  expect([found.status, text.slice(0, 500)]).toEqual([status, expect.anything()]);
  return JSON.parse(text);
}
const read = (path: string): Promise<Json> => answered(planner.get(path));

async function upload(csv: string): Promise<void> {
  const { job_id } = await answered(planner.upload(csv), 202);
  let job: Json;
  const isDone = async () => {
    job = await (await planner.get(`/imports/${job_id}`)).json();
    return job.status === 'done';
  };
  await waitUntil(isDone, { limitMs: PATIENCE_MS, what: `import ${job_id}`, everyMs: 300 });
  expect(job).toMatchObject({ rejected_rows: 0 });
}

/** Asks for a plan, and waits until it and all before it are done. */
async function plan(): Promise<void> {
  const before = (await read('/plans?limit=500')).pagination.total;
  await answered(planner.post('/plans', {}), 202);
  await waitUntil(
    async () => {
      const { data, pagination } = await read('/plans?limit=500');
      return (
        pagination.total > before &&
        data.every(({ status }: Json) => status === 'done' || status === 'superseded')
      );
    },
    { limitMs: PATIENCE_MS, what: 'the plan', everyMs: 300 },
  );
}

const suggestions = async () => (await read('/suggestions')).data;
const orders = async () => (await read('/purchase-orders')).data;
async function position() {
  const { data } = await read('/inventory/positions?product_id=LAMP');
  expect(data).toHaveLength(1);
  return { onHand: data[0].on_hand, onOrder: data[0].on_order };
}
const ledger = async (): Promise<[string, number][]> =>
  (await read('/ledger?product_id=LAMP&limit=5')).data.map((row: Json) => [row.type, row.quantity_change]);

const sales = (product: string, units: number) =>
  Array.from(
    { length: DAYS },
    (_, i) => `${product}-${i},1,${addDays(FIRST_DAY, i)},${product},${units + (i % 2)},9.90`,
  );

test(
  'a day of a planner, by the API alone',
  async () => {
    await upload('supplier_id,supplier_name\nS1,Lights & Co\n');
    await upload(
      'product_id,product_name,unit_price,cost\nLAMP,Desk lamp,9.90,4.00\nPLENTY,Bulb,9.90,4.00\n',
    );
    await upload(
      'supplier_id,product_id,unit_cost,lead_time_days,lead_time_deviation,minimum_quantity,order_multiple\n' +
        'S1,LAMP,4.00,7,2,12,6\nS1,PLENTY,4.00,7,2,1,1\n',
    );
    // 750 and 450 are sold of them
    await upload(`product_id,quantity,date\nLAMP,765,${FIRST_DAY}\nPLENTY,5000,${FIRST_DAY}\n`);
    await upload(
      `order_id,line,date,product_id,quantity,unit_price\n${[...sales('LAMP', 2), ...sales('PLENTY', 1)].join('\n')}\n`,
    );
    await plan();

    // what to order, when and why; nothing of what there is enough of
    expect(await position()).toEqual({ onHand: 15, onOrder: 0 });
    const [suggestion, ...others] = await suggestions();
    expect(others).toEqual([]);
    expect(suggestion).toMatchObject({
      status: 'open',
      kind: 'purchase',
      product_id: 'LAMP',
      supplier_id: 'S1',
    });
    expect(suggestion.quantity % 6).toBe(0);
    expect(suggestion.quantity).toBeGreaterThanOrEqual(12);
    expect(Number(suggestion.cost)).toBeCloseTo(4 * suggestion.quantity, 2);
    expect(suggestion.explanation.words.length).toBeGreaterThan(40);
    const explained = new Map(suggestion.explanation.numbers.map((one: Json) => [one.name, one.value]));
    expect(explained.get('onHand')).toBe(15);
    const why = await read(`/suggestions/why?product_id=PLENTY&location_id=${suggestion.location_id}`);
    expect(why.answer).toBe('enough');

    // another quantity, which the supplier must sell
    const path = `/suggestions/${suggestion.suggestion_id}`;
    const refused = await planner.post(`${path}/edit`, { quantity: 61, reason: 'a fair next month' });
    expect([refused.status, await refused.text()]).toEqual([422, expect.stringContaining('6')]);
    const edited = await answered(
      planner.post(`${path}/edit`, { quantity: 60, reason: 'a fair next month' }),
    );
    expect(edited).toMatchObject({ quantity: 60, edited_by: 'planner', need_quantity: suggestion.quantity });

    // a plan changes nothing of that
    const [draft] = await orders();
    expect(draft).toMatchObject({ status: 'draft', supplier_id: 'S1' });
    await plan();
    const [again, ...more] = await suggestions();
    expect(more).toEqual([]);
    expect(again).toMatchObject({ suggestion_id: suggestion.suggestion_id, quantity: 60 });
    expect((await orders()).map((one: Json) => one.purchase_order_id)).toEqual([draft.purchase_order_id]);
    expect(await position()).toEqual({ onHand: 15, onOrder: 0 });

    // approved: it is on its way, and nobody suggests it again
    const order = `/purchase-orders/${draft.purchase_order_id}`;
    expect((await planner.post(`${order}/approve`, {})).status).toBe(403);
    const approved = await answered(approver.post(`${order}/approve`, {}));
    expect(approved).toMatchObject({ status: 'approved', lines: [{ product_id: 'LAMP', quantity: 60 }] });
    expect(await position()).toEqual({ onHand: 15, onOrder: 60 });
    await plan();
    expect(await suggestions()).toEqual([]);
    expect(await orders()).toHaveLength(1);

    // in two parts, one unit of the first damaged
    const receive = (receipt_id: string, quantity: number, damaged: number) =>
      warehouse.post(`${order}/receipts`, { receipt_id, lines: [{ product_id: 'LAMP', quantity, damaged }] });
    const first = await answered(receive('R1', 24, 1), 201);
    expect(first.status).toBe('partially_received');
    expect(await position()).toEqual({ onHand: 38, onOrder: 36 });
    expect((await ledger()).slice(0, 2)).toEqual([
      ['damage', -1],
      ['receipt', 24],
    ]);
    expect((await answered(receive('R1', 24, 1))).status).toBe('partially_received');
    expect(await position()).toEqual({ onHand: 38, onOrder: 36 });
    expect((await receive('R-TOO-MUCH', 3600, 0)).status).toBe(409);
    const second = await answered(receive('R2', 36, 0), 201);
    expect(second.status).toBe('received');
    expect(await position()).toEqual({ onHand: 74, onOrder: 0 });

    // and once more: nothing twice
    await plan();
    expect(await suggestions()).toEqual([]);
    expect(await orders()).toHaveLength(1);
    expect(await position()).toEqual({ onHand: 74, onOrder: 0 });
  },
  PATIENCE_MS,
);
