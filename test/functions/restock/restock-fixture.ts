import { afterAll, beforeAll, beforeEach, expect } from 'vitest';
import * as z from 'zod';
import { restockRun } from '../../../functions/restock/restock-run.ts';
import type { Database } from '../../../shared/data/sql/database.ts';
import { StoredExplanation } from '../../../shared/data/suggestions/stored-explanation.ts';
import { openTestDatabase, type TestDatabase, type TestDatabaseOptions } from '../../database.ts';
import { calmDelivery, type Item, MemoryQueue, plantRun } from '../planning/planning-fixture.ts';

/** Products of two suppliers: three are short, one is not, one nobody supplies. */
export const items: Item[] = [
  { productId: 'A', onHand: 5, demand: [] },
  { productId: 'B', onHand: 0, demand: [], supplierId: 'S2', minimumQuantity: 24, orderMultiple: 12 },
  { productId: 'C', onHand: 0, demand: [] },
  { productId: 'PLENTY', onHand: 1000, demand: [] },
  { productId: 'NOBODY', onHand: 0, demand: [], supplierId: null },
];

const TABLES = ['suggestion', 'purchase_order', 'forecast_run', 'outbox', 'stock', 'supplier_item', 'alert'];

const SuggestionRow = z.object({
  suggestion_id: z.int(),
  product_id: z.string(),
  status: z.string(),
  quantity: z.int(),
  supplier_id: z.string(),
  purchase_order_id: z.int().nullable(),
  updated_at: z.string(),
  explanation: z.string().transform((text) => StoredExplanation.parse(JSON.parse(text))),
});

/** Restocks over a database of the test file's own; each test finds it without runs, stock and orders. */
export function openRestocks(options: TestDatabaseOptions = { brokenOnPurpose: ['ledger'] }) {
  let db: TestDatabase;
  let runs = 0;
  const database = () => db.database;

  beforeAll(async () => {
    db = await openTestDatabase(options);
  });
  afterAll(() => db.close());
  beforeEach(async () => {
    for (const table of TABLES) await database().write(`DELETE FROM ${table}`);
  });

  const nextRun = () => `run-${String(++runs).padStart(18, '0')}`;

  /** A run whose forecasts are complete: every item sells about `weeklyDemand` a week. Two series a chunk. */
  const completeRun = async ({
    weeklyDemand = 10,
    asOf = '2011-12-09',
    keys = items.map((item) => item.productId),
  } = {}): Promise<string> => {
    const runId = nextRun();
    const series = [...keys].sort().map((productId) => ({ productId, locationId: 'MAIN' }));
    const chunks = [series.slice(0, 2), series.slice(2)].filter((chunk) => chunk.length > 0);
    await plantRun(database(), runId, chunks, { weeklyDemand, asOf });
    return runId;
  };

  const restock = (runId: string, using: Database = database()) =>
    restockRun(
      { database: using, restockQueue: new MemoryQueue() },
      { type: 'ForecastsReady', runId },
      calmDelivery,
    );

  const suggestions = (where = 'TRUE') =>
    database().select(
      SuggestionRow,
      `SELECT suggestion_id, product_id, status, quantity, supplier_id, purchase_order_id, updated_at, explanation
         FROM suggestion
        WHERE ${where}
        ORDER BY product_id, suggestion_id`,
    );

  const lines = () =>
    database().select(
      z.object({ supplier_id: z.string(), status: z.string(), product_id: z.string(), quantity: z.int() }),
      `SELECT p.supplier_id, p.status, l.product_id, l.quantity
         FROM purchase_order p
         JOIN purchase_order_line l ON l.purchase_order_id = p.purchase_order_id
        ORDER BY l.product_id, p.purchase_order_id`,
    );

  const draftIds = async () => {
    const rows = await database().select(
      z.object({ id: z.int() }),
      `SELECT purchase_order_id AS id FROM purchase_order WHERE status = 'draft' ORDER BY supplier_id`,
    );
    return rows.map((row) => row.id);
  };

  /** Everything a restock may write, without its own numbers and times. */
  const outcome = async () => ({
    suggestions: (await suggestions()).map(
      ({ product_id, status, quantity, supplier_id, purchase_order_id }) => ({
        product_id,
        status,
        quantity,
        supplier_id,
        isOrdered: purchase_order_id !== null,
      }),
    ),
    lines: await lines(),
    drafts: (await draftIds()).length,
    events: await database().select(
      z.object({ type: z.string(), n: z.int() }),
      `SELECT JSON_VALUE(envelope, '$.event_type') AS type, COUNT(*) AS n FROM outbox GROUP BY type ORDER BY type`,
    ),
  });

  /** The promise that holds after every transaction: drafts are the open suggestions, line by line. */
  const expectMirror = async (): Promise<void> => {
    const open = (await suggestions(`status = 'open'`)).map((row) => [
      row.product_id,
      row.supplier_id,
      row.quantity,
    ]);
    const drafts = (await lines())
      .filter((line) => line.status === 'draft')
      .map((line) => [line.product_id, line.supplier_id, line.quantity]);
    expect(drafts).toEqual(open);
  };

  return {
    get database() {
      return database();
    },
    nextRun,
    completeRun,
    restock,
    suggestions,
    lines,
    draftIds,
    outcome,
    expectMirror,
  };
}
