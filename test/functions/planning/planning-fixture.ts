import { doForecastWork, ForecastWork } from '../../../functions/forecast/forecast-work.ts';
import type { Models } from '../../../functions/forecast/open-models.ts';
import { planRun } from '../../../functions/plan/plan-run.ts';
import { restockRun } from '../../../functions/restock/restock-run.ts';
import type { Queue } from '../../../shared/aws/queue.ts';
import { ForecastsReady } from '../../../shared/contracts/messages.ts';
import { insertRun } from '../../../shared/data/forecasts/forecast-run-store.ts';
import { saveForecasts } from '../../../shared/data/forecasts/forecast-store.ts';
import type { SeriesKey } from '../../../shared/data/forecasts/series-store.ts';
import { PlanSettings } from '../../../shared/data/planning/setting-store.ts';
import type { Database, Statements } from '../../../shared/data/sql/database.ts';
import { json } from '../../../shared/data/sql/database.ts';

export interface Item {
  readonly productId: string;
  readonly locationId?: string;
  readonly onHand?: number;
  /** Days with demand: [day, units]. */
  readonly demand: readonly (readonly [day: string, quantity: number])[];
  /** Supplier of the item; null for none. */
  readonly supplierId?: string | null;
  readonly unitCost?: string;
  readonly leadTimeDays?: number;
  readonly minimumQuantity?: number;
  readonly orderMultiple?: number;
}

/** Puts products with their demand, stock and suppliers straight into the tables that a plan reads. */
export async function plantItems(database: Database, items: readonly Item[]): Promise<void> {
  const suppliers = [...new Set(items.map((item) => item.supplierId ?? 'S1'))];
  await insert(database, 'supplier', { supplier_id: 'VARCHAR(64)', supplier_name: 'VARCHAR(64)' }, [
    ...suppliers.map((id) => [id, `Supplier ${id}`]),
  ]);
  await insert(
    database,
    'location',
    { location_id: 'VARCHAR(50)', name: 'VARCHAR(50)' },
    [...new Set(items.map((item) => item.locationId ?? 'MAIN'))].map((id) => [id, id]),
  );
  await insert(
    database,
    'products',
    { product_id: 'VARCHAR(64)', product_name: 'VARCHAR(64)' },
    items.map((item) => [item.productId, item.productId]),
  );
  await insert(
    database,
    'stock',
    { product_id: 'VARCHAR(64)', location_id: 'VARCHAR(50)', stock_level: 'INT' },
    items.map((item) => [item.productId, item.locationId ?? 'MAIN', item.onHand ?? 0]),
  );
  await insert(
    database,
    'supplier_item',
    {
      supplier_id: 'VARCHAR(64)',
      product_id: 'VARCHAR(64)',
      unit_cost: 'DECIMAL(12,4)',
      lead_time_days: 'DECIMAL(8,2)',
      lead_time_deviation: 'DECIMAL(8,2)',
      minimum_quantity: 'INT',
      order_multiple: 'INT',
    },
    items
      .filter((item) => item.supplierId !== null)
      .map((item) => [
        item.supplierId ?? 'S1',
        item.productId,
        item.unitCost ?? '2.5',
        item.leadTimeDays ?? 14,
        2,
        item.minimumQuantity ?? 1,
        item.orderMultiple ?? 1,
      ]),
  );
  await insert(
    database,
    'demand',
    {
      product_id: 'VARCHAR(64)',
      location_id: 'VARCHAR(50)',
      date: 'DATE',
      quantity: 'INT',
      sale_lines: 'INT',
      revenue: 'DECIMAL(14,4)',
    },
    items.flatMap((item) =>
      item.demand.map(([day, quantity]) => [
        item.productId,
        item.locationId ?? 'MAIN',
        day,
        quantity,
        1,
        '1',
      ]),
    ),
  );
}

/** A run whose forecasts are complete: every series sells about `weeklyDemand` a week. */
export async function plantRun(
  database: Database,
  runId: string,
  chunks: readonly (readonly SeriesKey[])[],
  { weeklyDemand = 10, asOf = '2011-12-09' } = {},
): Promise<void> {
  await insertRun(
    database,
    { runId, cause: 'api', asOf, planHash: 'x', settings: PlanSettings.parse({}) },
    chunks,
  );
  await saveForecasts(
    database,
    runId,
    chunks.flat().map((key) => ({
      ...key,
      firstDay: asOf,
      periodDays: 7,
      horizon: 13,
      totalMean: 1,
      totalLow: 1,
      totalHigh: 1,
      model: 'snaive',
      demandClass: 'smooth',
      path: { mean: [], quantiles: {} },
      state: { model: 'snaive', season: [weeklyDemand], variance: weeklyDemand },
      mae: undefined,
      rmse: undefined,
    })),
  );
  await database.write(
    `UPDATE forecast_run SET status = 'restocking', chunks_done = chunks WHERE run_id = :runId`,
    { runId },
  );
}

