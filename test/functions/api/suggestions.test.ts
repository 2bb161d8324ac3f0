import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { WhySuggested } from '../../../shared/contracts/api/replenishment.ts';
import { quantityFromExplanation } from '../../../shared/core/inventory/explain-need.ts';
import { AS_OF, planThrough, plantItems, year } from '../planning/planning-fixture.ts';
import { type Api, openApi } from './api-fixture.ts';

let api: Api;
let plans = 0;
const plan = () => planThrough(api.database, `plan-${++plans}`);

beforeAll(async () => {
  api = await openApi({}, { brokenOnPurpose: ['demand', 'ledger'] });
  await api.database.write(
    `INSERT INTO location (location_id, name, parent_id) VALUES ('SHOP', 'Shop', 'MAIN'), ('FAR', 'Far', NULL)`,
  );
  await plantItems(api.database, [
    {
      productId: 'A',
      onHand: 2,
      supplierId: 'S1',
      unitCost: '2.5',
      demand: year(20),
      minimumQuantity: 12,
      orderMultiple: 6,
    },
    { productId: 'B', onHand: 0, supplierId: 'S2', unitCost: '10', demand: year(5) },
    { productId: 'C', onHand: 1, supplierId: 'S1', unitCost: '1', demand: year(8) },
    { productId: 'PLENTY', onHand: 500, supplierId: 'S1', demand: year(5) },
    { productId: 'NOBODY', onHand: 0, supplierId: null, demand: year(5) },
    { productId: 'T', onHand: 900, supplierId: 'S1', demand: year(3) },
    { productId: 'T', locationId: 'SHOP', onHand: 0, supplierId: 'S1', demand: year(6) },
    { productId: 'U', onHand: 900, supplierId: 'S1', demand: year(3) },
    { productId: 'U', locationId: 'FAR', onHand: 0, supplierId: 'S1', demand: year(6) },
  ]);
  await api.database.write(`UPDATE supplier SET minimum_order = 10000 WHERE supplier_id = 'S2'`);
  await plan();
}, 120_000);
afterAll(() => api.close());

const get = async (target: string) => (await api.ask('GET', target, { as: 'viewer' })).json;
const post = (target: string, body: unknown = {}, as = 'buyer') => api.ask('POST', target, { as, body });
const put = (target: string, body: unknown, as = 'planner') => api.ask('PUT', target, { as, body });
const only = async (product: string, status = 'open') => {
  const { data } = await get(`/suggestions?product_id=${product}&status=${status}`);
  expect(data).toHaveLength(1);
  return data[0];
};
const draftLines = async (product: string) =>
  api.database.select(
    z.object({ quantity: z.int(), is_own: z.boolean(), status: z.string() }),
    `SELECT l.quantity, p.is_own, p.status
       FROM purchase_order_line l
       JOIN purchase_order p ON p.purchase_order_id = l.purchase_order_id
      WHERE l.product_id = :product`,
    { product },
  );
const rows = () =>
  api.database.select(
    z.object({ suggestion_id: z.int(), status: z.string(), quantity: z.int(), updated_at: z.string() }),
    `SELECT suggestion_id, status, quantity, updated_at FROM suggestion ORDER BY suggestion_id`,
  );

