import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import * as z from 'zod';
import { createOrder } from '../../../functions/api/orders/create-order.ts';
import { learnEvent } from '../../../functions/learn/learn-event.ts';
import { watchStock } from '../../../functions/learn/watch-stock.ts';
import { NewOrder } from '../../../shared/contracts/api/order.ts';
import { LiveForecast } from '../../../shared/contracts/api/page.ts';
import { Envelope } from '../../../shared/contracts/events.ts';
import { addDays } from '../../../shared/core/calendar/add-days.ts';
import { liveModel } from '../../../shared/core/forecast/online/live-model.ts';
import { seededRandom } from '../../../shared/core/math/random.ts';
import { findForecast } from '../../../shared/data/forecasts/forecast-reads.ts';
import { LIVE_STATE_LIMIT_BYTES } from '../../../shared/data/forecasts/live-store.ts';
import { publishLeft } from '../../../shared/data/messages/outbox-store.ts';
import { closeAlert } from '../../../shared/data/planning/alert-store.ts';
import type { Database } from '../../../shared/data/sql/database.ts';
import { json } from '../../../shared/data/sql/database.ts';
import { openTestDatabase } from '../../database.ts';
import { alone, Crash, crashingDatabase, planThrough, plantItems } from '../planning/planning-fixture.ts';

const PATIENCE_MS = 240_000;
const LAST_DAY = '2011-12-09';

let db: Awaited<ReturnType<typeof openTestDatabase>>;
let orders = 0;

beforeAll(async () => {
  db = await openTestDatabase({ brokenOnPurpose: ['demand', 'ledger'] });
}, PATIENCE_MS);
afterAll(() => db.close());
beforeEach(async () => {
  const tables = [
    'live_forecast',
    'inbox',
    'suggestion',
    'purchase_order',
    'forecast_run',
    'demand',
    'outbox',
    'alert',
  ];
  for (const table of [...tables, 'supplier_item', 'stock']) await db.database.write(`DELETE FROM ${table}`);
});

type Day = [day: string, quantity: number];

/** About 20 a day for 150 days up to the last one. */
function history(): Day[] {
  const random = seededRandom(1);
  return Array.from({ length: 150 }, (_, i) => [
    addDays(LAST_DAY, i - 149),
    Math.max(1, Math.round(20 + 4 * random.normal())),
  ]);
}

/** What 30 days after it bring: the level is 50 now. */
function shift(): Day[] {
  const random = seededRandom(2);
  return Array.from({ length: 30 }, (_, i) => [
    addDays(LAST_DAY, i + 1),
    Math.max(1, Math.round(50 + 5 * random.normal())),
  ]);
}

const plant = (...products: readonly string[]) =>
  plantItems(
    db.database,
    products.map((productId) => ({ productId, onHand: 100_000, demand: history() })),
  );

/** Takes an order; answers the events that it caused, as the bus carries them. */
async function order(productId: string, day: string, quantity: number): Promise<Envelope[]> {
  const asked = NewOrder.parse({
    id: `order-${++orders}`,
    product_id: productId,
    quantity,
    order_date: `${day}T10:00:00Z`,
    unit_price: 2,
  });
  await db.database.transaction((tx) => createOrder(tx, asked, { actor: 'test', now: new Date() }));
  return published();
}

async function published(): Promise<Envelope[]> {
  const events: Envelope[] = [];
  const publish = async (batch: readonly unknown[]) =>
    void events.push(...batch.map((event) => Envelope.parse(event)));
  await publishLeft(db.database, publish, 0);
  return events;
}

/** What an import tells when it is done. */
const IMPORTED = Envelope.parse({
  event_id: '0b0c7c5e-6d0e-4f3e-9a53-0f6a5a1a7c11',
  event_type: 'import.completed',
  timestamp: '2011-12-13T00:00:00.000Z',
  source: 'smart-inventory',
  version: '1.0',
  data: {},
  correlation_id: null,
  user_id: null,
});

async function learn(events: readonly Envelope[]): Promise<void> {
  for (const detail of events) await learnEvent({ database: db.database }, { detail }, alone({ detail }));
}

const StateRow = z.object({
  first_day: z.string(),
  closed_through: z.string(),
  fingerprint: z.string(),
  choice: z.string(),
  state: z.string(),
});

