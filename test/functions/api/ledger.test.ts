import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { movements } from '../../../shared/contracts/csv/movements.ts';
import type { MovementFact } from '../../../shared/core/inventory/book-movements.ts';
import { findViolations } from '../../../shared/data/ledger/invariants.ts';
import { recordMovements } from '../../../shared/data/ledger/ledger-store.ts';
import { expireAllReservations } from '../../../shared/data/ledger/reservation-store.ts';
import { type Api, openApi } from './api-fixture.ts';

/** A slow machine shares two cores with other tests. */
const PATIENCE_MS = 60_000;
let api: Api;
let products = 0;

beforeAll(async () => {
  api = await openApi();
  await api.database.write(
    `INSERT INTO location (location_id, name, parent_id)
     VALUES ('NORTH', 'North', NULL), ('SHOP', 'Shop', 'NORTH'), ('SHELF', 'Shelf', 'SHOP')`,
  );
}, PATIENCE_MS);

afterAll(async () => {
  const violations = await findViolations(api.database);
  await api.close();
  expect(violations).toEqual([]);
});

async function product(stock = 0, more: object = {}): Promise<string> {
  const id = `P${++products}`;
  const body = { id, name: id, current_stock: stock, ...more };
  expect((await api.ask('POST', '/products', { as: 'planner', body })).status).toBe(201);
  return id;
}

const post = (path: string, body: object, headers = {}) =>
  api.ask('POST', path, { as: 'warehouse', body, headers });
const get = async (path: string) => (await api.ask('GET', path, { as: 'warehouse' })).json;
const onHand = async (id: string, locationId = 'MAIN'): Promise<number> =>
  (await get(`/inventory/positions?product_id=${id}&location_id=${locationId}`)).data[0]?.on_hand ?? 0;
const positionOf = async (id: string, locationId = 'MAIN') =>
  (await get(`/inventory/positions?product_id=${id}&location_id=${locationId}`)).data[0];

describe('a movement that somebody books', () => {
  test('is in the ledger with its two times, its reason and who booked it', async () => {
    const id = await product(10);
    const body = {
      id: `broken-${id}`,
      product_id: id,
      type: 'damage',
      quantity_change: -3,
      reason: 'fell down',
      effective_at: '2011-12-01T10:00:00Z',
    };
    const { status, json } = await post('/movements', body);
    expect(status).toBe(201);
    expect(json).toMatchObject({
      is_repeated: false,
      data: [
        {
          movement_key: `movement:broken-${id}`,
          type: 'damage',
          quantity_change: -3,
          level_after: 7,
          effective_at: '2011-12-01T10:00:00.000Z',
          reason: 'fell down',
          actor: 'warehouse',
          reverses_log_id: null,
        },
      ],
    });
    expect((await get(`/ledger?product_id=${id}`)).data[0]).toEqual(json.data[0]);
    const again = await post('/movements', body);
    expect([again.status, again.json]).toEqual([200, { ...json, is_repeated: true }]);
    expect((await post('/movements', { ...body, quantity_change: -4 })).status).toBe(409);
  });

  test.each([
    ['a receipt that leaves', { type: 'receipt', quantity_change: -1 }, 'quantity_change'],
    ['damage that comes in', { type: 'damage', quantity_change: 1, reason: 'x' }, 'quantity_change'],
    ['nothing', { type: 'adjustment', quantity_change: 0, reason: 'x' }, 'quantity_change'],
    ['an adjustment without a reason', { type: 'adjustment', quantity_change: 1 }, 'reason'],
    ['a sale', { type: 'sale', quantity_change: -1 }, 'type'],
    ['the future', { type: 'receipt', quantity_change: 1, effective_at: '2030-01-01' }, 'effective_at'],
  ])('is refused when it is %s', async (_, movement, field) => {
    const id = await product();
    const { status, json } = await post('/movements', { id: `m-${id}`, product_id: id, ...movement });
    expect(status).toBe(422);
    expect(JSON.stringify(json)).toContain(field);
    expect((await get(`/ledger?product_id=${id}`)).data).toEqual([]);
  });

  test('is a fact: what it takes beyond the books is explained first, and nothing falls below zero', async () => {
    const id = await product(2);
    const { json } = await post('/movements', {
      id: `m-${id}`,
      product_id: id,
      type: 'expiry',
      quantity_change: -5,
    });
    expect(json.data.map((row: { type: string }) => row.type)).toEqual(['expiry', 'adjustment']);
    expect(await onHand(id)).toBe(0);
  });

  test('of an unknown product or place is missing, of a service impossible', async () => {
    const service = await product(0, { is_service: true });
    const movement = { id: 'm', type: 'receipt', quantity_change: 1 };
    expect((await post('/movements', { ...movement, product_id: 'nothing' })).status).toBe(404);
    expect((await post('/movements', { ...movement, product_id: service })).status).toBe(422);
    const elsewhere = { ...movement, product_id: await product(), location_id: 'nowhere' };
    expect((await post('/movements', elsewhere)).status).toBe(404);
  });

  test('sent twice at once is booked once', async () => {
    const id = await product();
    const body = { id: `twin-${id}`, product_id: id, type: 'receipt', quantity_change: 4 };
    const answers = await Promise.all([1, 2, 3].map(() => post('/movements', body)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 201]);
    expect(await onHand(id)).toBe(4);
  });

  test('is taken back by its opposite once; one of an order only with the order', async () => {
    const id = await product(5);
    const [booked] = (await get(`/ledger?product_id=${id}`)).data;
    const reason = { reason: 'typed twice' };
    const { status, json } = await post(`/movements/${booked.log_id}/reverse`, reason);
    expect([status, json.data[0].quantity_change, json.data[0].reverses_log_id]).toEqual([
      201,
      -5,
      booked.log_id,
    ]);
    const again = await post(`/movements/${booked.log_id}/reverse`, reason);
    expect([again.status, again.json.is_repeated, again.json.data]).toEqual([200, true, json.data]);
    expect((await get(`/movements/${booked.log_id}`)).reversed_by_log_id).toBe(json.data[0].log_id);
    expect(await onHand(id)).toBe(0);

    const sold = await product(5);
    await post('/orders', { id: `O-${sold}`, product_id: sold, quantity: 1 });
    const [sale] = (await get(`/ledger?product_id=${sold}&type=sale`)).data;
    expect((await post(`/movements/${sale.log_id}/reverse`, reason)).status).toBe(409);
  });
});

