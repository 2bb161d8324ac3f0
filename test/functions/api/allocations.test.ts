import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { AllocationDetail, type AllocationLine } from '../../../shared/contracts/api/allocation.ts';
import { jsonColumn } from '../../../shared/data/sql/columns.ts';
import { json } from '../../../shared/data/sql/database.ts';
import { StoredExplanation, storedExplanation } from '../../../shared/data/suggestions/stored-explanation.ts';
import { AS_OF, planThrough, plantItems, year } from '../planning/planning-fixture.ts';
import { type Api, openApi } from './api-fixture.ts';

/** Four wishes of one supplier: packs of 6, a minimum, no price, and a second supplier with another currency. */
let api: Api;
beforeAll(async () => {
  api = await openApi({}, { brokenOnPurpose: ['demand', 'ledger'] });
  await plantItems(api.database, [
    { productId: 'DEAR', supplierId: 'S1', unitCost: '10', demand: year(20), orderMultiple: 6 },
    { productId: 'CHEAP', supplierId: 'S1', unitCost: '1', demand: year(30) },
    { productId: 'PRICELESS', supplierId: 'S1', unitCost: '4', demand: year(10) },
    { productId: 'EURO', supplierId: 'S2', unitCost: '5', demand: year(8), minimumQuantity: 40 },
  ]);
  await api.database.write(
    `UPDATE supplier SET currency = 'EUR', minimum_order = 100 WHERE supplier_id = 'S2'`,
  );
  // most suppliers name the currency of the catalogue
  await api.database.write(
    `INSERT INTO supplier (supplier_id, supplier_name, currency) VALUES ('S3', 'Third', 'GBP')`,
  );
  await api.database.write(
    `UPDATE products
        SET unit_price = CASE product_id WHEN 'DEAR' THEN 12 WHEN 'CHEAP' THEN 3 WHEN 'EURO' THEN 9 END,
            unit_volume = CASE product_id WHEN 'CHEAP' THEN 0.5 WHEN 'DEAR' THEN 0.1 END`,
  );
  await planThrough(api.database);
});
afterAll(() => api.close());

type Body = Readonly<Record<string, unknown>>;
const get = (target: string, as = 'viewer') => api.ask('GET', target, { as });
const post = (body: Body, as = 'buyer', headers: Record<string, string> = {}) =>
  api.ask('POST', '/allocations', { as, body, headers });
const made = async (body: Body): Promise<AllocationDetail> => {
  const { status, json: answer } = await post(body);
  expect([status, answer.detail]).toEqual([201, undefined]);
  return AllocationDetail.parse(answer);
};
const byProduct = ({ lines }: AllocationDetail): Record<string, AllocationLine> =>
  Object.fromEntries(lines.map((line) => [line.product_id, line]));
const standing = async (): Promise<Record<string, [status: string, quantity: number]>> => {
  const rows = await api.database.select(
    z.object({ product_id: z.string(), status: z.string(), quantity: z.int() }),
    'SELECT product_id, status, quantity FROM suggestion ORDER BY product_id',
  );
  return Object.fromEntries(rows.map((row) => [row.product_id, [row.status, row.quantity]]));
};
const drafted = async (): Promise<Record<string, number>> => {
  const rows = await api.database.select(
    z.object({ product_id: z.string(), quantity: z.int() }),
    `SELECT l.product_id, l.quantity
       FROM purchase_order_line l
       JOIN purchase_order p ON p.purchase_order_id = l.purchase_order_id AND p.status = 'draft'`,
  );
  return Object.fromEntries(rows.map((row) => [row.product_id, row.quantity]));
};

