import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import * as z from 'zod';
import { expireLots } from '../../../functions/audit/expire-lots.ts';
import { addDays } from '../../../shared/core/calendar/add-days.ts';
import { findViolations } from '../../../shared/data/ledger/invariants.ts';
import { recordMovements } from '../../../shared/data/ledger/ledger-store.ts';
import { readPositions } from '../../../shared/data/ledger/position-store.ts';
import { findVoidOpenings, forgetOpenings } from '../../../shared/data/waste/lot-opening-store.ts';
import { expiringUnits, recordLots } from '../../../shared/data/waste/lot-store.ts';
import { readSeriesLots } from '../../../shared/data/waste/series-lots-store.ts';
import { type Api, openApi } from './api-fixture.ts';

let api: Api;
beforeAll(async () => {
  api = await openApi();
  await api.database.write(`INSERT INTO setting (name, value) VALUES ('as_of', '2011-12-09')`);
});
afterAll(async () => {
  expect(await findViolations(api.database)).toEqual([]);
  await api.close();
});

let product = '';
let products = 0;
let ids = 0;
beforeEach(async () => {
  product = `milk-${products++}`;
  const made = await post('/products', { id: product, name: product, unit_price: 10, cost: '2.50' });
  expect(made.status).toBe(201);
});

const post = (target: string, body: unknown = {}, as = 'warehouse') => api.ask('POST', target, { as, body });
const get = (target: string) => api.ask('GET', target, { as: 'viewer' });
const move = (type: string, quantity: number, day: string, lot: object = {}, of = product) =>
  post('/movements', {
    id: `m${ids++}`,
    product_id: of,
    type,
    quantity_change: quantity,
    effective_at: `${day}T08:00:00Z`,
    reason: 'test',
    ...lot,
  });
const lotsOf = async (of = product) =>
  (await get(`/lots?product_id=${of}`)).json.data as {
    lot_id: number;
    lot_code: string;
    quantity_left: number;
  }[];
const leftOf = async (of = product) =>
  Object.fromEntries((await lotsOf(of)).map(({ lot_code, quantity_left }) => [lot_code, quantity_left]));
const key = (of = product) => ({ productId: of, locationId: 'MAIN' });

it('shows what is left of each lot: what expires first leaves first, though it came last', async () => {
  await move('opening', 3, '2011-11-01');
  await move('receipt', 10, '2011-11-02', { lot_code: 'A', expiry_date: '2012-03-01' });
  await move('receipt', 10, '2011-11-05', { lot_code: 'B', expiry_date: '2012-01-15' });
  await move('damage', -4, '2011-11-03');
  await move('damage', -7, '2011-11-06');
  expect(await leftOf()).toEqual({ A: 6, B: 3 });
  const series = (await readSeriesLots(api.database, [key()])).get(`${product}|MAIN`)!;
  expect(series).toMatchObject({ onHand: 12, unlotted: 3 });
  const [first] = await lotsOf();
  expect((await get(`/lots/${first!.lot_id}`)).json).toMatchObject({
    lot_code: 'B',
    expiry_date: '2012-01-15',
    received_date: '2011-11-05',
    quantity_received: 10,
    quantity_left: 3,
    status: 'good',
  });
  expect((await get('/lots/999999')).status).toBe(404);
});

it('names a lot without a code by its day, and refuses another day for a code that is known', async () => {
  await move('receipt', 5, '2011-11-02', { expiry_date: '2012-03-01' });
  await move('receipt', 2, '2011-11-03', { expiry_date: '2012-03-01' });
  expect(await leftOf()).toEqual({ 'until 2012-03-01': 7 });
  await move('receipt', 5, '2011-11-02', { lot_code: 'A', expiry_date: '2012-03-01' });
  const other = await move('receipt', 5, '2011-11-04', { lot_code: 'A', expiry_date: '2012-04-01' });
  expect(other.status).toBe(409);
  expect(other.json.detail).toContain('good until 2012-03-01');
  expect((await move('damage', -1, '2011-11-05', { lot_code: 'Z' })).status).toBe(404);
  expect(await leftOf()).toEqual({ A: 5, 'until 2012-03-01': 7 });
});