async function stateOf(productId: string) {
  const [row] = await db.database.select(
    StateRow,
    `SELECT first_day, closed_through, fingerprint, choice, state FROM live_forecast WHERE product_id = :productId`,
    { productId },
  );
  return row && { ...row, state: JSON.parse(row.state) as { days: number } };
}

function shuffled<T>(values: readonly T[]): T[] {
  const random = seededRandom(7);
  return values
    .map((value) => ({ value, draw: random.uniform() }))
    .sort((a, b) => a.draw - b.draw)
    .map(({ value }) => value);
}

test(
  'events in any order, and twice, leave the state that one after the other leaves',
  async () => {
    await plant('IN-TURN', 'AT-ONCE');
    await planThrough(db.database);
    const later: Envelope[] = [];
    for (const [day, quantity] of shift()) {
      later.push(...(await order('AT-ONCE', day, quantity)));
      await learn(await order('IN-TURN', day, quantity));
    }
    expect(await stateOf('AT-ONCE')).toBeUndefined();
    await learn(shuffled([...later, ...later]));
    const inTurn = (await stateOf('IN-TURN'))!;
    expect(inTurn.closed_through).toBe(addDays(LAST_DAY, 29));
    expect(inTurn.state.days).toBe(179);
    expect(JSON.stringify(inTurn.state).length).toBeLessThan(LIVE_STATE_LIMIT_BYTES);
    expect(await stateOf('AT-ONCE')).toEqual(inTurn);
  },
  PATIENCE_MS,
);

test(
  'events that come in one batch leave the state that one after the other leaves, with a fraction of the statements',
  async () => {
    await plant('LONE', 'BATCHED', 'BESIDE');
    await planThrough(db.database);
    const events: Envelope[] = [];
    for (const [day, quantity] of shift().slice(0, 5)) {
      await learn(await order('LONE', day, quantity));
      for (const product of ['BATCHED', 'BESIDE']) events.push(...(await order(product, day, quantity)));
    }
    const batch = { messages: events.map((detail) => ({ detail })) };
    let transactions = 0;
    const database: Database = {
      ...db.database,
      transaction: (work) => {
        transactions++;
        return db.database.transaction(work);
      },
    };
    for (const detail of events) await learnEvent({ database }, { detail }, { ...alone({ detail }), batch });
    expect(transactions).toBe(2);
    expect(await stateOf('BATCHED')).toEqual(await stateOf('LONE'));
    expect(await stateOf('BESIDE')).toEqual(await stateOf('LONE'));
  },
  PATIENCE_MS,
);

test(
  'a death at any step, and the redelivery after it, leave the state of an undisturbed delivery',
  async () => {
    await plant('CALM', 'KILLED');
    await planThrough(db.database);
    for (const [day, quantity] of shift().slice(0, 2)) await learn(await order('CALM', day, quantity));
    for (const [day, quantity] of shift().slice(0, 1)) await learn(await order('KILLED', day, quantity));
    const [day, quantity] = shift()[1]!;
    const events = await order('KILLED', day, quantity);
    let deaths = 0;
    for (let crashAt = 1; crashAt < 100; crashAt++) {
      await db.database.write("DELETE FROM live_forecast WHERE product_id = 'KILLED'");
      const database = crashingDatabase(db.database, crashAt);
      try {
        for (const detail of events) await learnEvent({ database }, { detail }, alone({ detail }));
        break;
      } catch (error) {
        expect(error).toBeInstanceOf(Crash);
        deaths++;
      }
      await learn(events);
      expect(await stateOf('KILLED')).toEqual(await stateOf('CALM'));
    }
    expect(deaths).toBeGreaterThan(10);
    expect(deaths).toBeLessThan(99);
  },
  PATIENCE_MS,
);

test(
  'a sale that comes late is learnt in its place',
  async () => {
    await plant('LATE', 'SOON');
    await planThrough(db.database);
    const days = shift();
    for (const [day, quantity] of days) {
      if (day !== days[12]![0]) await learn(await order('LATE', day, quantity));
      await learn(await order('SOON', day, quantity));
    }
    const soon = (await stateOf('SOON'))!;
    expect((await stateOf('LATE'))!.fingerprint).not.toBe(soon.fingerprint);
    await learn(await order('LATE', days[12]![0], days[12]![1]));
    expect(await stateOf('LATE')).toEqual(soon);
    // Nor does it matter that it came before all that is known of a product.
    const [first] = history()[0]!;
    await learn(await order('LATE', addDays(first, -3), 9));
    await learn(await order('SOON', addDays(first, -3), 9));
    expect((await stateOf('LATE'))!.first_day).toBe(addDays(first, -3));
    expect(await stateOf('LATE')).toEqual(await stateOf('SOON'));
  },
  PATIENCE_MS,
);