describe('the ledger', () => {
  test('is read page by page, newest first, by type, reference and effective time', async () => {
    const id = await product(100);
    for (let day = 1; day <= 5; day++)
      await post('/movements', {
        id: `${id}-${day}`,
        product_id: id,
        type: 'damage',
        quantity_change: -day,
        reference_id: day > 3 ? `flood-${id}` : null,
        effective_at: `2011-11-0${day}T00:00:00Z`,
      });
    const first = await get(`/ledger?product_id=${id}&limit=4&count=true`);
    expect(first.total).toBe(6);
    const rest = await get(`/ledger?product_id=${id}&limit=4&before=${first.next_before}`);
    const changes = [...first.data, ...rest.data].map((row) => row.quantity_change);
    expect([changes, rest.next_before]).toEqual([[-5, -4, -3, -2, -1, 100], null]);
    expect((await get(`/ledger?reference_id=flood-${id}`)).data).toHaveLength(2);
    const days = await get(
      `/ledger?product_id=${id}&effective_from=2011-11-02&effective_to=2011-11-04&type=damage`,
    );
    expect(days.data.map((row: { quantity_change: number }) => row.quantity_change)).toEqual([-3, -2]);
  });

  const asOf = (query: string) => get(`/ledger/as-of?${query}`);

  test('answers for a past knowledge do not change when a late movement is recorded', async () => {
    const id = await product();
    const move = (name: string, units: number, day: string) =>
      post('/movements', {
        id: `${id}-${name}`,
        product_id: id,
        type: 'receipt',
        quantity_change: units,
        effective_at: day,
      });
    await move('first', 10, '2011-11-01');
    await move('second', 5, '2011-11-20');
    const before = await asOf(`product_id=${id}&effective_at=2011-11-10`);
    expect(before).toMatchObject({ on_hand: 10, movements: 1, effective_at: '2011-11-10T23:59:59.999Z' });
    await move('late', 7, '2011-11-05');
    expect(await asOf(`product_id=${id}&effective_at=2011-11-10&known_at=${before.known_at}`)).toEqual(
      before,
    );
    expect(await asOf(`product_id=${id}&effective_at=2011-11-10`)).toMatchObject({
      on_hand: 17,
      movements: 2,
    });
    expect(await asOf(`product_id=${id}`)).toMatchObject({ on_hand: 22, movements: 3 });
    // no row was rewritten
    const levels = (await get(`/ledger?product_id=${id}`)).data.map(
      (row: { level_after: number }) => row.level_after,
    );
    expect(levels).toEqual([22, 15, 10]);
  });

  test('does not say what will have been known', async () => {
    const id = await product();
    const { status } = await api.ask('GET', `/ledger/as-of?product_id=${id}&known_at=2999-01-01`, {
      as: 'planner',
    });
    expect(status).toBe(422);
  });

  test('answers for a location with all that lie in it, or for itself alone', async () => {
    const id = await product();
    for (const [locationId, units] of [
      ['NORTH', 1],
      ['SHOP', 20],
      ['SHELF', 300],
      ['MAIN', 4000],
    ] as const)
      await post('/movements', {
        id: `${id}-${locationId}`,
        product_id: id,
        location_id: locationId,
        type: 'receipt',
        quantity_change: units,
      });
    expect(await asOf(`product_id=${id}&location_id=NORTH`)).toMatchObject({
      on_hand: 321,
      by_location: [
        { location_id: 'NORTH', on_hand: 1 },
        { location_id: 'SHELF', on_hand: 300 },
        { location_id: 'SHOP', on_hand: 20 },
      ],
    });
    expect(await asOf(`product_id=${id}&location_id=NORTH&include_children=false`)).toMatchObject({
      on_hand: 1,
    });
    expect((await get(`/ledger?product_id=${id}&location_id=SHOP`)).data).toHaveLength(2);
  });

  test(
    'never changes what it said while others write, and each reading counts whole transactions',
    async () => {
      const id = await product(1000);
      const fact = (key: string): MovementFact => ({
        key,
        productId: id,
        locationId: 'MAIN',
        date: '2011-11-01 10:00:00.000',
        quantityChange: 1,
        type: 'receipt',
        reason: null,
        referenceId: null,
      });
      const pair = (n: number) => [fact(`${id}-${n}a`), fact(`${id}-${n}b`)];
      const writer = async (name: number) => {
        for (let n = 0; n < 15; n++)
          await api.database.transaction((tx) =>
            recordMovements(tx, pair(name * 100 + n), { actor: 'test' }),
          );
      };
      const answers: { known_at: string; on_hand: number }[] = [];
      let isWriting = true;
      const reader = async () => {
        while (isWriting) answers.push(await asOf(`product_id=${id}`));
      };
      const readers = [reader(), reader()];
      await Promise.all([writer(1), writer(2), writer(3)]);
      isWriting = false;
      await Promise.all(readers);
      expect(answers.length).toBeGreaterThan(1);
      for (const answer of answers) {
        expect(answer.on_hand % 2).toBe(0);
        expect(await asOf(`product_id=${id}&known_at=${answer.known_at}`)).toMatchObject({
          on_hand: answer.on_hand,
        });
      }
      const { data } = await get(`/ledger?product_id=${id}&limit=500`);
      const times = data.map((row: { recorded_at: string }) => row.recorded_at).reverse();
      expect(times).toEqual([...times].sort());
    },
    PATIENCE_MS,
  );
});