describe('by expected gain', () => {
  it('a budget goes where a unit of money gains most; the cut, what it costs, and the price of the budget are told', async () => {
    const all = await made({ limit: { budget: 1_000_000 }, supplier_id: 'S1' });
    expect(all.lines.every((line) => line.basis === 'forecast')).toBe(true);
    // with money for everything, only what would lose money is left out
    for (const line of all.lines)
      expect(line.quantity === line.wanted || Number(line.next_gain) <= 0).toBe(true);
    expect(all.value).toMatchObject({ is_best: true, lost: '0.00', prices: { budget: 0 } });
    const cost = Number(all.used.budget);

    const half = await made({ limit: { budget: (cost / 2).toFixed(2) }, supplier_id: 'S1' });
    const lines = byProduct(half);
    expect(Number(half.used.budget)).toBeLessThanOrEqual(cost / 2);
    expect(Number(half.left.budget)).toBeCloseTo(cost / 2 - Number(half.used.budget), 4);
    // 2 of margin for 1 of cost, against 2 for 10: the cheap one is first and nearly whole, the dear one is cut
    expect(half.lines[0]).toMatchObject({ rank: 1, product_id: 'CHEAP', is_margin_known: true });
    expect(lines.CHEAP!.quantity).toBeGreaterThan(0.9 * byProduct(all).CHEAP!.quantity);
    expect(lines.DEAR!.quantity).toBeLessThan(0.9 * byProduct(all).DEAR!.quantity);
    expect(lines.DEAR!.quantity % 6).toBe(0);
    expect(lines.PRICELESS).toMatchObject({ is_margin_known: false });
    expect(half.lines.map((line) => line.worth)).toEqual(
      half.lines.map((line) => line.worth).sort((a, b) => b! - a!),
    );
    const sum = (of: (line: AllocationLine) => string | null) =>
      half.lines.reduce((total, line) => total + Number(of(line)), 0);
    expect(sum((line) => line.cost)).toBeCloseTo(Number(half.used.budget), 2);
    expect(sum((line) => line.gain)).toBeCloseTo(Number(half.value!.gain), 1);
    expect(sum((line) => line.lost)).toBeCloseTo(Number(half.value!.lost), 1);
    expect(Number(half.value!.unlimited)).toBeCloseTo(Number(all.value!.gain), 2);
    expect(half.value!.prices.budget).toBeGreaterThan(0);
    expect(half.as_of).toBe(AS_OF);

    expect((await get(`/allocations/${half.allocation_id}`)).json).toEqual(half);
    const second = (await get(`/allocations/${half.allocation_id}?skip=1&limit=1`)).json;
    expect(second.lines).toEqual([half.lines[1]]);
    const { lines: _, pagination, ...summary } = half;
    expect((await get('/allocations?limit=1')).json.data).toEqual([summary]);
    expect(pagination.total).toBe(3);
  });

  it('more of the budget never gains less, and the gain is never above the most', async () => {
    let before = -1;
    for (const budget of [0, 30, 60, 200, 450, 451, 900]) {
      const { value } = await made({ limit: { budget }, supplier_id: 'S1' });
      expect(value!.is_best).toBe(true);
      expect(Number(value!.gain)).toBeGreaterThanOrEqual(before);
      before = Number(value!.gain);
    }
  });

  it('a unit short may count for more than its margin: as much as a service level says', async () => {
    const asked = { limit: { budget: 1_000_000 }, supplier_id: 'S1', holding_rate: 5 };
    const plain = byProduct(await made(asked));
    const served = byProduct(await made({ ...asked, service_level: 0.995 }));
    for (const [id, line] of Object.entries(served)) {
      expect(line.quantity).toBeGreaterThanOrEqual(plain[id]!.quantity);
      expect(line.quantity).toBeLessThanOrEqual(line.wanted!);
    }
    // it comes one by one, and its margin pays for less
    expect(served.PRICELESS!.quantity).toBeGreaterThan(plain.PRICELESS!.quantity);
  });

  it('keeps several limits at once, and says what it needs to count them', async () => {
    const limit = { budget: 300, units: 60, volume: 20 };
    const refused = await post({ limit, supplier_id: 'S1' });
    expect(refused.status).toBe(422);
    expect(refused.json.errors).toEqual([{ field: 'PRICELESS', reason: 'has no unit_volume' }]);
    const told = await api.ask('PUT', '/products/PRICELESS', {
      as: 'planner',
      body: { unit_volume: '0.25' },
    });
    expect(told.json).toMatchObject({ unit_volume: 0.25, unit_weight: null });
    const { used, lines } = await made({ limit, supplier_id: 'S1' });
    expect(Number(used.budget)).toBeLessThanOrEqual(300);
    expect(used.units).toBeLessThanOrEqual(60);
    expect(used.volume).toBeLessThanOrEqual(20);
    expect(lines.reduce((sum, line) => sum + line.quantity, 0)).toBe(used.units);
  });

  it('never orders below a minimum, and names orders that are below their supplier’s', async () => {
    const little = await made({ limit: { budget: 199 }, supplier_id: 'S2' });
    expect(little.lines).toMatchObject([{ product_id: 'EURO', quantity: 0 }]);
    const enough = await made({ limit: { budget: 200 }, supplier_id: 'S2' });
    expect(enough.lines).toMatchObject([{ product_id: 'EURO', quantity: 40 }]);
    expect(enough.below_minimum).toEqual([]);
    await api.database.write(`UPDATE supplier SET minimum_order = 500 WHERE supplier_id = 'S2'`);
    const below = await made({ limit: { budget: 200 }, supplier_id: 'S2' });
    expect(below.below_minimum).toEqual([
      { supplier_id: 'S2', location_id: 'MAIN', cost: '200.0000', minimum: '500.0000' },
    ]);
    // 40 of them are 199.996, for which 200.00 is paid
    const setCost = async (cost: number) => {
      await api.database.write(`UPDATE suggestion SET unit_cost = :cost WHERE product_id = 'EURO'`, { cost });
      await api.database.write(`UPDATE supplier_item SET unit_cost = :cost WHERE product_id = 'EURO'`, {
        cost,
      });
    };
    await setCost(4.9999);
    await api.database.write(`UPDATE supplier SET minimum_order = 200 WHERE supplier_id = 'S2'`);
    const paid = await made({ limit: { budget: 200 }, supplier_id: 'S2' });
    expect(paid.lines).toMatchObject([{ product_id: 'EURO', quantity: 40 }]);
    expect(paid.below_minimum).toEqual([]);
    await setCost(5);
    await api.database.write(`UPDATE supplier SET minimum_order = 500 WHERE supplier_id = 'S2'`);
  });
});