describe('suggestions', () => {
  it('are those that are open, the most money at risk first, and their numbers give their quantities', async () => {
    const { data } = await get('/suggestions');
    expect(data.map((one: { product_id: string }) => one.product_id).sort()).toEqual([
      'A',
      'B',
      'C',
      'T',
      'U',
    ]);
    const risks = data.map((one: { money_at_risk: string }) => Number(one.money_at_risk));
    expect(risks).toEqual([...risks].sort((a, b) => b - a));
    for (const one of data) {
      expect(quantityFromExplanation(one.explanation.numbers), one.product_id).toBe(one.quantity);
      expect(one.stockout_probability).toBeGreaterThan(0.2);
      expect(one.class).toMatch(/^[ABC][XYZ]$/);
    }
  });

  it('can be chosen by kind, supplier, class, value and the day they are due', async () => {
    const names = async (query: string) =>
      (await get(`/suggestions?${query}`)).data.map((one: { product_id: string }) => one.product_id);
    expect(await names('kind=transfer')).toEqual(['T']);
    expect(await names('supplier_id=S2')).toEqual(['B']);
    const large = (await get('/suggestions?min_value=200&sort=cost')).data.map((one: { cost: string }) =>
      Number(one.cost),
    );
    expect(large.length).toBeGreaterThan(0);
    expect(large.every((cost: number) => cost >= 200)).toBe(true);
    expect(large).toEqual([...large].sort((a: number, b: number) => b - a));
    expect(await names(`due_before=${AS_OF}`)).toEqual([]);
    expect(await names('due_before=2011-12-11&limit=2')).toHaveLength(2);
    const covers = (await get('/suggestions?sort=cover')).data.map(
      (row: { cover_days: number }) => row.cover_days,
    );
    expect(covers).toHaveLength(5);
    expect(covers).toEqual([...covers].sort((a: number, b: number) => b - a));
    const long = (await get(`/suggestions?min_cover_days=${covers[1]}`)).data;
    expect(long).toHaveLength(2);
    const { class: one } = await only('A');
    expect(await names(`class=${one}`)).toContain('A');
    expect(await names(`class=${one[0]}`)).toContain('A');
    expect((await api.ask('GET', '/suggestions?class=Q', { as: 'viewer' })).status).toBe(422);
  });

  it('come from the same tree of locations before they are bought, and from another tree never', async () => {
    expect(await only('T')).toMatchObject({
      kind: 'transfer',
      from_location: 'MAIN',
      location_id: 'SHOP',
      supplier_id: null,
      cost: '0.00',
    });
    expect(await only('U')).toMatchObject({ kind: 'purchase', location_id: 'FAR', from_location: null });
  });

  it('are summed by supplier, with what an order lacks to the minimum', async () => {
    const { data } = await get('/suggestions/by-supplier');
    const s2 = data.find((one: { supplier_id: string }) => one.supplier_id === 'S2');
    expect(s2).toMatchObject({ minimum_order: '10000.00', orders: 1, order_by: '2011-12-10' });
    expect(Number(s2.shortfall)).toBeCloseTo(10_000 - Number(s2.cost), 2);
    const far = (await get('/suggestions/by-supplier?location_id=FAR')).data;
    expect(far).toMatchObject([{ supplier_id: 'S1', suggestions: 1, orders: 1, shortfall: '0.00' }]);
  });

  it('are raised to the minimum of the supplier where that costs less than to do without the order', {
    timeout: 120_000,
  }, async () => {
    const b = await only('B');
    const setMinimum = (amount: number) =>
      api.database.write(`UPDATE supplier SET minimum_order = :amount WHERE supplier_id = 'S2'`, { amount });
    await setMinimum(Number(b.cost) + 25);
    await plan();
    expect(await only('B')).toMatchObject({
      suggestion_id: b.suggestion_id,
      need_quantity: b.need_quantity,
      top_up: 3,
      quantity: b.quantity + 3,
    });
    expect(await draftLines('B')).toMatchObject([{ quantity: b.quantity + 3 }]);
    const raised = await rows();
    await plan();
    expect(await rows()).toEqual(raised);
    await setMinimum(10_000);
    await plan();
    // five years of sales would be too much
    expect(await only('B')).toMatchObject({
      suggestion_id: b.suggestion_id,
      top_up: 0,
      quantity: b.quantity,
    });
  });

  it('are the same rows after more plans of the same data', { timeout: 120_000 }, async () => {
    const before = await rows();
    for (let i = 0; i < 3; i++) await plan();
    expect(await rows()).toEqual(before);
  });
});

describe('why', () => {
  const why = async (product: string, location = 'MAIN') =>
    WhySuggested.parse(await get(`/suggestions/why?product_id=${product}&location_id=${location}`));

  it('says the same numbers as the suggestion, and why nothing is suggested', async () => {
    const a = await only('A');
    const same = await why('A');
    expect(same).toMatchObject({ answer: 'suggested', suggestion_id: a.suggestion_id });
    expect(same.explanation!.numbers).toEqual(a.explanation.numbers);
    const enough = await why('PLENTY');
    expect(enough.answer).toBe('enough');
    expect(enough.words).toContain('above the reorder point');
    expect(enough.next_order_by! > AS_OF).toBe(true);
    expect((await why('NOBODY')).answer).toBe('no_supplier');
    const setMost = (most: number | null) =>
      api.database.write(`UPDATE supplier_item SET maximum_quantity = :most WHERE product_id = 'A'`, {
        most,
      });
    await setMost(5);
    expect(await why('A')).toMatchObject({
      answer: 'not_sold',
      words: expect.stringContaining('sells no such quantity: the minimum of 12 is above the maximum of 5'),
    });
    await setMost(null);
    expect((await why('T', 'SHOP')).answer).toBe('transfer');
    expect((await why('A', 'SHOP')).answer).toBe('not_planned');
    expect(
      (await api.ask('GET', '/suggestions/why?product_id=none&location_id=MAIN', { as: 'viewer' })).status,
    ).toBe(404);
  });
});