it('writes a lot off by its number, once for each id, and never more than is left', async () => {
  await move('receipt', 10, '2011-11-02', { lot_code: 'A', expiry_date: '2011-12-01' });
  await move('receipt', 10, '2011-11-02', { lot_code: 'B', expiry_date: '2012-12-01' });
  const [a, b] = await lotsOf();
  const broken = { id: `off-${product}`, type: 'damage', quantity: 4 };
  expect((await post(`/lots/${b!.lot_id}/write-off`, broken)).status).toBe(201);
  const again = await post(`/lots/${b!.lot_id}/write-off`, broken);
  expect([again.status, again.json.is_repeated]).toEqual([200, true]);
  expect(await leftOf()).toEqual({ A: 10, B: 6 });
  expect((await post(`/lots/${a!.lot_id}/write-off`, broken)).status).toBe(409);
  const tooMuch = await post(`/lots/${a!.lot_id}/write-off`, { id: `more-${product}`, quantity: 11 });
  expect([tooMuch.status, tooMuch.json.detail]).toEqual([409, expect.stringContaining('10 are left')]);
  const all = await post(`/lots/${a!.lot_id}/write-off`, { id: `all-${product}` });
  expect(all.json.data[0]).toMatchObject({ type: 'expiry', quantity_change: -10 });
  expect(await leftOf()).toEqual({ A: 0, B: 6 });
  expect((await post(`/lots/${a!.lot_id}/write-off`, { id: `none-${product}` })).status).toBe(409);
  expect((await post(`/lots/${a!.lot_id}/write-off`, { id: `x-${product}` }, 'viewer')).status).toBe(403);
});

it('of two who write the same lot off at once, one does', async () => {
  await move('receipt', 5, '2011-11-02', { lot_code: 'A', expiry_date: '2011-12-01' });
  const [lot] = await lotsOf();
  const answers = await Promise.all(
    [1, 2, 3].map((n) =>
      post(`/lots/${lot!.lot_id}/write-off`, { id: `at-once-${product}-${n}`, quantity: 4 }),
    ),
  );
  expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409]);
  expect(await leftOf()).toEqual({ A: 1 });
});

it('a movement that is taken back is as if it had not been, and back again when that is taken back', async () => {
  await move('receipt', 10, '2011-11-02', { lot_code: 'A', expiry_date: '2012-03-01' });
  const receipt = await move('receipt', 5, '2011-11-03', { lot_code: 'B', expiry_date: '2012-01-01' });
  await move('damage', -3, '2011-11-04');
  expect(await leftOf()).toEqual({ A: 10, B: 2 });
  const reverse = async (id: number) =>
    (await post(`/movements/${id}/reverse`, { reason: 'wrong' })).json.data[0].log_id as number;
  const reversal = await reverse(receipt.json.data[0].log_id);
  expect(await leftOf()).toEqual({ A: 7, B: 0 });
  await reverse(reversal);
  expect(await leftOf()).toEqual({ A: 10, B: 2 });
});

it('tells how much will expire before anybody buys it', async () => {
  await move('receipt', 100, '2011-12-01', { lot_code: 'A', expiry_date: '2011-12-19' });
  await move('receipt', 100, '2011-12-01', { lot_code: 'B', expiry_date: '2012-12-19' });
  // nothing was ever sold of it, so that nothing is expected to be
  const units = (days?: number) => expiringUnits(api.database, [key(), key('nobody')], '2011-12-09', days);
  const soon = { expiryDate: '2011-12-19', quantity: 100 };
  expect([...(await units())]).toEqual([[`${product}|MAIN`, [soon]]]);
  const late = { expiryDate: '2012-12-19', quantity: 100 };
  expect([...(await units(400))]).toEqual([[`${product}|MAIN`, [soon, late]]]);
  expect((await expiringUnits(api.database, [key('nobody')], '2011-12-09')).size).toBe(0);
});