describe('several currencies', () => {
  it('are never added up, and a price in one says nothing of a margin in the other', async () => {
    const all = await made({ limit: { units: 2_000_000 } });
    expect(all.by_currency.map(({ currency }) => currency)).toEqual(['EUR', 'GBP']);
    expect([all.used.budget, all.value]).toEqual([null, null]);
    for (const { currency, ...sums } of all.by_currency) {
      const lines = all.lines.filter((line) => line.currency === currency && line.quantity > 0);
      const sum = (of: (line: AllocationLine) => string | null) =>
        lines.reduce((total, line) => total + Number(of(line)), 0);
      expect(sums.lines).toBe(lines.length);
      expect(Number(sums.cost)).toBeCloseTo(
        sum((line) => line.cost),
        2,
      );
      expect(Number(sums.gain)).toBeCloseTo(
        sum((line) => line.gain),
        1,
      );
    }
    const { EURO, DEAR } = byProduct(all);
    expect([EURO!.currency, EURO!.is_margin_known]).toEqual(['EUR', false]);
    expect([DEAR!.currency, DEAR!.is_margin_known]).toEqual(['GBP', true]);
    expect((await get(`/allocations/${all.allocation_id}`)).json).toEqual(all);
  });

  it('nor in what open suggestions cost', async () => {
    const { data } = (await get('/suggestions?status=open&limit=100')).json;
    const of = (isEuro: boolean): { cost: string }[] =>
      data.filter((one: { supplier_id: string }) => (one.supplier_id === 'S2') === isEuro);
    const cost = (isEuro: boolean) =>
      of(isEuro)
        .reduce((total, one) => total + Number(one.cost), 0)
        .toFixed(2);
    expect((await get('/analytics/dashboard/summary')).json).toMatchObject({
      open_suggestions: data.length,
      suggested_cost: cost(false),
      suggested_currency: 'GBP',
      suggested_elsewhere: [{ currency: 'EUR', suggestions: of(true).length, cost: cost(true) }],
    });
  });

  it('are divided one by one: a budget is of the one that is named', async () => {
    const { status, json: refusal } = await post({ limit: { budget: 500 } });
    expect([status, refusal.errors]).toEqual([
      422,
      [{ field: 'currency', reason: 'must be one of EUR, GBP, or supplier_id one supplier' }],
    ]);
    const pounds = await made({ limit: { budget: 500 }, currency: 'GBP' });
    expect(pounds.lines.map((line) => line.currency)).toEqual(['GBP', 'GBP', 'GBP']);
    expect(pounds.by_currency).toMatchObject([{ currency: 'GBP', cost: pounds.used.budget }]);
    expect(pounds.value).not.toBeNull();
    expect((await made({ limit: { budget: 500 }, currency: 'EUR' })).lines).toMatchObject([
      { product_id: 'EURO', currency: 'EUR' },
    ]);
    const shares = { of: 'products', strategy: 'fair', limit: { units: 100 } };
    expect(byProduct(await made({ ...shares, currency: 'EUR' }))).toMatchObject({ EURO: { quantity: 100 } });
  });
});

