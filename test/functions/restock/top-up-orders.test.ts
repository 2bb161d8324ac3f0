import { beforeEach, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { restockRun } from '../../../functions/restock/restock-run.ts';
import { ForecastsReady } from '../../../shared/contracts/messages.ts';
import { findRun } from '../../../shared/data/forecasts/forecast-run-store.ts';
import { type Item, MemoryQueue, plantItems, plantRun, silentLogger } from '../planning/planning-fixture.ts';
import { openRestocks } from './restock-fixture.ts';

const db = openRestocks();
const { nextRun, restock } = db;

beforeEach(async () => {
  await db.database.write(
    `INSERT IGNORE INTO location (location_id, name, parent_id)
     VALUES ('SHOP', 'Shop', 'MAIN'), ('SHOP2', 'Shop 2', 'MAIN'), ('SHOP3', 'Shop 3', 'MAIN')`,
  );
});

const Row = z.object({
  product_id: z.string(),
  location_id: z.string(),
  kind: z.string(),
  supplier_id: z.string().nullable(),
  from_location: z.string().nullable(),
  quantity: z.int(),
  top_up: z.int(),
  unit_cost: z.string(),
});
const suggestions = () =>
  db.database.select(
    Row,
    `SELECT product_id, location_id, kind, supplier_id, from_location, quantity, top_up, unit_cost
       FROM suggestion
      WHERE status = 'open'
      ORDER BY product_id, location_id, kind`,
  );

/** Restocks message by message, each of which has time for as little as possible; how many it took. */
async function restockInPieces(runId: string): Promise<number> {
  const restockQueue = new MemoryQueue();
  const delivery = { logger: silentLogger, remainingMs: () => 1_000 };
  let message: ForecastsReady | undefined = { type: 'ForecastsReady', runId };
  for (let done = 0; message && done < 100; done++) {
    await restockRun({ database: db.database, restockQueue }, message, delivery);
    const next = restockQueue.messages[done];
    message = next === undefined ? undefined : ForecastsReady.parse(next);
  }
  return restockQueue.messages.length + 1;
}
describe('a draft that is raised', () => {
  test('keeps its supplier, at its price and in its packs, also where another one would be best without transfers', async () => {
    const item = { productId: 'X', locationId: 'SHOP', onHand: 0, demand: [] };
    await plantItems(db.database, [
      { ...item, supplierId: 'A', unitCost: '9.05' },
      { ...item, supplierId: 'B', unitCost: '9', orderMultiple: 12 },
      { productId: 'X', locationId: 'MAIN', onHand: 40, demand: [], supplierId: 'A' },
    ]);
    // at all that is wanted A would be the cheapest
    await db.database.write(
      `UPDATE supplier_item SET price_breaks = '[[45,"8.99"]]' WHERE supplier_id = 'A'`,
    );
    await db.database.write(`UPDATE supplier SET minimum_order = 400 WHERE supplier_id = 'B'`);
    const runId = nextRun();
    await plantRun(db.database, runId, [[{ productId: 'X', locationId: 'SHOP' }]]);
    await restock(runId);
    const [bought, brought] = await suggestions();
    expect(brought).toMatchObject({ kind: 'transfer', from_location: 'MAIN', quantity: 40 });
    expect(bought).toMatchObject({ kind: 'purchase', supplier_id: 'B', unit_cost: '9.0000' });
    expect(bought!.top_up).toBeGreaterThan(0);
    expect(bought!.quantity % 12).toBe(0);
    expect(bought!.quantity * 9).toBeGreaterThanOrEqual(400);
    expect((bought!.quantity - 12) * 9).toBeLessThan(400);
  });

  test('gets nothing above the highest level that was set for the item', async () => {
    await plantItems(db.database, [
      { productId: 'T', onHand: 5, demand: [], supplierId: 'TOP', unitCost: '1' },
      { productId: 'U', onHand: 5, demand: [], supplierId: 'TOP', unitCost: '1' },
    ]);
    await db.database.write(`UPDATE supplier SET minimum_order = 100 WHERE supplier_id = 'TOP'`);
    await db.database.write(
      `INSERT INTO item_policy (product_id, location_id, maximum) VALUES ('T', 'MAIN', 40)`,
    );
    const runId = nextRun();
    await plantRun(db.database, runId, [['T', 'U'].map((productId) => ({ productId, locationId: 'MAIN' }))]);
    await restock(runId);
    await db.database.write('DELETE FROM item_policy');
    const [limited, other] = await suggestions();
    expect(limited).toMatchObject({ quantity: 35, top_up: 0 });
    expect(other!.quantity).toBe(65);
    expect(other!.top_up).toBeGreaterThan(0);
  });

  test('comes to what its lines come to, each rounded to the cent', async () => {
    const products = ['R1', 'R2', 'R3'];
    await plantItems(
      db.database,
      products.map((productId) => ({ productId, onHand: 0, demand: [], supplierId: 'CENT', unitCost: '1' })),
    );
    const planned = async (unitCost: string, minimum: string) => {
      await db.database.write(`DELETE FROM suggestion`);
      await db.database.write(`DELETE FROM purchase_order`);
      await db.database.write(`UPDATE supplier_item SET unit_cost = :unitCost WHERE supplier_id = 'CENT'`, {
        unitCost,
      });
      await db.database.write(`UPDATE supplier SET minimum_order = :minimum WHERE supplier_id = 'CENT'`, {
        minimum,
      });
      const runId = nextRun();
      await plantRun(db.database, runId, [products.map((productId) => ({ productId, locationId: 'MAIN' }))]);
      await restock(runId);
      return suggestions();
    };
    const rows = await planned('1', '0');
    const sum = (unitCost: number) =>
      rows.reduce((total, { quantity }) => total + Math.round(quantity * unitCost * 100 + 1e-9), 0) / 100;
    const exact = (unitCost: number) =>
      Math.round(rows.reduce((total, { quantity }) => total + quantity * unitCost, 0) * 1e4) / 1e4;
    // by so little that only cents tell
    const cost = ['1.0001', '1.0003', '1.0007'].find((one) => sum(Number(one)) > exact(Number(one)))!;
    const added = async (minimum: number) =>
      (await planned(cost, minimum.toFixed(2))).reduce((units, { top_up }) => units + top_up, 0);
    expect(await added(sum(Number(cost)))).toBe(0);
    expect(await added(sum(Number(cost)) + 0.01)).toBe(1);
  });

  test('is raised for what its lines earn, not for what they sell for', async () => {
    const raisedAt = async (price: number) => {
      await db.database.write(`DELETE FROM suggestion`);
      await db.database.write(`UPDATE products SET unit_price = :price WHERE product_id = 'G'`, { price });
      const runId = nextRun();
      await plantRun(db.database, runId, [[{ productId: 'G', locationId: 'MAIN' }]]);
      await restock(runId);
      return (await suggestions())[0]!.top_up;
    };
    await plantItems(db.database, [
      { productId: 'G', onHand: 5, demand: [], supplierId: 'GROSS', unitCost: '10' },
    ]);
    await db.database.write(`UPDATE supplier SET minimum_order = 1000 WHERE supplier_id = 'GROSS'`);
    expect(await raisedAt(20)).toBeGreaterThan(0);
    expect(await raisedAt(10.01)).toBe(0);
  });

  test('is one of many that are raised a few at a time, and all end as if at once', {
    timeout: 120_000,
  }, async () => {
    const items: Item[] = Array.from({ length: 25 }, (_, i) => ({
      productId: `M${i}`,
      onHand: 0,
      demand: [],
      supplierId: `MIN${i}`,
      unitCost: '1',
    }));
    await plantItems(db.database, items);
    await db.database.write(`UPDATE supplier SET minimum_order = 60 WHERE supplier_id LIKE 'MIN%'`);
    const keys = items
      .map(({ productId }) => ({ productId, locationId: 'MAIN' }))
      .sort((a, b) => (a.productId < b.productId ? -1 : 1));
    const once = nextRun();
    await plantRun(db.database, once, [keys]);
    await restock(once);
    const atOnce = await suggestions();
    expect(atOnce).toHaveLength(25);
    for (const one of atOnce) expect(one).toMatchObject({ quantity: 60, unit_cost: '1.0000' });
    await db.database.write(`DELETE FROM suggestion`);
    await db.database.write(`DELETE FROM purchase_order`);
    const runId = nextRun();
    await plantRun(db.database, runId, [keys]);
    // the chunk, three times some drafts, the last of them with the end
    expect(await restockInPieces(runId)).toBe(4);
    expect(await findRun(db.database, runId)).toMatchObject({ status: 'done' });
    expect(await suggestions()).toEqual(atOnce);
    const Lines = z.object({ quantity: z.int() });
    const lines = await db.database.select(Lines, `SELECT quantity FROM purchase_order_line`);
    expect(lines.map(({ quantity }) => quantity)).toEqual(Array(25).fill(60));
  });
});

test('a product of several chunks gives no stock away twice, nor what another chunk sells there', async () => {
  await plantItems(
    db.database,
    [
      { locationId: 'MAIN', onHand: 30 },
      { locationId: 'SHOP', onHand: 0 },
      { locationId: 'SHOP2', onHand: 0 },
      { locationId: 'SHOP3', onHand: 9 },
    ].map((one) => ({ productId: 'W', demand: [], ...one })),
  );
  const at = (locationId: string) => ({ productId: 'W', locationId });
  for (let round = 0; round < 2; round++) {
    const runId = nextRun();
    await plantRun(db.database, runId, [[at('SHOP')], [at('SHOP2'), at('SHOP3')]]);
    expect(await restockInPieces(runId)).toBe(2);
    const transfers = (await suggestions()).filter(({ kind }) => kind === 'transfer');
    expect(transfers).toMatchObject([{ location_id: 'SHOP', from_location: 'MAIN', quantity: 30 }]);
  }
});