describe('a quantity that a person gives', () => {
  it('must be one that the supplier sells, and the refusal names the rule', async () => {
    const { suggestion_id: id } = await only('A');
    const refused = async (quantity: number) => {
      const answer = await post(`/suggestions/${id}/edit`, { quantity, reason: 'r' });
      expect(answer.status).toBe(422);
      return JSON.stringify(answer.json);
    };
    expect(await refused(6)).toContain('minimum_quantity');
    expect(await refused(100)).toContain('order_multiple');
    await api.database.write(`UPDATE supplier_item SET maximum_quantity = 500 WHERE product_id = 'A'`);
    expect(await refused(600)).toContain('maximum_quantity');
    await api.database.write(`UPDATE supplier_item SET maximum_quantity = NULL WHERE product_id = 'A'`);
    expect((await post(`/suggestions/${id}/edit`, { quantity: 102 })).status).toBe(422);
    expect((await post(`/suggestions/${id}/edit`, { quantity: 102, reason: 'r' }, 'warehouse')).status).toBe(
      403,
    );
    expect((await post('/suggestions/999999/edit', { quantity: 1, reason: 'r' })).status).toBe(404);
  });

  it('stays through plans until the need has grown by a quarter, and is in the draft at the price of that quantity', {
    timeout: 120_000,
  }, async () => {
    const a = await only('A');
    await api.database.write(
      `UPDATE supplier_item SET price_breaks = '[[600,"2.2"]]' WHERE product_id = 'A'`,
    );
    const edited = await post(`/suggestions/${a.suggestion_id}/edit`, { quantity: 600, reason: 'the fair' });
    expect(edited.json).toMatchObject({
      quantity: 600,
      unit_cost: '2.20',
      need_quantity: a.need_quantity,
      edited_by: 'buyer',
      decided_by: 'buyer',
      decided_why: 'the fair',
    });
    await plan();
    const kept = await only('A');
    expect(kept).toMatchObject({
      suggestion_id: a.suggestion_id,
      quantity: 600,
      edited_by: 'buyer',
      edited_why: 'the fair',
    });
    const numberOf = (name: string) =>
      kept.explanation.numbers.find((number: { name: string }) => number.name === name);
    expect(quantityFromExplanation(kept.explanation.numbers)).toBe(a.need_quantity);
    expect(numberOf('quantity').value).toBe(a.need_quantity);
    expect(numberOf('ordered')).toMatchObject({ value: 600, from: 'buyer: the fair' });
    expect(numberOf('cost')).toMatchObject({ value: '1320.00', from: 'ordered * unitCost' });
    expect(numberOf('coverDays').value).toBeCloseTo((2 + 600) / numberOf('dailyDemand').value, 1);
    expect(kept.cover_days).toBeCloseTo(numberOf('coverDays').value, 1);
    expect(kept.explanation.words).toContain(
      `Suggested ${a.need_quantity} units, ordered 600 by buyer: the fair. With what is there that lasts`,
    );
    const same = await get('/suggestions/why?product_id=A&location_id=MAIN');
    expect(same.explanation).toEqual(kept.explanation);
    // what is said later, of when, is no reason for how much
    const later = `/suggestions/${a.suggestion_id}`;
    await post(`${later}/snooze`, { until: '2011-12-12', reason: 'closed' });
    await post(`${later}/reopen`, { reason: 'open again' });
    expect(await only('A')).toMatchObject({ decided_why: 'open again', edited_why: 'the fair' });
    expect(await draftLines('A')).toEqual([{ quantity: 600, is_own: false, status: 'draft' }]);
    // three times as much is wanted
    await api.database.write(`UPDATE demand SET quantity = 3 * quantity WHERE product_id = 'A'`);
    await plan();
    const grown = await only('A');
    expect(grown).toMatchObject({ suggestion_id: a.suggestion_id, edited_by: null });
    expect(grown.quantity).toBe(grown.need_quantity);
    expect(grown.quantity).toBeGreaterThan(1.25 * a.need_quantity);
    const log = await get(`/audit-log?subject=suggestion&subject_id=${a.suggestion_id}`).catch(
      () => undefined,
    );
    const entries = await api.database.select(
      z.object({ actor: z.string(), reason: z.string().nullable() }),
      `SELECT actor, reason FROM audit_log WHERE subject = 'suggestion' AND subject_id = :id`,
      { id: String(a.suggestion_id) },
    );
    expect(entries.map(({ reason }) => reason)).toEqual(['the fair', 'closed', 'open again']);
    expect(log).toBeDefined();
  });
});