describe('applied', () => {
  it('an allocation edits what got less and puts off what got nothing, in the drafts and the log too, once', async () => {
    const before = await standing();
    const asked = { limit: { units: before.CHEAP![1] }, supplier_id: 'S1' };
    const proposed = await made(asked);
    expect(await standing()).toEqual(before);
    const target = `/allocations/${proposed.allocation_id}/apply`;
    expect((await api.ask('POST', target, { as: 'viewer' })).status).toBe(403);
    const applied = AllocationDetail.parse((await api.ask('POST', target, { as: 'planner' })).json);
    expect(applied).toMatchObject({ status: 'applied', applied_by: 'planner' });
    const after = await standing();
    for (const line of applied.lines) {
      const [status, quantity] = after[line.product_id]!;
      if (line.quantity === 0) expect([status, line.applied]).toEqual(['snoozed', 'postponed']);
      else {
        expect([status, quantity]).toEqual(['open', line.quantity]);
        expect(line.applied).toBe(line.quantity === before[line.product_id]![1] ? 'unchanged' : 'edited');
      }
    }
    expect(applied.lines.some((line) => line.applied !== 'unchanged')).toBe(true);
    expect(after.EURO).toEqual(before.EURO);
    const open = Object.entries(after).filter(([, [status]]) => status === 'open');
    expect(await drafted()).toEqual(Object.fromEntries(open.map(([id, [, quantity]]) => [id, quantity])));
    const changes = (await get('/audit-log?subject=suggestion', 'admin')).json.data;
    const changed = applied.lines.filter((line) => line.applied === 'edited' || line.applied === 'postponed');
    expect(changes).toHaveLength(changed.length);
    expect(changes[0]).toMatchObject({ actor: 'planner', reason: `allocation ${proposed.allocation_id}` });

    expect(AllocationDetail.parse((await api.ask('POST', target, { as: 'buyer' })).json)).toEqual(applied);
    expect(await standing()).toEqual(after);
  });

  it('the next allocation starts from what the planner wanted, and gives it back when there is enough', async () => {
    const all = await made({
      strategy: 'fair',
      limit: { budget: 1_000_000 },
      supplier_id: 'S1',
      apply: true,
    });
    expect(all.status).toBe('applied');
    for (const line of all.lines) expect(line.quantity).toBe(line.wanted);
    const after = await standing();
    for (const line of all.lines) expect(after[line.product_id]).toEqual(['open', line.wanted]);
    expect(Object.keys(await drafted()).sort()).toEqual(['CHEAP', 'DEAR', 'EURO', 'PRICELESS']);
  });

  it('what somebody has decided meanwhile stays', async () => {
    const proposed = await made({ limit: { units: 6 }, supplier_id: 'S1' });
    const dear = byProduct(proposed).DEAR!;
    await api.ask('POST', `/suggestions/${dear.suggestion_id}/dismiss`, { as: 'buyer' });
    const applied = (await api.ask('POST', `/allocations/${proposed.allocation_id}/apply`, { as: 'buyer' }))
      .json;
    expect(byProduct(applied).DEAR!.applied).toBe('skipped');
    expect((await standing()).DEAR![0]).toBe('dismissed');
  });

  const rowOf = async (product: string) => {
    const [row] = await api.database.select(
      z.object({
        suggestion_id: z.int(),
        quantity: z.int(),
        top_up: z.int(),
        need_quantity: z.int(),
        status: z.string(),
        by_allocation: z.string().nullable(),
      }),
      `SELECT suggestion_id, quantity, top_up, need_quantity, status, decided_by_allocation AS by_allocation
         FROM suggestion
        WHERE product_id = :product
        ORDER BY suggestion_id DESC
        LIMIT 1`,
      { product },
    );
    return row!;
  };
  let plans = 0;
  const planAgain = () => planThrough(api.database, `plan-${++plans}`);

  it('a suggestion that was raised to its supplier’s minimum keeps the quantity of an allocation through the next plans', {
    timeout: 120_000,
  }, async () => {
    const needed = (await rowOf('EURO')).need_quantity;
    const setMinimum = (amount: number) =>
      api.database.write(`UPDATE supplier SET minimum_order = :amount WHERE supplier_id = 'S2'`, { amount });
    await setMinimum(5 * needed + 10);
    await planAgain();
    expect(await rowOf('EURO')).toMatchObject({ quantity: needed + 2, top_up: 2 });
    const cut = { strategy: 'fair', supplier_id: 'S2', apply: true };
    await made({ ...cut, limit: { units: needed + 1 } });
    const edited = { quantity: needed + 1, top_up: 0, need_quantity: needed, status: 'open' };
    expect(await rowOf('EURO')).toMatchObject(edited);
    await planAgain();
    expect(await rowOf('EURO')).toMatchObject(edited);
    // the planner's own quantity is no edit: the next plan may raise it again, and what it raised is wanted
    await made({ ...cut, limit: { units: needed } });
    expect(await rowOf('EURO')).toMatchObject({ quantity: needed, top_up: 0 });
    await planAgain();
    expect(await rowOf('EURO')).toMatchObject({ quantity: needed + 2, top_up: 2 });
    const all = await made({ ...cut, limit: { units: 10_000 } });
    expect(all.lines).toMatchObject([{ quantity: needed + 2, applied: 'unchanged' }]);
    await setMinimum(0);
    await planAgain();
    expect(await rowOf('EURO')).toMatchObject({ quantity: needed, top_up: 0 });
  });

  it('only what an allocation put off is divided again: a person’s words are no sign of one', async () => {
    const { suggestion_id, need_quantity } = await rowOf('EURO');
    const snooze = { until: '2011-12-20', reason: 'allocation of shelves is under way' };
    const decide = (verb: string, body: Body = {}) =>
      api.ask('POST', `/suggestions/${suggestion_id}/${verb}`, { as: 'buyer', body });
    const asked = { strategy: 'fair', supplier_id: 'S2', limit: { units: 10_000 } };
    expect((await decide('snooze', snooze)).status).toBe(200);
    expect((await made(asked)).lines).toEqual([]);
    await decide('reopen');
    const none = await made({ ...asked, limit: { units: 0 }, apply: true });
    expect(await rowOf('EURO')).toMatchObject({ status: 'snoozed', by_allocation: none.allocation_id });
    expect((await made(asked)).lines).toMatchObject([{ quantity: need_quantity }]);
    await decide('snooze', { until: '2011-12-21' });
    expect((await rowOf('EURO')).by_allocation).toBeNull();
    expect((await made(asked)).lines).toEqual([]);
    await decide('reopen');
  });

  it('gains count from the position that the planner had: goods that will expire are not there', async () => {
    const asked = { limit: { units: 10_000 }, supplier_id: 'S2' };
    const before = (await made(asked)).lines[0]!;
    // as if 15 units of the stock expired unsold: the plan says so, the stock does not
    const ours = "product_id = 'EURO' AND status = 'open'";
    const [row] = await api.database.select(
      z.object({ explanation: jsonColumn(StoredExplanation) }),
      `SELECT explanation FROM suggestion WHERE ${ours}`,
    );
    const numbers = row!.explanation.numbers.map((one) =>
      one.name === 'position' ? { ...one, value: -15 } : one,
    );
    await api.database.write(`UPDATE suggestion SET explanation = :explanation WHERE ${ours}`, {
      explanation: storedExplanation({ ...row!.explanation, numbers }),
    });
    const after = (await made(asked)).lines[0]!;
    expect(Number(after.gain)).toBeGreaterThan(Number(before.gain));
    await planAgain();
  }, 60_000);

  it('the same Idempotency-Key divides once', async () => {
    const headers = { 'idempotency-key': 'divide-1' };
    const body = { limit: { units: 50 }, supplier_id: 'S1', apply: true };
    const first = await post(body, 'buyer', headers);
    const count = (await get('/allocations')).json.pagination.total;
    expect((await post(body, 'buyer', headers)).json).toEqual(first.json);
    expect((await get('/allocations')).json.pagination.total).toBe(count);
    expect((await post({ ...body, limit: { units: 51 } }, 'buyer', headers)).status).toBe(422);
  });
});