test(
  'a day far ahead that came in by mistake is unlearnt once it is taken back',
  async () => {
    await plant('FAR', 'SPARED', 'BESIDE');
    await planThrough(db.database);
    const [[day, quantity], [next, more], [later, most]] = shift() as [Day, Day, Day];
    for (const name of ['FAR', 'SPARED', 'BESIDE']) await learn(await order(name, day, quantity));
    const far = addDays(day, 91);
    await learn(await order('FAR', far, 1));
    await learn(await order('BESIDE', next, more));
    expect((await stateOf('BESIDE'))!.closed_through).toBe(addDays(far, -1));
    await db.database.write('DELETE FROM demand WHERE date = :far', { far });
    for (const name of ['SPARED', 'FAR']) await learn(await order(name, next, more));
    expect(await stateOf('FAR')).toEqual(await stateOf('SPARED'));
    // that nothing more is sold of it does not keep a series ahead
    await learn([IMPORTED]);
    expect(await stateOf('BESIDE')).toEqual(await stateOf('SPARED'));
    for (const name of ['FAR', 'SPARED', 'BESIDE']) await learn(await order(name, later, most));
    expect(await stateOf('FAR')).toEqual(await stateOf('SPARED'));
  },
  PATIENCE_MS,
);

test(
  'where the level has shifted since the plan, the online model speaks, and the answer says since when and why',
  async () => {
    await plant('SHIFTED', 'CALM', 'SILENT');
    await planThrough(db.database);
    const calm = history();
    for (const [i, [day, quantity]] of shift().entries()) {
      await learn(await order('SHIFTED', day, quantity));
      await learn(await order('CALM', day, calm[i]![1]));
    }
    const shown = LiveForecast.parse((await findForecast(db.database, 'SHIFTED', undefined))!.live);
    expect(shown).toMatchObject({ speaks: 'online', learnt_through: addDays(LAST_DAY, 29) });
    expect(shown.held_days).toBeGreaterThan(3);
    expect(shown.score!.online).toBeLessThan(0.7 * shown.score!.nightly);
    expect(shown.why).toContain('The online model speaks');
    expect(shown.level_shift! > LAST_DAY).toBe(true);
    expect(shown.days).toHaveLength(7);
    expect(shown.days[0]).toMatchObject({ date: addDays(LAST_DAY, 30), sold: shift().at(-1)![1] });
    for (const { mean, online, nightly } of shown.days) {
      expect(mean).toBe(online);
      expect(mean).toBeGreaterThan(42);
      expect(mean).toBeLessThan(58);
      expect(nightly!).toBeLessThan(30);
    }
    const same = LiveForecast.parse((await findForecast(db.database, 'CALM', undefined))!.live);
    expect(same.speaks).toBe('nightly');
    expect(same.days[0]!.mean).toBe(same.days[0]!.nightly);
    // Nothing happened to it: nothing was learnt.
    expect((await findForecast(db.database, 'SILENT', undefined))!.live).toBeNull();
    expect(await stateOf('SILENT')).toBeUndefined();
  },
  PATIENCE_MS,
);

test(
  'after an import only series that have learnt before catch up',
  async () => {
    await plant('LIVE', 'OTHER');
    await planThrough(db.database);
    await learn(await order('LIVE', addDays(LAST_DAY, 1), 20));
    const imported = [1, 2, 3].map((after) => [addDays(LAST_DAY, after), 30] as const);
    await plantItems(
      db.database,
      ['LIVE', 'OTHER'].map((productId) => ({ productId, demand: imported.slice(1) })),
    );
    await learn([IMPORTED]);
    expect((await stateOf('LIVE'))!.closed_through).toBe(addDays(LAST_DAY, 2));
    expect(await stateOf('OTHER')).toBeUndefined();
  },
  PATIENCE_MS,
);

