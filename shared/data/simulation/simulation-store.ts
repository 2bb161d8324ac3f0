import * as z from 'zod';
import { Simulation } from '../../contracts/api/simulation.ts';
import { Fault } from '../../contracts/fault.ts';
import { SimulationConfig } from '../../contracts/simulation-config.ts';
import { settingsOf } from '../../contracts/simulation-settings.ts';
import { addDays } from '../../core/calendar/add-days.ts';
import { recordChange } from '../audit/change-log.ts';
import { BUSINESS_DAY } from '../planning/business-day.ts';
import { flagColumn, jsonColumn, type Page, type PageAsked, Total, timeColumn } from '../sql/columns.ts';
import { json, type Statements } from '../sql/database.ts';
import { readLongText } from '../sql/long-text.ts';

/** What a simulation has written so far, in counts. */
export interface SimulationCounts {
  readonly products: number;
  readonly orders: number;
  readonly sales: number;
  readonly units: number;
  readonly refunds: number;
  readonly lostUnits: number;
  readonly movements: number;
}

export interface NewSimulationRow {
  readonly simulationId: string;
  readonly config: SimulationConfig;
  readonly requestedBy: string;
}

/**
 * Makes a simulation, unless it or something under its ids is there, or another one runs; answers whether it did. Fault
 * `conflict` where it would sell beyond the last day of a business that is not invented.
 */
export async function openSimulation(
  tx: Statements,
  { simulationId, config, requestedBy }: NewSimulationRow,
): Promise<boolean> {
  if (await areIdsTaken(tx, simulationId)) return false;
  const { days, startDate } = settingsOf(config);
  await mustEndInTime(tx, startDate, days);
  const { updated } = await tx.write(
    `INSERT IGNORE INTO simulation (simulation_id, config, days, requested_by)
     VALUES (:simulationId, :config, :days, :requestedBy)`,
    { simulationId, config: json(config), days, requestedBy },
  );
  if (updated === 0) return false;
  await recordChange(tx, {
    ...{ actor: requestedBy, subject: 'simulation', subjectId: simulationId },
    before: undefined,
    after: { status: 'running', days, config },
  });
  return true;
}

const LastDay = z.object({ day: z.string().nullable() });

/** The day of every plan is the last one with demand: invented sales after it would end the planning of real goods. */
async function mustEndInTime(db: Statements, startDate: string, days: number): Promise<void> {
  const [row] = await db.select(
    LastDay,
    `SELECT CASE WHEN EXISTS (SELECT 1
                                FROM products p
                               WHERE p.is_synthetic = 0
                                 AND EXISTS (SELECT 1 FROM demand d WHERE d.product_id = p.product_id))
                  AND NOT EXISTS (SELECT 1 FROM setting WHERE name = 'as_of')
                 THEN ${BUSINESS_DAY} END AS day`,
  );
  const last = addDays(startDate, days - 1);
  const day = row!.day;
  if (day === null || last <= day) return;
  const latest = addDays(day, 1 - days);
  throw new Fault(
    'conflict',
    `Real goods were sold until ${day}, and plans are made as of the last sale: a simulation until ${last} would leave them behind. Let SIMULATION_STARTING_DATE be ${latest} at the latest`,
  );
}

const Taken = z.object({ is_taken: flagColumn });

/** Whether a product, an order or a supplier has an id that a simulation of this name would give. */
async function areIdsTaken(db: Statements, simulationId: string): Promise<boolean> {
  // ranges, for a name may contain _, which LIKE takes for any letter
  const isThere = (table: string, id: string, letter: string) =>
    `EXISTS (SELECT 1 FROM ${table} WHERE ${id} >= CONCAT(:name, '-${letter}')
                                      AND ${id} < CONCAT(:name, '-${String.fromCharCode(letter.charCodeAt(0) + 1)}'))`;
  const [row] = await db.select(
    Taken,
    `SELECT ${isThere('products', 'product_id', 'P')} OR ${isThere('orders', 'order_id', 'O')}
         OR ${isThere('supplier', 'supplier_id', 'S')} AS is_taken`,
    { name: simulationId },
  );
  return row!.is_taken;
}

const Known = z.object({ simulation_id: z.string(), is_running: flagColumn });

/** Why `openSimulation` did nothing: the name is taken, by a simulation or by other goods, or another one runs. */
export async function whyNotOpened(db: Statements, simulationId: string): Promise<Fault> {
  const rows = await db.select(
    Known,
    `SELECT simulation_id, COALESCE(running_key = 1, 0) AS is_running
       FROM simulation
      WHERE running_key = 1 OR simulation_id = :simulationId`,
    { simulationId },
  );
  if (rows.some((row) => row.simulation_id === simulationId))
    return new Fault('conflict', `There is a simulation ${simulationId} already`);
  const running = rows.find((row) => row.is_running)?.simulation_id;
  return new Fault(
    'conflict',
    running === undefined
      ? `There are products, orders or suppliers whose ids begin with ${simulationId}- already: choose another SIMULATION_NAME`
      : `Simulation ${running} is running: wait for its end, or cancel it`,
  );
}

const Standing = z.object({
  status: z.string(),
  config: jsonColumn(SimulationConfig),
  days_done: z.int(),
  checkpoint_day: z.int(),
  ledger_chain: z.string(),
});

/** Where a simulation stands. */
export interface SimulationStanding {
  readonly isRunning: boolean;
  readonly config: SimulationConfig;
  readonly daysDone: number;
  /** The state after `checkpointDay` days, unless none is kept. */
  readonly checkpoint: string | undefined;
  readonly checkpointDay: number;
  readonly ledgerChain: string;
}