describe('in proportion', () => {
  const LOG = [
    // product, stock now, sold
    ['P1', 20, 80],
    ['P2', 50, 50],
    ['P3', 5, 15],
    ['P4', 90, 10],
    ['P5', 0, 45],
    ['P6', 0, 0],
  ] as const;
  const rows = (
    movements: readonly (readonly [product: string, units: number, key: string, day: string])[],
  ) =>
    api.database.write(
      `INSERT INTO inventory_log (product_id, warehouse, date, quantity_change, stock_level, change_type, actor, movement_key)
       SELECT j.product_id, 'MAIN', j.day, j.units, 0, 'sale', 'test', j.movement_key
         FROM JSON_TABLE(:rows, '$[*]' COLUMNS (
                product_id VARCHAR(64) PATH '$[0]', units INT PATH '$[1]', movement_key VARCHAR(64) PATH '$[2]',
                day DATE PATH '$[3]')) AS j`,
      { rows: json(movements) },
    );

  it('the worked restock of six products comes out to the unit, at 100, 80 and 120 % of what was sold', async () => {
    await plantItems(
      api.database,
      LOG.map(([productId, onHand]) => ({ productId, onHand, supplierId: null, demand: [] })),
    );
    await api.database.write(`UPDATE products SET category = 'six' WHERE product_id LIKE 'P_'`);
    await rows([['P1', -500, 'long ago', '2011-01-01']]);
    await rows(
      LOG.filter(([, , sold]) => sold > 0).map(([id, , sold]) => [id, -sold, `sale ${id}`, '2011-12-01']),
    );
    const units = async (body: Body) => {
      const answer = await made({ of: 'products', category: 'six', strategy: 'average', ...body });
      const lines = byProduct(answer);
      return [...LOG.map(([id]) => lines[id]!.quantity), answer.used.units];
    };
    expect(await units({ restock: { uniform: 1 } })).toEqual([55, 34, 26, 7, 45, 33, 200]);
    expect(await units({ restock: { uniform: 0.8 } })).toEqual([44, 27, 21, 5, 36, 27, 160]);
    expect(await units({ restock: { uniform: 1.2 } })).toEqual([66, 41, 31, 8, 54, 40, 240]);
    // the newest five rows are those sales; a sixth reaches back to the large one
    expect(await units({ restock: { uniform: 1 }, trend_rows: 5 })).toEqual([55, 34, 26, 7, 45, 33, 200]);
    expect((await units({ restock: { uniform: 1 }, trend_rows: 6 })).at(-1)).toBe(700);
    const drawn = (await units({ restock: { seed: 5 } })).at(-1)!;
    expect(drawn).toBeGreaterThanOrEqual(160);
    expect(drawn).toBeLessThanOrEqual(240);
    expect((await units({ restock: { seed: 5 } })).at(-1)).toBe(drawn);
  });

  it('suggestions take their part by what was sold, in their packs, and never more than they want', async () => {
    const { lines, used, value, sold } = await made({
      strategy: 'fair',
      limit: { units: 40 },
      supplier_id: 'S1',
      location_id: 'MAIN',
    });
    expect(value).toBeNull();
    expect(sold).toBe(0);
    expect(used.units).toBe(40);
    for (const line of lines) expect(line.quantity).toBeLessThanOrEqual(line.wanted!);
    expect(lines.every((line) => line.gain === null && line.basis === null)).toBe(true);
  });
});