test(
  'a page of series with years to learn is more than one answer of the database holds',
  async () => {
    const names = Array.from({ length: 20 }, (_, i) => `YEARS-${i}`.padEnd(60, '-'));
    const days = Array.from({ length: 1000 }, (_, i) => addDays(LAST_DAY, i - 999));
    await plantItems(
      db.database,
      names.map((productId) => ({ productId, demand: [[days[0]!, 5]] })),
    );
    await db.database.write(
      `INSERT INTO live_forecast (product_id, location_id, first_day, closed_through, fingerprint, choice, state)
       SELECT product_id, location_id, date, date, '0', 'nightly', :state FROM demand`,
      { state: json(liveModel().toState()) },
    );
    for (const productId of names)
      await plantItems(db.database, [
        { productId, demand: days.map((day, i): [string, number] => [day, 1 + (i % 9)]) },
      ]);
    await learn([IMPORTED]);
    const first = await stateOf(names[0]!);
    expect(first).toMatchObject({ closed_through: addDays(LAST_DAY, -1), state: { days: 999 } });
    // of equal demand, wherever a read ended
    for (const productId of names) expect(await stateOf(productId)).toEqual(first);
  },
  PATIENCE_MS,
);

test('after an import what is furthest behind catches up first, the others with the next one', async () => {
  const names = Array.from({ length: 41 }, (_, i) => `BEHIND-${String(i).padStart(2, '0')}`);
  await plantItems(
    db.database,
    names.map((productId) => ({
      productId,
      demand: [
        [LAST_DAY, 5],
        [addDays(LAST_DAY, 1), 1],
      ],
    })),
  );
  await db.database.write(
    `INSERT INTO live_forecast (product_id, location_id, first_day, closed_through, fingerprint, choice, state)
     SELECT product_id, location_id, DATE_SUB(date, INTERVAL 9 DAY),
            DATE_SUB(date, INTERVAL CASE WHEN product_id = 'BEHIND-40' THEN 2 ELSE 1 END DAY), '0', 'nightly', :state
       FROM demand WHERE date = :day`,
    { state: json(liveModel().toState()), day: LAST_DAY },
  );
  const caughtUp = async () =>
    (
      await db.database.select(
        z.object({ product_id: z.string() }),
        `SELECT product_id FROM live_forecast WHERE closed_through = :day ORDER BY product_id`,
        { day: LAST_DAY },
      )
    ).map((row) => row.product_id);
  let pages = 0;
  const remainingMs = () => (pages++ < 1 ? 300_000 : 0);
  await learnEvent(
    { database: db.database },
    { detail: IMPORTED },
    { ...alone({ detail: IMPORTED }), remainingMs },
  );
  expect(await caughtUp()).toEqual([...names.slice(0, 19), 'BEHIND-40']);
  await learn([IMPORTED]);
  expect(await caughtUp()).toEqual(names);
});

const AlertRow = z.object({ alert_id: z.int(), level: z.string(), message: z.string(), is_open: z.int() });
const alerts = () =>
  db.database.select(
    AlertRow,
    `SELECT alert_id, level, message, closed_at IS NULL AS is_open FROM alert WHERE alert_type = 'low_stock'`,
  );

test(
  'stock that gets low between two plans raises one alert, which a person may close and the next plan settles',
  async () => {
    // Two weeks of lead time and one of review at about 20 a day: 700 units are enough.
    await plantItems(db.database, [{ productId: 'LOW', onHand: 700, demand: history() }]);
    await planThrough(db.database);
    const today = addDays(LAST_DAY, 1);
    await published();
    await learn(await order('LOW', today, 10));
    expect(await alerts()).toEqual([]);
    await learn(await order('LOW', today, 450));
    expect(await alerts()).toMatchObject([{ level: 'warning', is_open: 1 }]);
    expect((await alerts())[0]!.message).toContain('LOW at MAIN: a position of 240 units is not above the ');
    expect((await published()).map(({ event_type }) => event_type)).toEqual(['alert.raised']);
    await learn(await order('LOW', today, 1));
    expect(await published()).toEqual([]);
    await db.database.transaction(async (tx) => closeAlert(tx, (await alerts())[0]!.alert_id, 'planner'));
    await learn(await order('LOW', today, 1));
    expect(await alerts()).toMatchObject([{ is_open: 0 }]);
    await db.database.write('DELETE FROM alert');
    await learn(await order('LOW', today, 1));
    expect(await alerts()).toMatchObject([{ is_open: 1 }]);
    await db.database.write('DELETE FROM inbox');
    await db.database.write('DELETE FROM forecast_run');
    await planThrough(db.database);
    expect(await alerts()).toMatchObject([{ is_open: 0 }]);
    // Its suggestion is open now.
    await learn(await order('LOW', today, 1));
    expect(await alerts()).toMatchObject([{ is_open: 0 }]);
  },
  PATIENCE_MS,
);

