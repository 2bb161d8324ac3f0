import { insertRun } from '../../shared/data/forecasts/forecast-run-store.ts';
import { saveForecasts } from '../../shared/data/forecasts/forecast-store.ts';
import { recordMovements } from '../../shared/data/ledger/ledger-store.ts';
import { PlanSettings } from '../../shared/data/planning/setting-store.ts';
import type { Database } from '../../shared/data/sql/database.ts';
import { json } from '../../shared/data/sql/database.ts';
import { dayOf, type Schedule, SHOP } from './commands.ts';

/** The run from whose forecasts a schedule simulates. */
export const simulationRunOf = (namespace: string): string => `${namespace}-run`.padEnd(22, '-');

/** Products with an opening stock, and forecasts where the schedule simulates. */
export async function plantSchedule(
  database: Database,
  { namespace, products, commands, startMs, today }: Schedule,
): Promise<void> {
  await database.transaction(async (tx) => {
    await tx.write(`INSERT IGNORE INTO location (location_id, name) VALUES (:shop, :shop)`, { shop: SHOP });
    // what is today must not depend on the schedules before this one
    await tx.write(`REPLACE INTO setting (name, value) VALUES ('as_of', :today)`, { today });
    await tx.write(
      `INSERT INTO products (product_id, product_name, unit_price, backorders_allowed)
       SELECT j.id, j.id, 1.5, j.backorders
         FROM JSON_TABLE(:rows, '$[*]' COLUMNS (id VARCHAR(64) PATH '$[0]', backorders INT PATH '$[1]')) AS j`,
      { rows: json(products.map(({ id, backorders }) => [id, backorders ? 1 : 0])) },
    );
    const facts = products
      .filter(({ opening }) => opening > 0)
      .map(({ id, opening }) => ({
        key: `opening:${id}`,
        productId: id,
        locationId: 'MAIN',
        date: `${dayOf(startMs, 10)} 00:00:00.000`,
        quantityChange: opening,
        type: 'opening' as const,
        reason: null,
        referenceId: null,
      }));
    if (facts.length > 0) await recordMovements(tx, facts, { actor: 'faults' });
  });
  if (!commands.some(({ kind }) => kind === 'simulate')) return;
  const runId = simulationRunOf(namespace);
  const series = products.map(({ id }) => ({ productId: id, locationId: 'MAIN' }));
  await database.transaction(async (tx) => {
    await insertRun(
      tx,
      { runId, cause: 'api', asOf: '2011-12-09', planHash: 'x', settings: PlanSettings.parse({}) },
      [series],
    );
    await tx.write(`UPDATE forecast_run SET status = 'done' WHERE run_id = :runId`, { runId });
    await saveForecasts(
      tx,
      runId,
      series.map((key) => ({
        ...key,
        firstDay: '2011-12-10',
        periodDays: 7,
        horizon: 2,
        totalMean: 28,
        totalLow: 10,
        totalHigh: 40,
        model: 'test',
        demandClass: 'smooth',
        path: { mean: [14, 14], quantiles: { '0.1': [5, 5], '0.5': [14, 14], '0.9': [20, 20] } },
        state: {},
        mae: undefined,
        rmse: undefined,
      })),
    );
  });
}
