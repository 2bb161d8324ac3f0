import { gunzipSync, gzipSync } from 'node:zlib';
import type { Queue } from '../../shared/aws/queue.ts';
import type { WorldRequested } from '../../shared/contracts/messages.ts';
import { settingsOf } from '../../shared/contracts/simulation-settings.ts';
import type { DayEvents } from '../../shared/core/simulate/day-events.ts';
import type { SimulationSettings } from '../../shared/core/simulate/settings.ts';
import { openWorld, simulateDay, type WorldState } from '../../shared/core/simulate/simulate-day.ts';
import {
  failSimulation,
  keepCheckpoint,
  openSimulation,
  readStanding,
  type SimulationStanding,
} from '../../shared/data/simulation/simulation-store.ts';
import type { Database } from '../../shared/data/sql/database.ts';
import type { Delivery } from '../../shared/runtime/queue-handler.ts';
import { recordDays } from './record-days.ts';

/** Movements of one transaction, as far as a day allows; days of it; days of one message; time kept for handing on. */
const MOVEMENTS_PER_TRANSACTION = 15_000;
const DAYS_PER_TRANSACTION = 30;
const DAYS_PER_MESSAGE = 180;
const RESERVE_MS = 60_000;
/** Letters of a checkpoint; a request of the Data API holds 4 MiB. */
const MOST_CHECKPOINT = 3_000_000;

export interface WorldNeeds {
  readonly database: Database;
  readonly simulateQueue: Queue;
  /** How often a message is delivered before it is given up. */
  readonly mostDeliveries: number;
}

type WorldDelivery = Pick<Delivery, 'remainingMs' | 'receives'> & {
  readonly logger: Pick<Delivery['logger'], 'info' | 'warn'>;
};

/**
 * Goes on with a simulated business where it stands: some days in each transaction, then hands the rest on. The state
 * after any day follows from the configuration, so that a kill costs only the days since the checkpoint, which are
 * simulated again without being written. Every day is written once, however often its message comes. What fails in the last
 * delivery of its message ends the simulation as failed: it would say `running` for ever, and keep others from starting.
 */
export async function simulateWorld(
  needs: WorldNeeds,
  message: WorldRequested,
  delivery: WorldDelivery,
): Promise<void> {
  try {
    await goOn(needs, message, delivery);
  } catch (error) {
    if (delivery.receives >= needs.mostDeliveries) {
      const why = error instanceof Error ? error.message : String(error);
      await needs.database.transaction((tx) => failSimulation(tx, message.simulationId, why));
    }
    throw error;
  }
}

async function goOn(
  { database, simulateQueue }: WorldNeeds,
  message: WorldRequested,
  { logger, remainingMs }: WorldDelivery,
): Promise<void> {
  const { simulationId } = message;
  const standing = await standingOf(database, message);
  if (!standing?.isRunning) {
    logger.info('nothing to simulate', { simulationId });
    return;
  }
  const settings = { ...settingsOf(standing.config), name: simulationId };
  let { state, day } = resume(settings, standing);
  let chain = standing.ledgerChain;
  const first = day;
  // At least one transaction a message, so that it always moves on.
  do {
    const chunk = nextDays(state, settings, day);
    const next = await database.transaction((tx) => recordDays(tx, settings, chunk.days, chain));
    if (next === undefined) {
      logger.warn('these days are done by somebody else, or the simulation was cancelled', {
        simulationId,
        day,
      });
      return;
    }
    chain = next;
    state = chunk.state;
    day += chunk.days.length;
  } while (day < settings.days && day - first < DAYS_PER_MESSAGE && remainingMs() > RESERVE_MS);
  logger.info('simulate', { simulationId, from: first, to: day, of: settings.days });
  if (day === settings.days) return;
  const checkpoint = pack(state);
  // without it the days before are simulated again
  if (checkpoint.length <= MOST_CHECKPOINT) await keepCheckpoint(database, simulationId, day, checkpoint);
  await simulateQueue.send([message]);
}

/** Opens the simulation where the request that asked is not committed yet. */
async function standingOf(
  database: Database,
  message: WorldRequested,
): Promise<SimulationStanding | undefined> {
  const read = () => database.transaction((tx) => readStanding(tx, message.simulationId));
  const standing = await read();
  if (standing) return standing;
  await database.transaction((tx) => openSimulation(tx, message));
  return await read();
}

/** The state after the last day that is written. */
function resume(
  settings: SimulationSettings,
  { checkpoint, checkpointDay, daysDone }: SimulationStanding,
): { readonly state: WorldState; readonly day: number } {
  let state = checkpoint === undefined ? openWorld(settings) : unpack(checkpoint);
  for (let day = checkpoint === undefined ? 0 : checkpointDay; day < daysDone; day++)
    state = simulateDay(state, settings, day).state;
  return { state, day: daysDone };
}

function nextDays(
  before: WorldState,
  settings: SimulationSettings,
  from: number,
): { readonly state: WorldState; readonly days: DayEvents[] } {
  const days: DayEvents[] = [];
  let state = before;
  let movements = 0;
  while (days.length < DAYS_PER_TRANSACTION && from + days.length < settings.days) {
    const next = simulateDay(state, settings, from + days.length);
    if (days.length > 0 && movements + next.events.movements.length > MOVEMENTS_PER_TRANSACTION) break;
    movements += next.events.movements.length;
    days.push(next.events);
    state = next.state;
  }
  return { state, days };
}

const pack = (state: WorldState): string => gzipSync(JSON.stringify(state)).toString('base64');
const unpack = (text: string): WorldState =>
  JSON.parse(gunzipSync(Buffer.from(text, 'base64')).toString()) as WorldState;