it('the lots and what is in none of them are the stock, whatever happens', async () => {
  const Kind = fc.constantFrom('receipt', 'lot', 'damage', 'named', 'reverse');
  const step = fc.record({
    kind: Kind,
    units: fc.integer({ min: 1, max: 9 }),
    day: fc.integer({ min: 1, max: 28 }),
    lot: fc.constantFrom('A', 'B', 'C'),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 9 }), async (steps) => {
      const own = `any-${products++}`;
      await post('/products', { id: own, name: own, unit_price: 1 });
      const ends = { A: '2011-11-20', B: '2012-01-20', C: null };
      const booked: number[] = [];
      for (const { kind, units, day, lot } of steps) {
        const date = `2011-11-${String(day).padStart(2, '0')}`;
        const named = { lot_code: lot, expiry_date: ends[lot as 'A'] };
        const answer =
          kind === 'receipt'
            ? await move('receipt', units, date, {}, own)
            : kind === 'lot'
              ? await move('receipt', units, date, named, own)
              : kind === 'reverse' && booked.length > 0
                ? await post(`/movements/${booked.at(-1)}/reverse`, { reason: 'test' })
                : await move('damage', -units, date, kind === 'named' ? { lot_code: lot } : {}, own);
        if (answer.status === 201) booked.push(answer.json.data[0].log_id);
      }
      const series = (await readSeriesLots(api.database, [key(own)])).get(`${own}|MAIN`);
      const onHand = (await readPositions(api.database, [key(own)])).get(`${own}|MAIN`)!.onHand;
      if (!series) return;
      expect(series.onHand).toBe(onHand);
      expect(series.lots.reduce((sum, { left }) => sum + left, series.unlotted)).toBe(onHand);
    }),
    { numRuns: 12 },
  );
}, 60_000);

const setExpiry = (value: 'on' | 'off') =>
  api.database.write(
    `INSERT INTO setting (name, value) VALUES ('expire_lots', :value) ON DUPLICATE KEY UPDATE value = :value`,
    { value },
  );
const alerts = () =>
  api.database.select(
    z.object({ alert_key: z.string(), message: z.string(), is_open: z.int() }),
    `SELECT alert_key, message, closed_at IS NULL AS is_open FROM alert WHERE alert_type = 'expired_stock'`,
  );

it('by night tells what is past its day, and takes it out of stock only where that is set', async () => {
  await move('receipt', 6, '2011-11-02', { lot_code: 'OLD', expiry_date: '2011-12-08' });
  await move('receipt', 6, '2011-11-02', { lot_code: 'TODAY', expiry_date: '2011-12-09' });
  const now = new Date('2011-12-09T23:00:00Z');
  const told = await expireLots(api.database, now);
  expect(told.units).toBeGreaterThanOrEqual(6);
  expect(told.written).toBe(0);
  expect(await leftOf()).toEqual({ OLD: 6, TODAY: 6 });
  expect(await alerts()).toMatchObject([{ alert_key: 'expired_stock:MAIN', is_open: 1 }]);

  await setExpiry('on');
  const taken = await expireLots(api.database, now);
  expect(taken.written).toBe(told.units);
  expect(await leftOf()).toEqual({ OLD: 0, TODAY: 6 });
  expect(await expireLots(api.database, now)).toMatchObject({ lots: 0, units: 0, written: 0, isWhole: true });
  expect(await alerts()).toMatchObject([{ is_open: 0 }]);
});

const night = () => expireLots(api.database, new Date('2011-12-09T23:00:00Z'));

