import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as z from 'zod';
import { findViolations } from '../../../../shared/data/ledger/invariants.ts';
import { type Api, openApi } from '../api-fixture.ts';
import {
  connect,
  postShopify,
  shopifyLevel,
  shopifyOrder,
  shopifyProduct,
  shopifyRefund,
  stockOf,
  type Told,
} from './shop-fixture.ts';

const SECRET = 'the secret of a shop';
const SKUS = ['a', 'b'] as const;
let api: Api;
beforeAll(async () => {
  api = await openApi();
});
afterAll(() => api.close());

/** What happens to one order, each with the second at which it does. */
const life = fc.record({
  placed: fc.integer({ min: 2, max: 20 }),
  quantities: fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 0, max: 4 })),
  changed: fc.option(fc.tuple(fc.integer({ min: 0, max: 6 }), fc.integer({ min: 1, max: 5 })), { nil: null }),
  refund: fc.option(
    fc.tuple(
      fc.integer({ min: 0, max: 9 }),
      fc.integer({ min: 1, max: 3 }),
      fc.constantFrom('return', 'cancel', 'no_restock'),
    ),
    { nil: null },
  ),
  cancelled: fc.option(fc.integer({ min: 0, max: 12 }), { nil: null }),
});
type Life = typeof life extends fc.Arbitrary<infer T> ? T : never;

const level = fc.record({
  item: fc.integer({ min: 0, max: 1 }),
  units: fc.integer({ min: -1, max: 12 }),
  at: fc.integer({ min: 1, max: 30 }),
});

/** All that a shop tells of these lives, in the order in which it happened. */
function tellings(prefix: string, lives: readonly Life[], levels: readonly z.infer<typeof Level>[]): Told[] {
  const told: { at: number; told: Told }[] = [];
  const tell = (at: number, topic: string, body: unknown) => {
    told.push({ at, told: { topic, body, eventId: `${told.length}` } });
  };
  for (const [item, sku] of SKUS.entries())
    tell(0, 'products/update', shopifyProduct(item + 1, prefix + sku, 0));
  for (const { item, units, at } of levels)
    tell(at, 'inventory_levels/update', shopifyLevel(item + 1, 1, units, at));
  for (const [i, { placed, quantities, changed, refund, cancelled }] of lives.entries()) {
    const id = i + 1;
    const lines = (first: number) => [
      { id: id * 10, sku: `${prefix}a`, quantity: first },
      ...(quantities[1] > 0 ? [{ id: id * 10 + 1, sku: `${prefix}b`, quantity: quantities[1] }] : []),
    ];
    tell(placed, 'orders/create', shopifyOrder(id, lines(quantities[0]), { placed }));
    let now = lines(quantities[0]);
    if (changed) {
      now = lines(changed[1]);
      const updated = placed + changed[0];
      tell(updated, 'orders/updated', shopifyOrder(id, now, { placed, updated }));
    }
    const refunds: unknown[] = [];
    if (refund) {
      const at = placed + refund[0];
      const back = shopifyRefund(id, id, at, [
        { id: id * 100, line: id * 10, quantity: refund[1], restock: refund[2] },
      ]);
      refunds.push(back);
      tell(at, 'refunds/create', back);
    }
    if (cancelled !== null) {
      const at = placed + cancelled;
      tell(at, 'orders/cancelled', shopifyOrder(id, now, { placed, updated: at, cancelled: at, refunds }));
    }
  }
  return told.sort((a, b) => a.at - b.at).map((one) => one.told);
}
const Level = z.object({ item: z.int(), units: z.int(), at: z.int() });