describe('a transfer', () => {
  const send = (id: string, quantity: number, more: object = {}) =>
    post('/transfers', {
      id: `T-${id}`,
      from_location: 'MAIN',
      to_location: 'SHOP',
      lines: [{ product_id: id, quantity }],
      ...more,
    });
  const act = (id: string, what: string, body: object = {}) => post(`/transfers/T-${id}/${what}`, body);

  test('that arrives at once is one transaction: out here, in there', async () => {
    const id = await product(10);
    const { status, json } = await send(id, 4, { arrives: true });
    expect([status, json.status, json.lines[0].received]).toEqual([201, 'received', 4]);
    expect([await onHand(id), await onHand(id, 'SHOP')]).toEqual([6, 4]);
    expect((await send(id, 4, { arrives: true })).status).toBe(200);
    expect((await send(id, 5)).status).toBe(409);
    expect(await onHand(id)).toBe(6);
  });

  test('is in transit until it is received, in part and several times, and part of the position there', async () => {
    const id = await product(10);
    await send(id, 8);
    expect(await positionOf(id)).toMatchObject({ on_hand: 2, position: 2 });
    expect(await positionOf(id, 'SHOP')).toMatchObject({ on_hand: 0, in_transit: 8, position: 8 });
    const lines = [{ product_id: id, quantity: 3 }];
    expect((await act(id, 'receive', { lines })).json).toMatchObject({
      status: 'in_transit',
      lines: [{ in_transit: 5, received: 3 }],
    });
    const tooMany = await act(id, 'receive', { lines: [{ product_id: id, quantity: 6 }] });
    expect([tooMany.status, tooMany.json.errors ?? tooMany.json.details]).toMatchObject([
      409,
      [{ field: id }],
    ]);
    expect((await act(id, 'receive')).json).toMatchObject({ status: 'received' });
    expect((await act(id, 'receive')).status).toBe(409);
    expect(await positionOf(id, 'SHOP')).toMatchObject({ on_hand: 8, in_transit: 0, position: 8 });
  });

  test('that is cancelled comes home, and closed is lost in the open', async () => {
    const home = await product(10);
    await send(home, 8);
    await act(home, 'receive', { lines: [{ product_id: home, quantity: 3 }] });
    expect((await act(home, 'cancel', { reason: 'road closed' })).json).toMatchObject({
      status: 'cancelled',
      end_reason: 'road closed',
      lines: [{ received: 3, returned: 5, in_transit: 0 }],
    });
    expect((await act(home, 'cancel', { reason: 'road closed' })).status).toBe(200);
    expect((await act(home, 'close', { reason: 'x' })).status).toBe(409);
    expect([await onHand(home), await onHand(home, 'SHOP')]).toEqual([7, 3]);

    const lost = await product(10);
    await send(lost, 8);
    await act(lost, 'receive', { lines: [{ product_id: lost, quantity: 3 }] });
    expect((await act(lost, 'close', { reason: 'fell off the lorry' })).json).toMatchObject({
      status: 'closed',
      lines: [{ received: 3, lost: 5, in_transit: 0 }],
    });
    expect([await onHand(lost), await onHand(lost, 'SHOP')]).toEqual([2, 3]);
    const movements = (await get(`/ledger?reference_id=transfer:T-${lost}`)).data;
    const changes = movements.map((row: { type: string; quantity_change: number }) => [
      row.type,
      row.quantity_change,
    ]);
    expect(changes).toEqual([
      ['damage', -5],
      ['transfer_in', 5],
      ['transfer_in', 3],
      ['transfer_out', -8],
    ]);
    expect((await post(`/movements/${movements[0].log_id}/reverse`, { reason: 'x' })).status).toBe(409);
  });

  test('of more than is there names every product, the lines of each summed, and moves nothing', async () => {
    const [some, none, plenty] = [await product(5), await product(), await product(50)];
    const { status, json } = await post('/transfers', {
      from_location: 'MAIN',
      to_location: 'SHOP',
      lines: [
        { product_id: some, quantity: 3 },
        { product_id: plenty, quantity: 3 },
        { product_id: none, quantity: 1 },
        { product_id: some, quantity: 3 },
      ],
    });
    expect(status).toBe(409);
    for (const part of [some, '6 wanted, 5 in stock', none]) expect(JSON.stringify(json)).toContain(part);
    expect(JSON.stringify(json)).not.toContain(plenty);
    expect([await onHand(some), await onHand(plenty)]).toEqual([5, 50]);
  });

  test.each([
    ['to where the goods are', { to_location: 'MAIN' }, 422],
    ['to nowhere', { to_location: 'nowhere' }, 404],
    ['of an unknown product', { lines: [{ product_id: 'nothing', quantity: 1 }] }, 404],
    ['of nothing', { lines: [] }, 422],
    ['in the future', { effective_at: '2030-01-01' }, 422],
  ])('%s is refused', async (_, more, status) => {
    expect((await send(await product(5), 1, more)).status).toBe(status);
  });

  test('cannot arrive before it left', async () => {
    const id = await product(5);
    await send(id, 1, { effective_at: '2011-12-05' });
    expect((await act(id, 'receive', { effective_at: '2011-12-04' })).status).toBe(422);
  });

  test('asked for several times at once is one transfer', async () => {
    const id = await product(5);
    const answers = await Promise.all([1, 2, 3, 4].map(() => send(id, 2, { arrives: true })));
    expect(answers.map(({ status }) => status)).toEqual(expect.arrayContaining([200, 200, 200, 201]));
    expect([await onHand(id), await onHand(id, 'SHOP')]).toEqual([3, 2]);
  });

  test('back and forth at once loses nothing', async () => {
    const [a, b] = [await product(20), await product(20)];
    for (const id of [a, b]) await send(id, 10, { arrives: true });
    const both = [a, b].map((product_id) => ({ product_id, quantity: 1 }));
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, i) =>
        post('/transfers', {
          from_location: i % 2 ? 'MAIN' : 'SHOP',
          to_location: i % 2 ? 'SHOP' : 'MAIN',
          lines: i % 3 ? both : [...both].reverse(),
          arrives: true,
        }),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(201));
    for (const id of [a, b]) expect([await onHand(id), await onHand(id, 'SHOP')]).toEqual([10, 10]);
  });
});

