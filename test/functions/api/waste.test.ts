import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addDays } from '../../../shared/core/calendar/add-days.ts';
import { seededRandom } from '../../../shared/core/math/random.ts';
import { recordMovements } from '../../../shared/data/ledger/ledger-store.ts';
import { json } from '../../../shared/data/sql/database.ts';
import { recordLots } from '../../../shared/data/waste/lot-store.ts';
import { type Api, openApi } from './api-fixture.ts';

const AS_OF = '2011-12-09';
let api: Api;
const get = async (target: string) => {
  const answer = await api.ask('GET', target, { as: 'viewer' });
  expect([target, answer.status]).toEqual([target, 200]);
  return answer.json;
};
const ago = (days: number) => addDays(AS_OF, -days);

interface Item {
  readonly id: string;
  readonly category: string;
  readonly units: number;
  readonly stockedDaysAgo: number;
  readonly sales?: readonly { readonly daysAgo: number; readonly units: number; readonly price: number }[];
  readonly lot?: { readonly code: string; readonly expiry: string };
  readonly cost?: string;
}

async function stock(items: readonly Item[]): Promise<void> {
  for (const { id, category, cost } of items)
    await api.database.write(
      `INSERT INTO products (product_id, product_name, category, unit_price, cost)
       VALUES (:id, :id, :category, 10, :cost)`,
      { id, category, cost: cost ?? '4.00' },
    );
  await api.database.transaction(async (tx) => {
    const facts = items.map((item) => ({
      key: `opening:${item.id}`,
      productId: item.id,
      locationId: 'MAIN',
      date: `${ago(item.stockedDaysAgo)} 08:00:00.000`,
      quantityChange: item.units,
      type: 'opening' as const,
      reason: null,
      referenceId: null,
    }));
    await recordMovements(tx, facts, { actor: 'test' });
    await recordLots(
      tx,
      items.flatMap(({ id, lot }) =>
        lot ? [{ movementKey: `opening:${id}`, lotCode: lot.code, expiryDate: lot.expiry }] : [],
      ),
      'test',
    );
  });
  const sales = items.flatMap(({ id, sales: some = [] }) =>
    some.map((sale) => [id, ago(sale.daysAgo), sale.units, sale.units * sale.price]),
  );
  await api.database.write(
    `INSERT INTO demand (product_id, location_id, date, quantity, sale_lines, revenue)
     SELECT j.id, 'MAIN', j.day, j.units, 1, j.revenue
       FROM JSON_TABLE(:rows, '$[*]' COLUMNS (
              id VARCHAR(64) PATH '$[0]', day DATE PATH '$[1]', units INT PATH '$[2]',
              revenue DECIMAL(20, 4) PATH '$[3]')) AS j`,
    { rows: json(sales) },
  );
}

/** Sales on every nth day up to the day so long ago. */
const regular = (every: number, from: number, to: number, units = 1, price = 10) =>
  Array.from({ length: Math.floor((from - to) / every) + 1 }, (_, i) => ({
    daysAgo: from - i * every,
    units,
    price,
  }));

/** A product whose price varies by the week and whose demand answers with elasticity -2.5. */
function elastic(seed: number) {
  const random = seededRandom(seed);
  return Array.from({ length: 100 }, (_, week) => {
    const price = 10 * (0.7 + 0.6 * random.uniform());
    const units = Math.round(30 * (price / 10) ** -2.5 * (0.9 + 0.2 * random.uniform()));
    return { daysAgo: week * 7 + 1, units, price };
  });
}