test(
  'what is not kept in stock but promised beyond it has an alert of its own words',
  async () => {
    await plantItems(db.database, [{ productId: 'UNKEPT', onHand: 900, demand: history() }]);
    await db.database.write(
      `INSERT INTO item_policy (product_id, location_id, kind) VALUES ('UNKEPT', 'MAIN', 'do-not-stock')`,
    );
    await planThrough(db.database);
    const watch = () =>
      db.database.transaction((tx) => watchStock(tx, [{ productId: 'UNKEPT', locationId: 'MAIN' }]));
    await watch();
    expect(await alerts()).toEqual([]);
    await db.database.write(`UPDATE stock SET stock_level = 3, committed = 8 WHERE product_id = 'UNKEPT'`);
    await watch();
    expect((await alerts())[0]).toMatchObject({
      is_open: 1,
      message: expect.stringContaining(
        'UNKEPT at MAIN is not kept in stock, and 5 units are promised beyond all that is there or to come.',
      ),
    });
    await db.database.write('DELETE FROM item_policy');
  },
  PATIENCE_MS,
);

test(
  'stock for which a transfer is suggested needs no alert',
  async () => {
    await db.database.write(
      `INSERT IGNORE INTO location (location_id, name, parent_id) VALUES ('KIOSK', 'Kiosk', 'MAIN')`,
    );
    await plantItems(db.database, [
      { productId: 'BROUGHT', onHand: 100_000, demand: history() },
      { productId: 'BROUGHT', locationId: 'KIOSK', onHand: 5, demand: history() },
    ]);
    await planThrough(db.database);
    const key = { productId: 'BROUGHT', locationId: 'KIOSK' };
    await db.database.transaction((tx) => watchStock(tx, [key]));
    expect(await alerts()).toEqual([]);
    await db.database.write(`DELETE FROM suggestion`);
    await db.database.transaction((tx) => watchStock(tx, [key]));
    expect(await alerts()).toMatchObject([{ is_open: 1 }]);
  },
  PATIENCE_MS,
);

test(
  'two events of a series at once tell of its low stock once, and while a plan makes its suggestions none does',
  async () => {
    const key = { productId: 'TWICE', locationId: 'MAIN' };
    await plantItems(db.database, [{ productId: 'TWICE', onHand: 700, demand: history() }]);
    await planThrough(db.database);
    const today = addDays(LAST_DAY, 1);
    await learn(await order('TWICE', today, 10));
    await order('TWICE', today, 450);
    const watch = () => db.database.transaction((tx) => watchStock(tx, [key]));
    await db.database.write(`UPDATE forecast_run SET status = 'restocking'`);
    await watch();
    expect(await alerts()).toEqual([]);
    await db.database.write(`UPDATE forecast_run SET status = 'done'`);
    // the second with a state of the series to wait for, then with none
    for (const table of ['outbox', 'live_forecast']) {
      await db.database.write(`DELETE FROM ${table}`);
      await db.database.write('DELETE FROM alert');
      let second: Promise<void> | undefined;
      await db.database.transaction(async (tx) => {
        await watchStock(tx, [key]);
        second ??= watch();
        await setTimeout(500);
      });
      await second;
      expect(await alerts()).toMatchObject([{ is_open: 1 }]);
      expect((await published()).map(({ event_type }) => event_type)).toEqual(['alert.raised']);
    }
  },
  PATIENCE_MS,
);

test(
  'the alert goes by the online model where that speaks',
  async () => {
    await plantItems(db.database, [{ productId: 'RISEN', onHand: 2400, demand: history() }]);
    await planThrough(db.database);
    for (const [day, quantity] of shift()) await learn(await order('RISEN', day, quantity));
    // About 900 are left: 45 days at the level of the plan, 18 at that of now.
    expect((await alerts())[0]!.message).toContain('the daily sales since the plan (online)');
  },
  PATIENCE_MS,
);