async function outcome(shop: string, prefix: string) {
  const lines = await api.database.select(
    z.object({
      sale_id: z.string(),
      kind: z.string(),
      quantity_sold: z.int(),
      date: z.string(),
      total: z.string(),
    }),
    `SELECT sale_id, kind, quantity_sold, CAST(date AS CHAR) AS date, CAST(total_amount AS CHAR) AS total
       FROM sales WHERE order_id LIKE :shop ORDER BY sale_id`,
    { shop: `${shop}:%` },
  );
  const orders = await api.database.select(
    z.object({ order_id: z.string(), order_status: z.string() }),
    'SELECT order_id, order_status FROM orders WHERE order_id LIKE :shop ORDER BY order_id',
    { shop: `${shop}:%` },
  );
  const demand = await api.database.select(
    z.object({ product_id: z.string(), quantity: z.int(), lines: z.int() }),
    `SELECT product_id, CAST(SUM(quantity) AS SIGNED) AS quantity, CAST(SUM(sale_lines) AS SIGNED) AS \`lines\`
       FROM demand WHERE product_id LIKE :prefix GROUP BY product_id HAVING SUM(sale_lines) <> 0 ORDER BY product_id`,
    { prefix: `${prefix}%` },
  );
  const stock = Object.entries(await stockOf(api, prefix)).filter(([, units]) => units !== 0);
  const text = JSON.stringify({ lines, orders, demand, stock });
  return JSON.parse(text.replaceAll(`${shop}:`, '').replaceAll(prefix, ''));
}

let shops = 0;

test('the same events in any order, and any of them twice, leave the same stock, orders and demand', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(life, { minLength: 1, maxLength: 3 }),
      fc.array(level, { minLength: 0, maxLength: 3 }),
      fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })),
      async (lives, levels, chances) => {
        const outcomes: unknown[] = [];
        for (const isShuffled of [false, true]) {
          shops += 1;
          const shop = `order-${shops}`;
          const prefix = `S${shops}-`;
          await connect(api, {
            id: shop,
            system: 'shopify',
            name: shop,
            secret: SECRET,
            locations: { 1: 'MAIN' },
          });
          let told = tellings(prefix, lives, levels);
          if (isShuffled) {
            const chance = () => chances.next().value as number;
            const twice = told.filter(() => chance() < 0.3);
            // the same event again under its own id, or told anew under another
            const again = twice.map((one, i) =>
              i % 2 === 0 ? one : { ...one, eventId: `again-${one.eventId}` },
            );
            told = [...told, ...again]
              .map((one) => [chance(), one] as const)
              .sort(([a], [b]) => a - b)
              .map(([, one]) => one);
          }
          for (const one of told) {
            const answer = await postShopify(api, shop, SECRET, one);
            if (answer.status >= 300) throw new Error(answer.text);
          }
          outcomes.push(await outcome(shop, prefix));
        }
        expect(outcomes[1]).toEqual(outcomes[0]);
      },
    ),
    { numRuns: Number(process.env.RUNS ?? 12), interruptAfterTimeLimit: 240_000 },
  );
  expect(await findViolations(api.database)).toEqual([]);
  expect(api.reports).toEqual([]);
}, 300_000);

test('events of one shop that come all at once end as if they had come one by one', async () => {
  const shop = 'at-once';
  await connect(api, { id: shop, system: 'shopify', name: shop, secret: SECRET, locations: { 1: 'MAIN' } });
  const tell = (topic: string, body: unknown) => postShopify(api, shop, SECRET, { topic, body });
  await tell('products/update', shopifyProduct(1, 'AO-a', 0));
  const told = [
    ['inventory_levels/update', shopifyLevel(1, 1, 100, 1)] as const,
    ['inventory_levels/update', shopifyLevel(1, 1, 90, 3)] as const,
    ...Array.from({ length: 12 }, (_, i) => {
      const lines = [{ id: i + 1, sku: 'AO-a', quantity: 2 }];
      return ['orders/create', shopifyOrder(i + 1, lines, { placed: i < 5 ? 2 : 5 })] as const;
    }),
  ];
  const answers = await Promise.all(told.map(([topic, body]) => tell(topic, body)));
  // whoever was refused for want of a lock is told again by the shop
  for (const [i, answer] of answers.entries()) {
    const [topic, body] = told[i]!;
    if (answer.status !== 200) await tell(topic, body);
  }
  expect((await stockOf(api, 'AO-'))['AO-a@MAIN']).toBe(90 - 14);
  expect(await findViolations(api.database)).toEqual([]);
});