describe('a reservation', () => {
  const reserve = (name: string, id: string, quantity: number, more: object = {}) =>
    post('/reservations', { id: `R-${id}-${name}`, product_id: id, quantity, reference: 'cart', ...more });

  test('holds units back from wishes and not from facts', async () => {
    const id = await product(5);
    expect((await reserve('a', id, 4)).json).toMatchObject({ status: 'open', quantity_open: 4 });
    expect(await positionOf(id)).toMatchObject({ on_hand: 5, committed: 4, available: 1, position: 1 });
    expect((await reserve('a', id, 4)).status).toBe(201);
    expect((await reserve('a', id, 3)).status).toBe(409);
    const short = await post('/orders', { id: `O-${id}`, product_id: id, quantity: 2 });
    expect([short.status, JSON.stringify(short.json)]).toEqual([
      409,
      expect.stringContaining('2 wanted, 5 in stock, 4 of them reserved'),
    ]);
    expect((await post('/orders', { id: `P-${id}`, product_id: id, quantity: 1 })).status).toBe(201);
    const fact = { id: `m-${id}`, product_id: id, type: 'damage', quantity_change: -3 };
    expect((await post('/movements', fact)).status).toBe(201);
    expect(await positionOf(id)).toMatchObject({ on_hand: 1, committed: 4, available: -3 });
  });

  test('of the last unit is one of many', async () => {
    const id = await product(1);
    const answers = await Promise.all([...'abcdef'].map((name) => reserve(name, id, 1)));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409, 409, 409]);
  });

  test('is taken by the order that names it, which needs what is missing out of the rest', async () => {
    const id = await product(5);
    await reserve('a', id, 3);
    await reserve('b', id, 1);
    const order = (name: string, quantity: number, reservation: string) =>
      post('/orders', {
        id: `O-${id}-${name}`,
        product_id: id,
        quantity,
        reservation_id: `R-${id}-${reservation}`,
      });
    expect((await order('short', 5, 'a')).status).toBe(409);
    expect((await get(`/reservations/R-${id}-a`)).quantity_open).toBe(3);
    expect((await order('part', 2, 'a')).status).toBe(201);
    expect((await get(`/reservations/R-${id}-a`)).quantity_open).toBe(1);
    expect((await order('rest', 2, 'a')).status).toBe(201);
    expect(await get(`/reservations/R-${id}-a`)).toMatchObject({
      status: 'consumed',
      quantity_open: 0,
      quantity_taken: 3,
      ended_by: 'warehouse',
    });
    expect(await positionOf(id)).toMatchObject({ on_hand: 1, committed: 1, available: 0 });
    expect((await order('again', 1, 'a')).status).toBe(409);
    expect((await order('none', 1, 'nothing')).status).toBe(404);
    const other = await product(5);
    const foreign = { id: `O-${other}`, product_id: other, quantity: 1, reservation_id: `R-${id}-b` };
    expect((await post('/orders', foreign)).status).toBe(409);
  });

  test('is released once', async () => {
    const id = await product(5);
    await reserve('a', id, 4);
    for (let times = 0; times < 2; times++) {
      const { status, json } = await post(`/reservations/R-${id}-a/release`, {});
      expect([status, json.status, json.quantity_open]).toEqual([200, 'released', 0]);
    }
    expect(await positionOf(id)).toMatchObject({ committed: 0, available: 5 });
    expect((await post('/reservations/none/release', {})).status).toBe(404);
  });

  const overdue = (id: string) =>
    api.database.write(
      `UPDATE reservation SET expires_at = '2011-01-01' WHERE product_id = :id AND status = 'open'`,
      { id },
    );

  test('whose time is over gives way to whoever wants its units, and to the night', async () => {
    expect((await reserve('x', await product(1), 1, { expires_at: '2011-12-11' })).status).toBe(422);
    const id = await product(5);
    const later = { expires_at: '2999-01-01' };
    await reserve('a', id, 4, later);
    await reserve('b', id, 1, later);
    await overdue(id);
    expect((await get(`/reservations/R-${id}-a`)).status).toBe('expired');
    expect((await reserve('c', id, 5)).status).toBe(201);
    expect(await positionOf(id)).toMatchObject({ committed: 5, available: 0 });

    const night = await product(5);
    await reserve('a', night, 4, later);
    await overdue(night);
    expect(await expireAllReservations(api.database)).toBe(1);
    expect(await positionOf(night)).toMatchObject({ committed: 0 });
  });
});