describe('a suggestion that is put off', () => {
  it('leaves its draft until its day, is no second row then, and wakes by itself', {
    timeout: 120_000,
  }, async () => {
    const c = await only('C');
    const target = `/suggestions/${c.suggestion_id}/snooze`;
    for (const until of [AS_OF, '2011-12-10', '2012-12-10', '9999-12-31']) {
      const refused = await post(target, { until });
      expect(refused.status, until).toBe(422);
      expect(JSON.stringify(refused.json)).toContain('"field":"until"');
    }
    expect((await post(target, { until: '2012-12-09' })).status).toBe(200);
    expect((await post(target, { until: '2011-12-12', reason: 'stocktaking' })).json).toMatchObject({
      status: 'snoozed',
      snoozed_until: '2011-12-12',
      decided_why: 'stocktaking',
    });
    expect(await draftLines('C')).toEqual([]);
    expect((await get('/suggestions?product_id=C')).data).toEqual([]);
    await plan();
    expect(await only('C', 'snoozed')).toMatchObject({ suggestion_id: c.suggestion_id });
    expect((await get('/suggestions/why?product_id=C&location_id=MAIN')).answer).toBe('snoozed');
    const goOn = (day: string) =>
      api.database.write(
        `INSERT INTO setting (name, value) VALUES ('as_of', :day) ON DUPLICATE KEY UPDATE value = :day`,
        { day },
      );
    try {
      await goOn('2011-12-10');
      await plan();
      expect(await only('C', 'snoozed')).toMatchObject({ suggestion_id: c.suggestion_id });
      // people act on this plan on the twelfth
      await goOn('2011-12-11');
      await plan();
      expect(await only('C')).toMatchObject({ suggestion_id: c.suggestion_id, snoozed_until: null });
      expect(await draftLines('C')).toHaveLength(1);
    } finally {
      await api.database.write(`DELETE FROM setting WHERE name = 'as_of'`);
      await plan();
    }
  });

  it('or dismissed is open again when that is taken back', async () => {
    const c = await only('C');
    const target = (verb: string) => `/suggestions/${c.suggestion_id}/${verb}`;
    expect((await post(target('dismiss'), { reason: 'no' })).json).toMatchObject({
      status: 'dismissed',
      decided_why: 'no',
    });
    expect(await draftLines('C')).toEqual([]);
    expect((await post(target('reopen'))).json).toMatchObject({ status: 'open' });
    expect((await post(target('reopen'))).status).toBe(200);
    expect(await draftLines('C')).toHaveLength(1);
    expect((await post('/suggestions/999999/reopen')).status).toBe(404);
  });
});

describe('ordering at once', () => {
  it('makes a draft of its own, which counts as supply: no plan suggests it again', {
    timeout: 120_000,
  }, async () => {
    const b = await only('B');
    const target = `/suggestions/${b.suggestion_id}/order`;
    expect((await post(target, {}, 'warehouse')).status).toBe(403);
    const ordered = (await post(target, { reason: 'urgent' })).json;
    expect(ordered).toMatchObject({ transfer_id: null, suggestion: { status: 'ordered' } });
    expect((await post(target)).json.suggestion.purchase_order_id).toBe(ordered.suggestion.purchase_order_id);
    expect(await draftLines('B')).toEqual([{ quantity: b.quantity, is_own: true, status: 'draft' }]);
    await plan();
    expect((await get('/suggestions?product_id=B')).data).toEqual([]);
    expect(await draftLines('B')).toHaveLength(1);
    expect((await get('/suggestions/why?product_id=B&location_id=MAIN')).answer).toBe('enough');
    expect((await post(`/suggestions/${b.suggestion_id}/edit`, { quantity: 1, reason: 'r' })).status).toBe(
      409,
    );
  });
});