beforeAll(async () => {
  // sales without their orders: what is read here is the daily demand
  api = await openApi({}, { brokenOnPurpose: ['demand'] });
  await api.database.write(`INSERT INTO setting (name, value) VALUES ('as_of', '${AS_OF}')`);
  const gadgets = Array.from(
    { length: 30 },
    (_, i): Item => ({
      id: `gadget-${i}`,
      category: 'gadgets',
      units: 2,
      stockedDaysAgo: 1000,
      sales: regular(165, 900 + i, 10 + i),
    }),
  );
  const pens = Array.from(
    { length: 6 },
    (_, i): Item => ({
      id: `pen-${i}`,
      category: 'pens',
      units: 60,
      stockedDaysAgo: 700,
      sales: elastic(i + 1),
    }),
  );
  // most were never sold, and those that were lay there for long before
  const books = Array.from(
    { length: 60 },
    (_, i): Item => ({
      id: `book-${i}`,
      category: 'books',
      units: 1,
      stockedDaysAgo: 900,
      sales: i < 15 ? regular(20, 250 + i, 150) : [],
    }),
  );
  await stock([
    ...gadgets,
    ...books,
    ...pens,
    // sold every 5 days for two years, then not for 300 days
    { id: 'gone', category: 'gadgets', units: 50, stockedDaysAgo: 1000, sales: regular(5, 1000, 300) },
    // sells every 165 days: 120 days of silence are nothing
    { id: 'rare', category: 'gadgets', units: 5, stockedDaysAgo: 1000, sales: regular(165, 945, 120) },
    { id: 'never', category: 'gadgets', units: 7, stockedDaysAgo: 1000 },
    // sold in the coming weeks a year ago, and only then
    { id: 'xmas', category: 'gadgets', units: 9, stockedDaysAgo: 1000, sales: regular(2, 360, 330) },
    {
      id: 'pen-much',
      category: 'pens',
      units: 20_000,
      stockedDaysAgo: 400,
      sales: elastic(50),
      cost: '2.00',
    },
    {
      id: 'yoghurt',
      category: 'food',
      units: 100,
      stockedDaysAgo: 3,
      sales: regular(1, 91, 1, 2),
      lot: { code: 'Y', expiry: addDays(AS_OF, 10) },
    },
    {
      id: 'cheese',
      category: 'food',
      units: 8,
      stockedDaysAgo: 30,
      sales: regular(1, 91, 1),
      lot: { code: 'C', expiry: ago(2) },
    },
    { id: 'costless', category: 'gadgets', units: 3, stockedDaysAgo: 20, sales: regular(3, 19, 1) },
  ]);
  await api.database.write(`UPDATE products SET cost = NULL WHERE product_id = 'costless'`);
});
afterAll(() => api.close());

const byId = (rows: readonly { product_id: string }[], id: string) =>
  rows.find(({ product_id }) => product_id === id) as never as Record<string, never> | undefined;

describe('dead stock', () => {
  it('is told by the silence that an item’s own rate makes usual, with the most money first', async () => {
    const list = await get('/waste/dead');
    expect(list).toMatchObject({ as_of: AS_OF, rule: 'relative', probability: 0.95, threshold_days: null });
    expect(byId(list.data, 'gone')).toMatchObject({
      on_hand: 50,
      value: '200.00',
      last_sale_date: ago(300),
      days_since_sale: 300,
      verdict: 'dead',
      recommended_action: 'clear',
    });
    expect(byId(list.data, 'gone')!.words).toMatch(/No sale for 300 days.*It is dead with a probability/);
    expect(byId(list.data, 'rare')).toBeUndefined();
    const values = list.data.map((row: { value: string }) => Number(row.value));
    expect(values).toEqual([...values].sort((a, b) => b - a));
  });

  it('by fixed days names most of what sells rarely, as the original does', async () => {
    const fixed = await get('/waste/dead?rule=fixed&threshold_days=90&limit=500');
    expect(byId(fixed.data, 'rare')).toMatchObject({ verdict: 'wanted', recommended_action: 'watch' });
    expect(byId(fixed.data, 'never')).toMatchObject({ last_sale_date: null, days_since_sale: 1000 });
    const old = await get('/analytics/inventory/dead-stock?threshold_days=90');
    expect(old.count).toBe(fixed.pagination.total);
    expect(old.total_value).toBe(fixed.totals.value);
    expect(byId(old.dead_stock_products, 'gone')).toMatchObject({
      current_stock: 50,
      stock_value: '200.00',
      unit_price: '10.00',
      recommended_action: 'Clear at 50 % off',
    });
    expect(
      (await api.ask('GET', '/analytics/inventory/dead-stock?threshold_days=29', { as: 'viewer' })).status,
    ).toBe(422);
    expect((await api.ask('GET', '/waste/dead')).status).toBe(401);
  });

  it('says the same of an item whatever else is looked at', async () => {
    const whole = (await get('/analytics/inventory/dead-stock?threshold_days=30')).dead_stock_products;
    for (const [id, category] of [
      ['gone', 'gadgets'],
      ['never', 'gadgets'],
      ['book-3', 'books'],
      ['book-50', 'books'],
    ] as const) {
      const { probability_dead } = byId(whole, id)!;
      for (const filter of ['', `product_id=${id}`, 'location_id=MAIN', `category=${category}`]) {
        const list = await get(`/waste/dead?rule=fixed&threshold_days=30&limit=500&${filter}`);
        expect([id, filter, byId(list.data, id)!.probability_dead]).toEqual([id, filter, probability_dead]);
      }
    }
  });

  it('waits for a season that is coming', async () => {
    const all = await get('/waste/dead?rule=fixed&threshold_days=30&limit=500');
    expect(byId(all.data, 'xmas')).toMatchObject({
      verdict: 'seasonal',
      recommended_action: 'keep_for_season',
    });
    expect(byId((await get('/waste/dead')).data, 'xmas')).toBeUndefined();
  });

  it('pages, and sums the whole list on every page', async () => {
    const whole = await get('/waste/dead?rule=fixed&limit=500');
    const pages = await Promise.all(
      [0, 10, 20, 30].map((skip) => get(`/waste/dead?rule=fixed&limit=10&skip=${skip}`)),
    );
    expect(pages.flatMap(({ data }) => data)).toEqual(whole.data.slice(0, 40));
    for (const page of pages) expect(page.totals).toEqual(whole.totals);
  });
});

