import type { Queue } from '../../shared/aws/queue.ts';
import { Fault } from '../../shared/contracts/fault.ts';
import type { SimulateRequested } from '../../shared/contracts/messages.ts';
import { addDays } from '../../shared/core/calendar/add-days.ts';
import { addDemand } from '../../shared/data/demand/demand-store.ts';
import { findNewestCompleteRun } from '../../shared/data/forecasts/forecast-run-store.ts';
import { readOutlooks, type SeriesOutlook } from '../../shared/data/forecasts/forecast-store.ts';
import { lockStock, recordMovements } from '../../shared/data/ledger/ledger-store.ts';
import { claim } from '../../shared/data/messages/inbox-store.ts';
import { announce } from '../../shared/data/messages/outbox-store.ts';
import { insertOrders, insertSales } from '../../shared/data/orders/order-store.ts';
import type { Database, Statements } from '../../shared/data/sql/database.ts';
import type { Delivery } from '../../shared/runtime/queue-handler.ts';
import { type InventedDay, salesOfDay } from './sales-of-day.ts';

/** Forecasts of one read (each up to 2 KB), reads of a run, days of one message, and time kept for handing on. */
const PAGE = 400;
const MAX_PAGES = 125;
const DAYS_PER_MESSAGE = 30;
const RESERVE_MS = 30_000;

export interface SimulateNeeds {
  readonly database: Database;
  readonly simulateQueue: Queue;
}

type SimulateDelivery = Pick<Delivery, 'remainingMs'> & { readonly logger: Pick<Delivery['logger'], 'info'> };

/**
 * Invents sales day by day, one transaction each, into the tables that imports fill as well; hands the rest on to
 * another message, and announces the end. A day happens once, however often its message is delivered.
 */
export async function simulateDays(
  { database, simulateQueue }: SimulateNeeds,
  message: SimulateRequested,
  { logger, remainingMs }: SimulateDelivery,
): Promise<void> {
  const runId = message.runId ?? (await findNewestCompleteRun(database))?.runId;
  if (runId === undefined) throw new Fault('conflict', 'There are no forecasts to simulate from');
  const outlooks = await readAllOutlooks(database, runId);
  if (outlooks.length === 0) throw new Fault('missing', `Run ${runId} has no forecasts`);
  const end = Math.min(message.days, message.day + DAYS_PER_MESSAGE);
  let day = message.day;
  // At least one day a message, so that it always moves on.
  do {
    const invented = salesOfDay(outlooks, { ...message, day });
    await database.transaction((tx) => recordDay(tx, message, day, invented));
    day++;
  } while (day < end && remainingMs() > RESERVE_MS);
  logger.info('simulate', {
    simulationId: message.simulationId,
    from: message.day,
    to: day,
    of: message.days,
  });
  if (day < message.days) await simulateQueue.send([{ ...message, day, runId } satisfies SimulateRequested]);
}

async function recordDay(
  tx: Statements,
  { simulationId, startDate, days }: SimulateRequested,
  day: number,
  { orders, sales, movements, demand }: InventedDay,
): Promise<void> {
  if (!(await claim(tx, 'simulate', `${simulationId}:${day}`))) return;
  // Before the lines, which hold their products too, or two days at once wait for each other.
  const stock = await lockStock(tx, movements);
  await insertOrders(tx, `simulation:${simulationId}`, orders);
  await insertSales(tx, sales);
  await recordMovements(tx, movements, { actor: 'simulation', isSynthetic: true }, stock);
  await addDemand(tx, demand);
  if (day < days - 1) return;
  await announce(
    tx,
    'simulation.completed',
    { simulationId, firstDay: startDate, lastDay: addDays(startDate, day) },
    { correlationId: simulationId },
  );
}

async function readAllOutlooks(database: Database, runId: string): Promise<SeriesOutlook[]> {
  const outlooks: SeriesOutlook[] = [];
  for (let page = 0; page < MAX_PAGES; page++) {
    const rows = await readOutlooks(database, runId, outlooks.at(-1), PAGE);
    outlooks.push(...rows);
    if (rows.length < PAGE) return outlooks;
  }
  throw new RangeError(`more than ${PAGE * MAX_PAGES} series in one simulation`);
}