it('by night writes off what comes later of a lot too, and again what somebody brought back; never twice', async () => {
  await setExpiry('on');
  await move('receipt', 6, '2011-11-02', { lot_code: 'OLD', expiry_date: '2011-12-01' });
  await move('receipt', 9, '2011-11-02', { lot_code: 'NEW', expiry_date: '2012-12-01' });
  expect((await night()).written).toBe(6);
  await move('receipt', 2, '2011-12-03', { lot_code: 'OLD' });
  expect(await leftOf()).toEqual({ OLD: 2, NEW: 9 });
  expect((await night()).written).toBe(2);
  expect((await night()).written).toBe(0);
  const taken = (await get(`/ledger?product_id=${product}&type=expiry`)).json.data;
  expect(taken.map((one: { quantity_change: number }) => one.quantity_change)).toEqual([-2, -6]);
  const back = await post(`/movements/${taken[1].log_id}/reverse`, { reason: 'was frozen' });
  expect(back.status).toBe(201);
  expect(await leftOf()).toEqual({ OLD: 6, NEW: 9 });
  expect((await night()).written).toBe(6);
  expect(await leftOf()).toEqual({ OLD: 0, NEW: 9 });
});

it('brings back what was written off by its number, and the lot with it', async () => {
  await move('receipt', 10, '2011-11-02', { lot_code: 'A', expiry_date: '2012-03-01' });
  const [lot] = await lotsOf();
  const off = await post(`/lots/${lot!.lot_id}/write-off`, { id: `back-${product}`, quantity: 4 });
  expect(await leftOf()).toEqual({ A: 6 });
  const reverse = (id: number) => post(`/movements/${id}/reverse`, { reason: 'wrong lot' });
  const reversal = await reverse(off.json.data[0].log_id);
  expect(reversal.status).toBe(201);
  expect(await leftOf()).toEqual({ A: 10 });
  await reverse(reversal.json.data[0].log_id);
  expect(await leftOf()).toEqual({ A: 6 });
});

/** Books receipts of lots past the API, which knows no such numbers of them in a second. */
const receive = (
  lots: readonly { code: string; units: number; day: string; expiry: string }[],
  of = product,
) =>
  api.database.transaction(async (tx) => {
    const facts = lots.map(({ code, units, day }) => ({
      key: `test:${of}:${code}`,
      ...key(of),
      date: `${day} 08:00:00.000`,
      quantityChange: units,
      type: 'receipt' as const,
      reason: null,
      referenceId: null,
    }));
    await recordMovements(tx, facts, { actor: 'test' });
    await recordLots(
      tx,
      lots.map(({ code, expiry }, i) => ({ movementKey: facts[i]!.key, lotCode: code, expiryDate: expiry })),
      'test',
    );
  });

it('by night a lot that cannot be written off is told of, and stops none of the others', async () => {
  await setExpiry('on');
  await move('receipt', 4, '2011-11-02', { lot_code: 'BAD', expiry_date: '2011-12-01' });
  const [bad] = await lotsOf();
  await api.database.transaction((tx) =>
    recordMovements(
      tx,
      [
        {
          key: `lot-expiry:${bad!.lot_id}:2011-12-09:1`,
          ...key(),
          date: '2011-11-03 08:00:00.000',
          quantityChange: 1,
          type: 'receipt',
          reason: null,
          referenceId: null,
        },
      ],
      { actor: 'test' },
    ),
  );
  const other = `after-${product}`;
  await post('/products', { id: other, name: other, unit_price: 1 });
  await move('receipt', 3, '2011-11-02', { lot_code: 'OLD', expiry_date: '2011-12-01' }, other);
  expect(await night()).toMatchObject({ written: 3, failed: 1, isWhole: true });
  expect([await leftOf(), await leftOf(other)]).toEqual([{ BAD: 4 }, { OLD: 0 }]);
  const failed = () =>
    api.database.select(
      z.object({ message: z.string(), is_open: z.int() }),
      `SELECT message, closed_at IS NULL AS is_open FROM alert WHERE alert_key = 'lots_failed'`,
    );
  expect(await failed()).toEqual([{ message: expect.stringContaining(product), is_open: 1 }]);
  await post(`/lots/${bad!.lot_id}/write-off`, { id: `bad-${product}` });
  expect(await night()).toMatchObject({ written: 0, failed: 0 });
  expect(await failed()).toMatchObject([{ is_open: 0 }]);
});