describe('slow stock, excess and expiry', () => {
  it('lists what sells less than a tenth of a unit a day, or than a share of its category', async () => {
    const slow = await get('/waste/slow?limit=500');
    expect(byId(slow.data, 'rare')).toMatchObject({ velocity: 0, days_of_stock: null });
    expect(byId(slow.data, 'gone')).toBeUndefined();
    expect(byId(slow.data, 'pen-0')).toBeUndefined();
    const relative = await get('/waste/slow?rule=relative&category=pens&threshold=1.01&limit=500');
    expect(relative.data.length).toBeGreaterThan(0);
    for (const row of relative.data) expect(row.velocity).toBeLessThan(1.01 * row.category_velocity);
  });

  it('finds excess above what the days of cover may ask for', async () => {
    const excess = await get('/waste/excess?limit=500');
    const much = byId(excess.data, 'pen-much') as never as Record<string, number>;
    expect(much).toMatchObject({ position: 20_000, demand_source: 'recent_sales', cover_days: 91 });
    expect(much.excess_units).toBe(20_000 - much.order_up_to!);
    expect(byId(excess.data, 'pen-0')).toBeUndefined();
    const wide = await get('/waste/excess?limit=500&cover_days=365');
    expect((byId(wide.data, 'pen-much') as never as Record<string, number>).excess_units).toBeLessThan(
      much.excess_units!,
    );
  });

  it('tells what of a lot will be left on its last day, and what is past it', async () => {
    const list = await get('/waste/expiring');
    // two a day for ten days of a hundred
    expect(byId(list.data, 'yoghurt')).toMatchObject({
      lot_code: 'Y',
      days_left: 10,
      lot_units: 100,
      units_at_risk: 80,
      value: '320.00',
      is_expired: false,
    });
    expect(byId(list.data, 'cheese')).toMatchObject({ is_expired: true, units_at_risk: 8, days_left: -2 });
    expect((await get('/waste/expiring?within_days=5')).data).toHaveLength(1);
  });

  it('ages stock by its arrivals; the buckets of every row and of the whole sum to what is on hand', async () => {
    for (const by of ['item', 'category', 'location']) {
      const list = await get(`/waste/ageing?by=${by}&limit=500`);
      for (const row of [...list.data, { ...list, on_hand: list.totals.units, value: list.totals.value }]) {
        const units = row.buckets.reduce(
          (sum: number, one: { units: number }) => sum + one.units,
          row.unknown_units,
        );
        const value = row.buckets.reduce(
          (sum: number, one: { value: string }) => sum + Number(one.value),
          Number(row.unknown_value),
        );
        expect(units).toBe(row.on_hand);
        expect(value).toBeCloseTo(Number(row.value), 4);
      }
    }
    const items = await get('/waste/ageing?limit=500');
    const ages = (id: string) =>
      (byId(items.data, id) as never as { buckets: { units: number }[] }).buckets.map(({ units }) => units);
    expect(ages('yoghurt')).toEqual([100, 0, 0, 0, 0, 0]);
    expect(ages('never')).toEqual([0, 0, 0, 0, 0, 7]);
  });

  it('sums up: each unit once, the kinds are the whole', async () => {
    const summary = await get('/waste/summary');
    const sum = (of: 'units' | 'value') =>
      summary.kinds.reduce((all: number, kind: Record<string, string>) => all + Number(kind[of]), 0);
    expect(sum('units')).toBe(summary.total.units);
    expect(sum('value')).toBeCloseTo(Number(summary.total.value), 4);
    expect(summary.units_without_cost).toBe(3);
    const kind = (name: string) => summary.kinds.find((one: { kind: string }) => one.kind === name);
    expect(kind('expired')).toMatchObject({ positions: 1, units: 8, value: '32.00' });
    expect(kind('expiring')).toMatchObject({ units: 80, value: '320.00' });
    const ageing = await get('/waste/ageing');
    expect(ageing.totals).toMatchObject({ units: summary.total.units, value: summary.total.value });
    expect(summary.losses).toMatchObject({ expired_units: 0, markdown_loss: '0.00' });
  });
});