describe('a snapshot', () => {
  test('says for each day what was there, what came and went by type, and whether it was out of stock', async () => {
    const id = await product();
    const move = (name: string, type: string, units: number, time: string) =>
      post('/movements', {
        id: `${id}-${name}`,
        product_id: id,
        type,
        quantity_change: units,
        effective_at: time,
        reason: 'test',
      });
    await move('a', 'receipt', 10, '2011-11-01T08:00:00Z');
    await move('b', 'damage', -10, '2011-11-02T08:00:00Z');
    await move('c', 'receipt', 4, '2011-11-02T18:00:00Z');
    await move('d', 'damage', -4, '2011-11-03T18:00:00Z');
    const answer = await get(`/inventory/snapshots?product_id=${id}&from=2011-11-01&to=2011-11-04`);
    const days = answer.data;
    const lines = days.map(
      (day: Record<string, number | boolean | string>) =>
        `${day.date}: ${day.opening} +${day.received} -${day.issued} = ${day.closing}, least ${day.lowest}${day.is_stockout ? ', out' : ''}`,
    );
    expect(lines).toEqual([
      '2011-11-01: 0 +10 -0 = 10, least 0',
      '2011-11-02: 10 +4 -10 = 4, least 0',
      '2011-11-03: 4 +0 -4 = 0, least 0, out',
      '2011-11-04: 0 +0 -0 = 0, least 0, out',
    ]);
    expect(days[1].by_type).toEqual({ damage: -10, receipt: 4 });
    const of = async (date: string) => {
      const { data } = await get(`/inventory/snapshots?date=${date}&limit=500`);
      return data.find((row: { product_id: string }) => row.product_id === id);
    };
    expect(await of('2011-11-02')).toMatchObject({
      opening: 10,
      received: 4,
      issued: 10,
      closing: 4,
      is_stockout: false,
    });

    // before the first movement it was not kept there, and so not out
    expect(await of('2011-10-31')).toMatchObject({ closing: 0, is_stockout: false });
    const first = await get(`/inventory/snapshots?product_id=${id}&from=2011-10-31&to=2011-10-31`);
    expect(first.data).toMatchObject([{ closing: 0, is_stockout: false }]);

    await move('late', 'receipt', 1, '2011-10-01T08:00:00Z');
    expect(await of('2011-11-02')).toMatchObject({ opening: 11, closing: 5 });
    expect(await of('2011-11-04')).toMatchObject({ opening: 1, received: 0, closing: 1, is_stockout: false });
  });

  test('is of one product with its days or of one day', async () => {
    for (const query of [
      '',
      '?product_id=A',
      '?product_id=A&from=2011-01-02&to=2011-01-01',
      '?date=2011-01-01&product_id=A&from=2011-01-01&to=2011-01-02',
    ])
      expect((await api.ask('GET', `/inventory/snapshots${query}`, { as: 'planner' })).status).toBe(422);
  });
});

test('an id that the ledger gives its own adjustments is refused, in requests and in files', async () => {
  const id = await product(3);
  const body = { id: 'm:shortage', product_id: id, type: 'receipt', quantity_change: 1 };
  expect((await post('/movements', body)).status).toBe(422);
  expect(movements.row.safeParse({ movement_id: 'm:shortage' }).error?.issues).toContainEqual(
    expect.objectContaining({ path: ['movement_id'], message: expect.stringMatching(/shortage/) }),
  );
});