it('reads any number of lots and days, in answers that the database gives', async () => {
  const lots = Array.from({ length: 6_000 }, (_, i) => ({
    code: `lot ${'x'.repeat(50)} ${i}`,
    units: 1 + (i % 3),
    day: addDays('1995-01-01', i),
    expiry: addDays('2020-01-01', i % 700),
  }));
  for (let at = 0; at < lots.length; at += 2_000) await receive(lots.slice(at, at + 2_000));
  const series = (await readSeriesLots(api.database, [key()])).get(`${product}|MAIN`)!;
  expect(series).toMatchObject({ onHand: 12_000, unlotted: 0 });
  expect(series.lots).toHaveLength(6_000);
  const left = new Map(series.lots.map((lot) => [lot.lotCode, lot.left]));
  expect(lots.filter(({ code, units }) => left.get(code) !== units)).toEqual([]);
}, 60_000);

const Opening = z.object({ through_day: z.iso.date(), gone: z.int() });
const openingOf = (of: string) =>
  api.database.select(
    Opening,
    `SELECT o.through_day, (SELECT CAST(SUM(s.is_gone) AS SIGNED) FROM stock_lot s WHERE s.product_id = o.product_id) AS gone
       FROM lot_opening o
      WHERE o.product_id = :of`,
    { of },
  );
const isThere = async (of: string) =>
  ((await readSeriesLots(api.database, [key(of)])).get(`${of}|MAIN`)?.lots ?? [])
    .filter(({ left }) => left > 0)
    .map(({ lotCode, left }) => [lotCode, left]);

it('notes by night what was left a month ago, and reads from there: the same as from the first day', async () => {
  const lots = Array.from({ length: 100 }, (_, i) => ({
    code: `L${i}`,
    units: 5,
    day: addDays('2011-08-01', i),
    expiry: addDays('2011-08-31', i),
  }));
  await receive(lots);
  await move('damage', -330, '2011-10-20');
  const before = await isThere(product);
  await setExpiry('off');
  expect((await night()).failed).toBe(0);
  expect(await openingOf(product)).toEqual([{ through_day: '2011-11-08', gone: 66 }]);
  expect(await isThere(product)).toEqual(before);
  expect((await readSeriesLots(api.database, [key()])).get(`${product}|MAIN`)!.lots).toHaveLength(34);

  // what comes late, is written off, or is taken back is as if there were no opening
  await move('damage', -7, '2011-11-20');
  await move('receipt', 4, '2011-11-21', { lot_code: 'L3' });
  const early = await move('receipt', 60, '2011-09-01');
  const [, , past] = await lotsOf();
  await post(`/lots/${past!.lot_id}/write-off`, { id: `past-${product}`, quantity: 1 });
  const late = await isThere(product);
  await api.database.transaction((tx) => forgetOpenings(tx, [key()]));
  expect(await isThere(product)).toEqual(late);
  expect((await night()).failed).toBe(0);
  expect(await openingOf(product)).toHaveLength(1);
  expect(await isThere(product)).toEqual(late);
  await post(`/movements/${early.json.data[0].log_id}/reverse`, { reason: 'another shop' });
  expect(await openingOf(product)).toEqual([]);

  // an opening that something of before has made void is made anew
  expect((await night()).failed).toBe(0);
  await move('damage', -50, '2011-09-05');
  const whole = await isThere(product);
  expect((await night()).failed).toBe(0);
  expect(await isThere(product)).toEqual(whole);
  expect(await findVoidOpenings(api.database, undefined, 1_000)).toEqual({ found: [], last: undefined });
}, 60_000);
