import { rmSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import * as z from 'zod';
import { type Stack, startStack } from '../../infra/local/start-stack.ts';
import { synthesizeOnce } from '../../infra/local/synthesize-once.ts';
import { waitUntil } from '../../infra/local/wait-until.ts';
import { addDays } from '../../shared/core/calendar/add-days.ts';
import { LEVEL_GRID } from '../../shared/core/forecast/combine/level-grid.ts';
import { panelState } from '../../shared/core/forecast/combine/panel-state.ts';
import { countQuantile } from '../../shared/core/math/count-distribution.ts';
import { seededRandom } from '../../shared/core/math/random.ts';
import { insertRun } from '../../shared/data/forecasts/forecast-run-store.ts';
import { saveForecasts } from '../../shared/data/forecasts/forecast-store.ts';
import { SERIES_PER_READ, type SeriesKey } from '../../shared/data/forecasts/series-store.ts';
import { PlanSettings } from '../../shared/data/planning/setting-store.ts';
import type { Database } from '../../shared/data/sql/database.ts';
import { engineOf, newHome } from '../speed/bench-home.ts';
import { machineFacts } from '../speed/machine.ts';
import { writeShop } from './simulated-shop.ts';

/** `npm run bench -- restock`: from complete forecasts to suggestions and draft orders, of products at three locations. */
const PRODUCTS = 9000;
const LOCATIONS = ['MAIN', 'NORTH', 'SOUTH'];
const WEEKS = 52;
const HORIZON = 13;
const LIMIT_MS = 20 * 60_000;

process.env.TZ = 'UTC';
const log = (line: string): void => console.error(line);
const loadBefore = loadavg()[0]!;
const home = newHome();
let stack: Stack | undefined;
try {
  const assembly = await synthesizeOnce(home, log);
  stack = await startStack({ home, assembly, port: 0, edgePort: 0, log });
  log('writing the shop');
  await writeShop(stack.database, { products: PRODUCTS, weeks: WEEKS });
  await spread(stack.database);
  const asOf = addDays('2019-01-07', 7 * WEEKS - 1);
  const times: string[] = [];
  for (const name of ['first plan', 'same again', 'stock changed']) {
    if (name === 'stock changed')
      await stack.database.write(`UPDATE stock SET stock_level = FLOOR(stock_level * 0.8)`);
    const runId = await completeRun(stack.database, name, asOf);
    log(name);
    const seconds = await timeRestock(stack, runId);
    const [found] = await stack.database.select(
      z.object({ open: z.int(), transfers: z.int(), drafts: z.int(), lines: z.int() }),
      `SELECT COUNT(*) AS open, CAST(COALESCE(SUM(kind = 'transfer'), 0) AS SIGNED) AS transfers,
              (SELECT COUNT(*) FROM purchase_order WHERE status = 'draft') AS drafts,
              (SELECT COUNT(*) FROM purchase_order_line) AS \`lines\`
         FROM suggestion WHERE status = 'open'`,
    );
    const { open, transfers, drafts, lines } = found!;
    times.push(`| ${name} | ${seconds.toFixed(1)} | ${open} | ${transfers} | ${drafts} | ${lines} |`);
    log(times.at(-1)!);
  }
  const machine = machineFacts(engineOf(home), loadBefore);
  const page = `# Speed of suggestions

Made by \`npm run bench -- restock\`. ${machine.date}, ${machine.processor}, ${machine.cores} cores, Node ${machine.node}, ${machine.engine};
load average ${machine.loadBefore.toFixed(1)} before. ${PRODUCTS} products at ${LOCATIONS.length} locations of one tree, forecasts of a panel present
(bench/plan/restock.ts). Everything runs on this machine: queue, function, Data API and database. Seconds from the message
that the forecasts are complete to the last suggestion and draft order, classes included; the aim is 10.

| plan | seconds | open suggestions | of them transfers | drafts | lines |
|---|--:|--:|--:|--:|--:|
${times.join('\n')}
`;
  writeFileSync(new URL('../results/restock-speed.md', import.meta.url), page);
  console.log(page);
} finally {
  await stack?.close();
  rmSync(home, { recursive: true, force: true });
}

/** Two more locations in the first one, each with a third of its stock and the same demand. */
async function spread(database: Database): Promise<void> {
  for (const id of LOCATIONS.slice(1)) {
    await database.write(`INSERT INTO location (location_id, name, parent_id) VALUES (:id, :id, 'MAIN')`, {
      id,
    });
    await database.write(
      `INSERT INTO stock (product_id, location_id, stock_level)
       SELECT product_id, :id, FLOOR(stock_level / 3) FROM stock WHERE location_id = 'MAIN'`,
      { id },
    );
    await database.write(
      `INSERT INTO demand (product_id, location_id, date, quantity, sale_lines, revenue)
       SELECT product_id, :id, date, quantity, sale_lines, revenue FROM demand WHERE location_id = 'MAIN'`,
      { id },
    );
  }
}

/** A run whose forecasts are there: slow movers, as a panel of models would forecast them. */
async function completeRun(database: Database, name: string, asOf: string): Promise<string> {
  const runId = name.replace(' ', '-').padEnd(22, '-');
  const keys = Array.from({ length: PRODUCTS }, (_, i) => `P${String(i).padStart(6, '0')}`).flatMap(
    (productId) => LOCATIONS.map((locationId): SeriesKey => ({ productId, locationId })),
  );
  const size = SERIES_PER_READ - (SERIES_PER_READ % LOCATIONS.length);
  const chunks: SeriesKey[][] = [];
  for (let at = 0; at < keys.length; at += size) chunks.push(keys.slice(at, at + size));
  const settings = PlanSettings.parse({});
  await insertRun(database, { runId, cause: 'api', asOf, planHash: name, settings }, chunks);
  const random = seededRandom(5);
  const rates = new Map<string, number>();
  for (const chunk of chunks)
    await saveForecasts(
      database,
      runId,
      chunk.map((key) => {
        const rate = rates.get(key.productId) ?? 0.35 * Math.exp(1.3 * random.normal());
        rates.set(key.productId, rate);
        return forecastOf(key, rate, asOf);
      }),
    );
  await database.write(
    `UPDATE forecast_run SET status = 'restocking', chunks_done = chunks WHERE run_id = :runId`,
    { runId },
  );
  return runId;
}

function forecastOf(key: SeriesKey, rate: number, asOf: string) {
  const quantiles = LEVEL_GRID.map((level) =>
    new Float64Array(HORIZON).fill(countQuantile(level, { mean: rate, variance: 1.8 * rate })),
  );
  const mean = new Float64Array(HORIZON).fill(rate);
  return {
    ...key,
    firstDay: addDays(asOf, 1),
    periodDays: 7,
    horizon: HORIZON,
    totalMean: HORIZON * rate,
    totalLow: 0,
    totalHigh: 2 * HORIZON * rate,
    model: 'panel',
    demandClass: 'intermittent',
    path: { mean: [...mean], quantiles: {} },
    state: panelState({ mean, quantiles }, { period: 52, isWhole: true, isSigned: false }),
    mae: rate,
    rmse: Math.sqrt(1.8 * rate),
  };
}

async function timeRestock({ database, wiring, queues }: Stack, runId: string): Promise<number> {
  const queue = wiring.queues.find(({ arn }) => /restock/i.test(arn) && !/dead/i.test(arn));
  if (!queue) throw new Error('there is no queue for restocks');
  const began = performance.now();
  await queues.send(queue.arn, JSON.stringify({ type: 'ForecastsReady', runId }));
  await waitUntil(
    async () => {
      const [run] = await database.select(
        z.object({ status: z.string() }),
        `SELECT status FROM forecast_run WHERE run_id = :runId`,
        { runId },
      );
      return run!.status === 'done';
    },
    { limitMs: LIMIT_MS, what: 'the suggestions', everyMs: 50 },
  );
  return (performance.now() - began) / 1000;
}