/** In a transaction, which makes day and state of the checkpoint belong together. */
export async function readStanding(
  tx: Statements,
  simulationId: string,
): Promise<SimulationStanding | undefined> {
  const condition = 'simulation_id = :simulationId';
  const [row] = await tx.select(
    Standing,
    `SELECT status, config, days_done, checkpoint_day, ledger_chain FROM simulation WHERE ${condition}`,
    { simulationId },
  );
  if (!row) return undefined;
  // a text in pieces, for a large world's state is longer than a row of the Data API
  const checkpoint =
    row.checkpoint_day === 0
      ? undefined
      : await readLongText(tx, {
          table: 'simulation',
          column: 'checkpoint',
          condition: `checkpoint IS NOT NULL AND ${condition}`,
          params: { simulationId },
        });
  return {
    isRunning: row.status === 'running',
    config: row.config,
    daysDone: row.days_done,
    checkpoint,
    checkpointDay: row.checkpoint_day,
    ledgerChain: row.ledger_chain,
  };
}

/** Takes the days from `from` up to `to` for the transaction; false when somebody did them, or it runs no more. */
export async function takeDays(
  tx: Statements,
  simulationId: string,
  { from, to }: { readonly from: number; readonly to: number },
): Promise<boolean> {
  const { updated } = await tx.write(
    `UPDATE simulation
        SET days_done = :to
      WHERE simulation_id = :simulationId AND status = 'running' AND days_done = :from`,
    { simulationId, from, to },
  );
  return updated === 1;
}

/** Adds what the days that were taken came to; the last of them ends the simulation. */
export async function noteDays(
  tx: Statements,
  simulationId: string,
  counts: SimulationCounts,
  ledgerChain: string,
): Promise<void> {
  await tx.write(
    `UPDATE simulation
        SET products     = products + :products,
            orders       = orders + :orders,
            sales        = sales + :sales,
            units        = units + :units,
            refunds      = refunds + :refunds,
            lost_units   = lost_units + :lostUnits,
            movements    = movements + :movements,
            ledger_chain = :ledgerChain,
            finished_at  = CASE WHEN days_done = days THEN CURRENT_TIMESTAMP(3) END,
            status       = CASE WHEN days_done = days THEN 'done' ELSE status END
      WHERE simulation_id = :simulationId`,
    { simulationId, ...counts, ledgerChain },
  );
}

/** Keeps a state, unless a later one is kept. */
export async function keepCheckpoint(
  db: Statements,
  simulationId: string,
  day: number,
  checkpoint: string,
): Promise<void> {
  await db.write(
    `UPDATE simulation
        SET checkpoint = :checkpoint, checkpoint_day = :day
      WHERE simulation_id = :simulationId AND checkpoint_day < :day AND days_done >= :day`,
    { simulationId, day, checkpoint },
  );
}

/** Ends a simulation that runs; false when it does not. What is in the ledger stays. */
export function cancelSimulation(tx: Statements, simulationId: string, actor: string): Promise<boolean> {
  return endSimulation(tx, simulationId, 'cancelled', { actor });
}

/** Ends a simulation that cannot go on, so that it blocks no other one; false when it does not run. */
export function failSimulation(tx: Statements, simulationId: string, why: string): Promise<boolean> {
  return endSimulation(tx, simulationId, 'failed', { actor: 'simulation', why: why.slice(0, 500) });
}

async function endSimulation(
  tx: Statements,
  simulationId: string,
  status: 'cancelled' | 'failed',
  { actor, why }: { readonly actor: string; readonly why?: string },
): Promise<boolean> {
  const { updated } = await tx.write(
    `UPDATE simulation
        SET status = :status, failed_why = :why, finished_at = CURRENT_TIMESTAMP(3), checkpoint = NULL
      WHERE simulation_id = :simulationId AND status = 'running'`,
    { simulationId, status, why: why ?? null },
  );
  if (updated === 0) return false;
  await recordChange(tx, {
    ...{ actor, subject: 'simulation', subjectId: simulationId, reason: why?.slice(0, 255) },
    ...{ before: { status: 'running' }, after: { status } },
  });
  return true;
}

const Row = Simulation.omit({ day: true })
  .extend({
    config: jsonColumn(SimulationConfig),
    created_at: timeColumn,
    updated_at: timeColumn,
    finished_at: timeColumn.nullable(),
  })
  .transform(
    ({ ledger_chain, ...row }): Simulation => ({
      ...row,
      ledger_chain: ledger_chain === '' ? null : ledger_chain,
      day: row.days_done === 0 ? null : addDays(settingsOf(row.config).startDate, row.days_done - 1),
    }),
  );
const COLUMNS = `simulation_id, status, config, days, days_done, products, orders, sales, units, refunds, lost_units,
            movements, ledger_chain, requested_by, created_at, updated_at, finished_at, failed_why`;

export async function findSimulation(db: Statements, simulationId: string): Promise<Simulation | undefined> {
  const [row] = await db.select(
    Row,
    `SELECT ${COLUMNS} FROM simulation WHERE simulation_id = :simulationId`,
    { simulationId },
  );
  return row;
}

/** Simulations, newest first. */
export async function listSimulations(db: Statements, { skip, limit }: PageAsked): Promise<Page<Simulation>> {
  const [count] = await db.select(Total, `SELECT COUNT(*) AS total FROM simulation`);
  const data = await db.select(
    Row,
    `SELECT ${COLUMNS} FROM simulation ORDER BY created_at DESC, simulation_id DESC LIMIT :limit OFFSET :skip`,
    { skip, limit },
  );
  return { data, pagination: { skip, limit, total: count!.total } };
}