describe('policies', () => {
  it('of the classes can be read, set and left to the product, and say what is in each', async () => {
    const { data } = await get('/policies');
    expect(data.map((one: { class: string }) => one.class)).toHaveLength(9);
    expect(data.reduce((sum: number, one: { series: number }) => sum + one.series, 0)).toBeGreaterThan(0);
    const policy = { kind: 's-S', target: { kind: 'fill-rate', value: 0.97 }, review_days: 14 };
    expect((await put('/policies/AX', policy, 'viewer')).status).toBe(403);
    expect((await put('/policies/QQ', policy)).status).toBe(422);
    expect((await put('/policies/AX', { ...policy, target: { kind: 'fill-rate', value: 1 } })).status).toBe(
      422,
    );
    const rarest = { ...policy, target: { kind: 'cycle-service', value: 0.996 } };
    for (const target of ['/policies/AX', '/policies/A/MAIN']) {
      const refused = await put(target, rarest);
      expect(refused.status, target).toBe(422);
      expect(JSON.stringify(refused.json)).toMatch(/"field":"target.value","reason":"is above 0.995/);
      const kept = await put(target, { ...rarest, target: { kind: 'cost', value: 3 } });
      expect(kept.status, target).toBe(200);
    }
    await api.ask('DELETE', '/policies/A/MAIN', { as: 'planner' });
    expect((await put('/policies/AX', policy)).json).toMatchObject({ ...policy, is_set: true });
    const back = await api.ask('DELETE', '/policies/AX', { as: 'planner' });
    expect(back.json).toMatchObject({ is_set: false });
    expect(back.json.why).not.toBe('');
  });

  it('of an item win over its class, from their first day to their last', { timeout: 120_000 }, async () => {
    const target = '/policies/PLENTY/MAIN';
    expect((await put('/policies/none/MAIN', { minimum: 1 })).status).toBe(404);
    expect((await put(target, { minimum: 10, maximum: 5 })).status).toBe(422);
    const later = await put(target, { minimum: 900, maximum: 950, starts_on: '2012-01-01' });
    expect(later.json.effective).toMatchObject({ minimum: null });
    const now = await put(target, {
      kind: 'min-max',
      minimum: 600,
      maximum: 700,
      ends_on: '2011-12-31',
      reason: 'opening',
    });
    expect(now.json).toMatchObject({ effective: { kind: 'min-max', minimum: 600, maximum: 700 } });
    expect(now.json.overrides).toHaveLength(2);
    await plan();
    const set = await only('PLENTY');
    expect(set.quantity).toBe(200);
    expect(set.explanation.words).toContain('by override of the item by planner over');
    expect(set.explanation.words).toContain('a minimum of 600 units and a maximum of 700 units are set');
    expect((await put(target, { kind: 'do-not-stock' })).json.effective.kind).toBe('do-not-stock');
    await plan();
    expect((await get('/suggestions?product_id=PLENTY')).data).toEqual([]);
    expect((await get('/suggestions/why?product_id=PLENTY&location_id=MAIN')).answer).toBe('not_stocked');
    for (const day of ['1000-01-01', '2012-01-01'])
      expect((await api.ask('DELETE', `${target}?starts_on=${day}`, { as: 'planner' })).status).toBe(200);
    expect((await api.ask('DELETE', target, { as: 'planner' })).status).toBe(404);
  });
});

describe('calendars', () => {
  it('of a supplier move the order-by date to its order day', { timeout: 120_000 }, async () => {
    expect(await get('/suppliers/S1/calendar')).toEqual({ order_weekdays: [], shutdowns: [] });
    expect((await put('/suppliers/none/calendar', {})).status).toBe(404);
    expect((await put('/suppliers/S1/calendar', { order_weekdays: [8] })).status).toBe(422);
    const calendar = { order_weekdays: [1, 4], shutdowns: [{ from: '2011-12-24', to: '2012-01-02' }] };
    expect((await put('/suppliers/S1/calendar', calendar)).json).toEqual(calendar);
    await plan();
    // the 9th was a Friday, two weeks from Monday lie in the shutdown
    const one = await only('C');
    expect(one.order_by).toBe('2011-12-12');
    expect(one.explanation.expected_date > '2012-01-02').toBe(true);
    await put('/suppliers/S1/calendar', {});
    expect((await put('/locations/MAIN/receiving-calendar', { weekdays: [2] })).json.weekdays).toEqual([2]);
    await plan();
    expect((await only('C')).explanation.expected_date).toBe('2011-12-27');
    await put('/locations/MAIN/receiving-calendar', {});
    await plan();
  });
});

describe('lead times', () => {
  it('are those that are stated until deliveries show others', { timeout: 120_000 }, async () => {
    const { data } = await get('/lead-times?product_id=C');
    expect(data).toMatchObject([
      { supplier_id: 'S1', stated: { mean_days: 14, deviation_days: 2 }, learnt: null },
    ]);
    for (let i = 1; i <= 6; i++) {
      await api.database.write(
        `INSERT INTO purchase_order (purchase_order_id, supplier_id, location_id, status, approved_by, approved_at, ordered_on)
         VALUES (:id, 'S1', 'FAR', 'received', 'ann', '2011-01-01', DATE_ADD('2011-01-01', INTERVAL :days DAY))`,
        { id: 9000 + i, days: 30 * i },
      );
      await api.database.write(
        `INSERT INTO purchase_order_line (purchase_order_id, product_id, quantity, quantity_received, unit_cost)
         VALUES (:id, 'C', 10, 10, 1)`,
        { id: 9000 + i },
      );
      await api.database.write(
        `INSERT INTO purchase_receipt (receipt_id, purchase_order_id, received_at, actor, content_hash)
         VALUES (:name, :id, DATE_ADD('2011-01-01', INTERVAL :days DAY), 'ann', 'x')`,
        { name: `receipt-${i}`, id: 9000 + i, days: 30 * i + 28 },
      );
      await api.database.write(
        `INSERT INTO purchase_receipt_line (receipt_id, product_id, purchase_order_id, quantity)
         VALUES (:name, 'C', :id, 10)`,
        { name: `receipt-${i}`, id: 9000 + i },
      );
    }
    const before = await only('C');
    await plan();
    const [learnt] = (await get('/lead-times?product_id=C&learnt=true')).data;
    expect(learnt.learnt.deliveries).toBe(6);
    expect(learnt.learnt.evidence[0]).toMatchObject({ purchase_order_id: 9006, days: 28 });
    expect(learnt.learnt.mean_days).toBeGreaterThan(18);
    expect(learnt.learnt.mean_days).toBeLessThan(28);
    // other items of the supplier too, less so
    const [other] = (await get('/lead-times?product_id=A')).data;
    expect(other.learnt.mean_days).toBeGreaterThan(14);
    expect(other.learnt.mean_days).toBeLessThan(28);
    expect((await get('/lead-times?product_id=B')).data[0].learnt).toBeNull();
    const after = await only('C');
    expect(after.quantity).toBeGreaterThan(before.quantity);
    const words = after.explanation.numbers.find((one: { name: string }) => one.name === 'leadTimeSource');
    expect(words.value).toBe('learnt');
    // their goods were in no stock
    for (const table of [
      'purchase_receipt_line',
      'purchase_receipt',
      'purchase_order_line',
      'purchase_order',
    ])
      await api.database.write(
        table === 'purchase_receipt_line' || table === 'purchase_receipt'
          ? `DELETE FROM ${table} WHERE receipt_id LIKE 'receipt-%'`
          : `DELETE FROM ${table} WHERE purchase_order_id > 9000`,
      );
  });
});

describe('a transfer that is suggested', () => {
  it('is on its way when it is ordered, and the need is answered', { timeout: 120_000 }, async () => {
    // stock with its movement, so that it can be taken away
    await api.database.write(
      `INSERT INTO inventory_log (product_id, warehouse, date, quantity_change, stock_level, change_type, actor, movement_key)
       VALUES ('T', 'MAIN', '2011-01-01', 900, 900, 'opening', 'test', 'opening T')`,
    );
    const t = await only('T');
    const tooMany = await post(`/suggestions/${t.suggestion_id}/edit`, { quantity: 5_000, reason: 'r' });
    expect(JSON.stringify(tooMany.json)).toContain('MAIN has 900 units');
    const first = await post(`/suggestions/${t.suggestion_id}/order`);
    expect(first.json).toMatchObject({
      transfer_id: `suggestion-${t.suggestion_id}`,
      suggestion: { status: 'ordered' },
    });
    expect((await post(`/suggestions/${t.suggestion_id}/order`)).json.transfer_id).toBe(
      first.json.transfer_id,
    );
    const transfer = await get(`/transfers/${first.json.transfer_id}`);
    expect(transfer).toMatchObject({ status: 'in_transit', from_location: 'MAIN', to_location: 'SHOP' });
    await plan();
    expect((await get('/suggestions?product_id=T')).data).toEqual([]);
  });
});
