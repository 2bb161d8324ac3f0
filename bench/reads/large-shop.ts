import * as z from 'zod';
import type { Stack } from '../../infra/local/start-stack.ts';
import { waitUntil } from '../../infra/local/wait-until.ts';
import type { WorldRequested } from '../../shared/contracts/messages.ts';
import type { SimulationConfig } from '../../shared/contracts/simulation-config.ts';
import type { Database } from '../../shared/data/sql/database.ts';

/** A year of 9,000 products at three places, most of which sell now and then. */
export const SHOP: SimulationConfig = {
  SIMULATION_NAME: 'reads',
  SIMULATION_DEMAND: 'realistic',
  SIMULATION_PRODUCTS: 9_000,
  WAREHOUSE_LISTING: ['Main warehouse', 'North', 'South'],
  SIMULATION_DAYS: 365,
  SIMULATION_SEED: 7,
  SIMULATION_MEAN_DEMAND: 0.2,
};
const LIMIT_MS = 40 * 60_000;

const State = z.object({ simulated: z.int(), planned: z.int() });

/** Lets a simulation and a plan write the shop, whatever of it is not there yet; a tenth of its goods have lots, which no night has folded. */
export async function makeShop({ database, queues, wiring }: Stack, log: (line: string) => void) {
  const read = async () =>
    (
      await database.select(
        State,
        `SELECT (SELECT COUNT(*) FROM simulation WHERE status = 'done') AS simulated,
                (SELECT COUNT(*) FROM forecast_run WHERE status = 'done') AS planned`,
      )
    )[0]!;
  const send = (arn: string, message: object) => queues.send(arn, JSON.stringify(message));
  const { simulated, planned } = await read();
  if (simulated === 0) {
    log('simulating the year');
    const simulationId = SHOP.SIMULATION_NAME!;
    const queue = wiring.queues.find(({ arn }) => /simulate/i.test(arn) && !/dead/i.test(arn))!;
    await send(queue.arn, {
      type: 'WorldRequested',
      simulationId,
      config: SHOP,
      requestedBy: 'bench',
    } satisfies WorldRequested);
    await waitUntil(async () => (await read()).simulated > 0, { limitMs: LIMIT_MS, what: 'the year' });
    await giveLots(database);
  }
  if (planned === 0) {
    log('planning');
    const target = wiring.schedules.find(({ name }) => name === 'nightly-plan')!.targets[0]!;
    await send(target.arn, { type: 'PlanRequested', cause: 'api', key: 'bench reads' });
    await waitUntil(async () => (await read()).planned > 0, { limitMs: LIMIT_MS, what: 'the plan' });
  }
  await database.write('ANALYZE TABLE inventory_log, demand, sales, orders, stock, products, forecast');
}

/** The goods of one product in ten come in lots that keep for some months. */
async function giveLots(database: Database): Promise<void> {
  const arrivals = `FROM inventory_log l
      WHERE l.change_type IN ('opening', 'receipt') AND CRC32(l.product_id) % 10 = 0`;
  await database.write(
    `INSERT INTO stock_lot (product_id, location_id, lot_code, expiry_date, received_date, created_by)
     SELECT l.product_id, l.warehouse, l.log_id, DATE(l.date) + INTERVAL 60 + l.log_id % 240 DAY, DATE(l.date), 'bench'
       ${arrivals}`,
  );
  await database.write(
    `INSERT INTO lot_movement (log_id, lot_id)
     SELECT l.log_id, s.lot_id
       FROM inventory_log l
       JOIN stock_lot s ON s.product_id = l.product_id AND s.location_id = l.warehouse AND s.lot_code = l.log_id`,
  );
}