/** Rows into a table, ignoring those that are there. */
async function insert(
  database: Statements,
  table: string,
  columns: Readonly<Record<string, string>>,
  rows: readonly (readonly unknown[])[],
): Promise<void> {
  const names = Object.keys(columns);
  const shape = names.map((name, i) => `${name} ${columns[name]} PATH '$[${i}]'`).join(', ');
  await database.write(
    `INSERT IGNORE INTO ${table} (${names.join(', ')})
     SELECT ${names.map((name) => `j.${name}`).join(', ')} FROM JSON_TABLE(:rows, '$[*]' COLUMNS (${shape})) AS j`,
    { rows: json(rows) },
  );
}

/** Demand on every seventh day up to and including `lastDay`, oldest first. */
export function weekly(lastDay: string, quantities: readonly number[]): [string, number][] {
  const last = Date.parse(`${lastDay}T00:00:00Z`);
  return quantities
    .map((quantity, i): [string, number] => [
      new Date(last - (quantities.length - 1 - i) * 7 * 86_400_000).toISOString().slice(0, 10),
      quantity,
    ])
    .filter(([, quantity]) => quantity > 0);
}

/** The last day of what is planted by the year. */
export const AS_OF = '2011-12-09';

/** A year of about so many units a week. */
export const year = (units: number) =>
  weekly(
    AS_OF,
    Array.from({ length: 52 }, (_, i) => units + (i % 3)),
  );

/** A queue that keeps its messages in memory, and can be made to fail. */
export class MemoryQueue implements Queue {
  readonly messages: unknown[] = [];
  /** Seconds before which each message cannot be received. */
  readonly delays: number[] = [];
  /** Sends that fail from now on. */
  failures = 0;

  async send(messages: readonly unknown[], { delaySeconds = 0 } = {}): Promise<void> {
    if (this.failures > 0) {
      this.failures--;
      throw new Error('the queue is down');
    }
    this.messages.push(...messages.map((message) => structuredClone(message)));
    this.delays.push(...messages.map(() => delaySeconds));
  }
}

export const silentLogger = { info() {}, warn() {}, error() {} };

/** A delivery of a message with all the time there is. */
export const calmDelivery = { messageId: 'm', logger: silentLogger, remainingMs: () => 300_000 };
/** A message that came alone. */
export const alone = <M>(message: M) => ({ ...calmDelivery, batch: { messages: [message] } });

/** A store of models that holds none. */
export const noModels: Models = { load: async () => undefined };

/** The pipeline's own functions, one after the other, from a wish for a plan to its suggestions. Another key is another plan. */
export async function planThrough(database: Database, key?: string): Promise<void> {
  const [forecastQueue, restockQueue] = [new MemoryQueue(), new MemoryQueue()];
  await planRun(
    { database, forecastQueue, restockQueue, trainQueue: new MemoryQueue() },
    { type: 'PlanRequested', cause: 'api', ...(key !== undefined && { key }) },
    calmDelivery,
  );
  for (const message of forecastQueue.messages)
    await doForecastWork(
      { database, forecastQueue, restockQueue, models: noModels },
      ForecastWork.parse(message),
      calmDelivery,
    );
  for (const message of restockQueue.messages)
    await restockRun({ database, restockQueue }, ForecastsReady.parse(message), calmDelivery);
}

/** The process died: nothing after this moment happens, not even a rollback by the client. */
export class Crash extends Error {
  override readonly name = 'Crash';
}

/**
 * The database of a process that dies at its n-th step. Steps are statements, the begin and the commit of
 * transactions; a death inside a transaction rolls it back, one after the commit keeps it.
 */
export function crashingDatabase(
  database: Database,
  crashAt: number,
): Database & { readonly steps: () => number } {
  let steps = 0;
  const step = () => {
    // of several statements at once any may be the first whose end is heard of
    if (++steps >= crashAt) throw new Crash(`crash at step ${crashAt}`);
  };
  const mortal = (statements: Statements): Statements => ({
    select(row, sql, params) {
      step();
      return statements.select(row, sql, params);
    },
    write(sql, params) {
      step();
      return statements.write(sql, params);
    },
  });
  return {
    ...mortal(database),
    async transaction(work) {
      step();
      const result = await database.transaction((tx) => work(mortal(tx)));
      step();
      return result;
    },
    steps: () => steps,
  };
}