describe('prices', () => {
  it('clear what is excess by steps that recover more than keeping it, where prices tell', async () => {
    const list = await get('/waste/clearance');
    const much = byId(list.data, 'pen-much') as never as {
      elasticity: { value: number };
      ladder: { price: string; from: string; to: string }[];
      floor_price: string;
      expected_recovered: string;
      recovered_by_keeping: string;
      gain: string;
    };
    expect(much.elasticity.value).toBeCloseTo(-2.5, 0);
    expect(much.ladder).toHaveLength(3);
    expect(much.ladder[0]!.from).toBe(addDays(AS_OF, 1));
    expect(much.ladder[2]!.to).toBe(addDays(AS_OF, 90));
    for (const { price } of much.ladder)
      expect(Number(price)).toBeGreaterThanOrEqual(Number(much.floor_price));
    expect(Number(much.gain)).toBeGreaterThan(0);
    expect(Number(much.expected_recovered) - Number(much.recovered_by_keeping)).toBeCloseTo(
      Number(much.gain),
      1,
    );
    expect(Number(much.expected_recovered)).toBeLessThanOrEqual(20_000 * 10);
  });

  it('say unknown, and what would have to happen, where no price ever changed', async () => {
    const gone = byId((await get('/waste/clearance?category=gadgets')).data, 'gone') as never as Record<
      string,
      unknown
    >;
    expect(gone).toMatchObject({
      reason: 'dead',
      elasticity: null,
      ladder: [],
      expected_recovered: null,
      gain: null,
    });
    expect(gone.words).toContain('unknown');
    expect(gone.legacy).toMatchObject({ discount_percent: 50, price: '5.00', expected_recovered: null });
    const promotions = await get('/waste/promotions?category=gadgets');
    expect(promotions.data.length).toBeGreaterThan(0);
    for (const row of promotions.data)
      expect(row).toMatchObject({ expected_uplift: 'unknown', promotion: null });
  });

  it('clear what will expire by its day, and leave alone what is worth less than asked', async () => {
    const list = await get('/waste/clearance?category=food');
    expect(list.data).toMatchObject([
      { product_id: 'yoghurt', reason: 'expiring', until: addDays(AS_OF, 10) },
    ]);
    expect((await get('/waste/clearance?category=food&min_value=1000')).data).toEqual([]);
  });

  it('clear lots one after the other, none of them after its last day', async () => {
    await stock([
      {
        id: 'ink',
        category: 'pens',
        units: 800,
        stockedDaysAgo: 3,
        sales: elastic(60),
        cost: '2.00',
        lot: { code: 'SOON', expiry: addDays(AS_OF, 5) },
      },
    ]);
    await api.database.transaction(async (tx) => {
      const place = { productId: 'ink', locationId: 'MAIN', date: `${ago(2)} 08:00:00.000` };
      const rest = { quantityChange: 600, type: 'receipt' as const, reason: null, referenceId: null };
      await recordMovements(tx, [{ key: 'ink:late', ...place, ...rest }], { actor: 'test' });
      await recordLots(
        tx,
        [{ movementKey: 'ink:late', lotCode: 'LATE', expiryDate: addDays(AS_OF, 81) }],
        'test',
      );
    });
    const list = await get('/waste/clearance?product_id=ink');
    const [soon, late] = list.data;
    expect(list.data).toHaveLength(2);
    expect(soon).toMatchObject({ reason: 'expiring', units: 800, until: addDays(AS_OF, 5) });
    expect(late).toMatchObject({ reason: 'expiring', units: 600, until: addDays(AS_OF, 81) });
    expect([soon.ladder[0].from, soon.ladder.at(-1).to]).toEqual([addDays(AS_OF, 1), addDays(AS_OF, 5)]);
    expect([late.ladder[0].from, late.ladder.at(-1).to]).toEqual([addDays(AS_OF, 6), addDays(AS_OF, 81)]);
    const sold = (row: { ladder: { expected_units: number }[] }) =>
      row.ladder.reduce((sum, step) => sum + step.expected_units, 0);
    // demand grows tenfold at most
    expect(sold(soon)).toBeLessThanOrEqual(10 * 5 * soon.expected_per_day);
    expect(sold(late)).toBeLessThanOrEqual(600);
    expect(soon.ladder[0].discount_percent).toBeGreaterThan(late.ladder[0].discount_percent);
    const lost = (await get('/waste/expiring?product_id=ink')).totals.units;
    const told = list.data.map(({ words }: { words: string }) => Number(words.split(' ')[0]));
    expect(told[0] + told[1]).toBe(lost);
  });

  it('suggest one within guard rails, and none where nothing tells', async () => {
    const before = await get('/products/pen-much');
    const advice = await get('/products/pen-much/price-suggestion');
    expect(advice.kind).not.toBe('unknown');
    expect(Number(advice.suggested_price)).toBeGreaterThanOrEqual(9);
    expect(Number(advice.suggested_price)).toBeLessThanOrEqual(11);
    expect(await get('/products/pen-much')).toEqual(before);
    expect(await get('/products/gone/price-suggestion')).toMatchObject({
      kind: 'unknown',
      suggested_price: null,
      words: expect.stringContaining('what its price does to demand'),
    });
    expect((await api.ask('GET', '/products/nobody/price-suggestion', { as: 'viewer' })).status).toBe(404);
  });

  it('answer emptily before there are data', async () => {
    const empty = await openApi();
    for (const path of ['dead', 'slow', 'excess', 'expiring', 'ageing', 'clearance', 'promotions']) {
      const answer = await empty.ask('GET', `/waste/${path}`, { as: 'viewer' });
      expect(answer.json).toMatchObject({ as_of: null, data: [], totals: { items: 0, value: '0.00' } });
    }
    expect((await empty.ask('GET', '/waste/summary', { as: 'viewer' })).status).toBe(200);
    await empty.close();
  });
});

it('finds an elasticity again in what was sold, and only then promises an uplift', async () => {
  const promotions = await get('/waste/promotions?category=pens');
  expect(promotions.data[0]).toMatchObject({ product_id: 'pen-much', reason: 'excess' });
  expect(promotions.data[0].expected_uplift).toBeGreaterThan(1);
});

it('the count of dead goods is that of their list: what is new and has never sold is none yet', async () => {
  const counts = async () => [
    (await get('/analytics/inventory/status')).dead_stock_count,
    (await get('/analytics/inventory/dead-stock')).count,
  ];
  const [before, listed] = await counts();
  expect(before).toBe(listed);
  const aged = (days: number) => ({ id: `NEW-${days}`, category: 'New', units: 5, stockedDaysAgo: days });
  await stock([
    ...[0, 30, 89, 90, 91].map(aged),
    { ...aged(200), sales: [{ daysAgo: 90, units: 1, price: 10 }] },
    { ...aged(201), sales: [{ daysAgo: 89, units: 1, price: 10 }] },
  ]);
  expect(await counts()).toEqual([before + 3, before + 3]);
});