describe('refused with the reason', () => {
  it('is what cannot be divided', async () => {
    const refusal = async (body: Body) => {
      const { status, json: answer } = await post(body);
      return [status, JSON.stringify(answer.errors ?? answer.detail)];
    };
    const said = (text: string) => [422, expect.stringContaining(text)];
    expect(await refusal({})).toEqual(said('names none of budget, units, volume, weight'));
    expect(await refusal({ limit: { units: -1 } })).toEqual(said('units'));
    expect(await refusal({ limit: { units: 1.5 } })).toEqual(said('units'));
    expect(await refusal({ limit: { budget: 100 } })).toEqual(said('must be one of EUR, GBP'));
    const restock = { of: 'products', strategy: 'fair' };
    expect(await refusal({ ...restock, restock: { uniform: 1, lower: 0.9 } })).toEqual(
      said('exclude each other'),
    );
    expect(await refusal({ ...restock, restock: { lower: 1.3 } })).toEqual(said('lower is above upper'));
    expect(await refusal({ ...restock, restock: {}, limit: { units: 5 } })).toEqual(
      said('exclude each other'),
    );
    expect(await refusal({ of: 'products', limit: { units: 5 } })).toEqual(said('value is for suggestions'));
    expect(await refusal({ ...restock, limit: { units: 5 }, apply: true })).toEqual(
      said('is for suggestions'),
    );
    expect(await refusal({ limit: { units: 5 }, trend_days: 3, trend_rows: 3 })).toEqual(
      said('exclude each other'),
    );
    expect((await refusal({ limit: { units: 5 }, location_id: 'nowhere' }))[0]).toBe(404);
    expect((await post({ limit: { units: 5 } }, 'viewer')).status).toBe(403);
    expect((await get('/allocations/none')).status).toBe(404);
    const ofProducts = await made({ ...restock, limit: { units: 5 }, category: 'six' });
    expect(
      (await api.ask('POST', `/allocations/${ofProducts.allocation_id}/apply`, { as: 'buyer' })).status,
    ).toBe(422);
  });

  it('is more than can be divided by value within a request, with what would make it fewer', async () => {
    const many = json(Array.from({ length: 5_001 }, (_, i) => `MANY${i}`));
    const rowsOf = `JSON_TABLE(:many, '$[*]' COLUMNS (id VARCHAR(64) PATH '$')) AS j`;
    await api.database.write(
      `INSERT INTO products (product_id, product_name, category) SELECT j.id, j.id, 'many' FROM ${rowsOf}`,
      { many },
    );
    await api.database.write(
      `INSERT INTO suggestion (run_id, product_id, location_id, kind, supplier_id, status, quantity, unit_cost, order_by,
                               explanation)
       SELECT r.run_id, j.id, 'MAIN', 'purchase', 'S1', 'open', 1, 1, '2011-12-09', '{"numbers":[]}'
         FROM ${rowsOf}
         JOIN (SELECT MAX(run_id) AS run_id FROM suggestion) AS r`,
      { many },
    );
    const body = { limit: { units: 7 }, category: 'many' };
    const refused = await post(body);
    expect([refused.status, refused.json.detail]).toEqual([
      422,
      'More than 5000 items are too many to divide at once',
    ]);
    expect(refused.json.errors.map((error: { field: string }) => error.field)).toEqual([
      'supplier_id',
      'strategy',
    ]);
    expect((await made({ ...body, strategy: 'fair' })).used.units).toBe(7);
  }, 60_000);

  it('is nothing when there is nothing: an allocation without lines', async () => {
    const empty = await made({ limit: { units: 5 }, category: 'no such' });
    expect(empty).toMatchObject({ lines: [], used: { units: 0, budget: '0.0000' }, left: { units: 5 } });
  });
});
