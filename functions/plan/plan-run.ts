import type { Queue } from '../../shared/aws/queue.ts';
import type {
  ForecastRequested,
  ForecastsReady,
  GroupsRequested,
  PlanRequested,
  TrainRequested,
} from '../../shared/contracts/messages.ts';
import { daysBetween } from '../../shared/core/calendar/add-days.ts';
import { readUnsoldKeys } from '../../shared/data/demand/unsold-store.ts';
import { findNewestModel } from '../../shared/data/forecasts/forecast-model-store.ts';
import {
  type ForecastRun,
  findNewestRun,
  findRun,
  insertRun,
  readOpenChunks,
} from '../../shared/data/forecasts/forecast-run-store.ts';
import {
  PERIOD_DAYS,
  readSeriesKeys,
  SERIES_PER_READ,
  type SeriesKey,
} from '../../shared/data/forecasts/series-store.ts';
import { claim } from '../../shared/data/messages/inbox-store.ts';
import { readBusinessDay } from '../../shared/data/planning/business-day.ts';
import { digestPlanInputs } from '../../shared/data/planning/plan-inputs-store.ts';
import { readPlanSettings } from '../../shared/data/planning/setting-store.ts';
import type { Database } from '../../shared/data/sql/database.ts';
import type { Delivery } from '../../shared/runtime/queue-handler.ts';
import { readKnownInputs } from '../forecast/known-inputs.ts';
import { HORIZON } from '../forecast/weekly-grid.ts';
import { TRAIN_VERSION } from '../train/training-task.ts';
import { learnLeadTimes } from './learn-lead-times.ts';
import { planHashOf, runIdOf } from './run-identity.ts';

/** Days of data after which a model is old. A week more than the schedule trains it at, so that one may fail. */
const MODEL_DAYS = 15;
/** An import is often several files, each of which asks for a plan: what is trained then has seen them all. */
const TRAIN_DELAY_SECONDS = 120;

export interface PlanNeeds {
  readonly database: Database;
  readonly forecastQueue: Queue;
  readonly restockQueue: Queue;
  readonly trainQueue: Queue;
}

/**
 * Makes a run with its chunks and asks for the forecast of each.
 * The same asking makes one run, however often it is delivered; a redelivery asks again for what is still open.
 */
export async function planRun(
  needs: PlanNeeds,
  message: PlanRequested,
  delivery: PlanDelivery,
): Promise<void> {
  const runId = runIdOf(message.cause, message.key ?? delivery.messageId);
  const run =
    (await findRun(needs.database, runId)) ?? (await makeRun(needs.database, runId, message, delivery));
  if (!run) return;
  await askForOpenWork(needs, run);
  await askForTraining(needs, run);
}

export type PlanDelivery = Pick<Delivery, 'messageId'> & {
  readonly logger: Pick<Delivery['logger'], 'info'>;
};

/** Undefined when there is nothing to plan, or an import left everything as the newest run knew it. */
async function makeRun(
  database: Database,
  runId: string,
  { cause }: PlanRequested,
  { logger }: PlanDelivery,
): Promise<ForecastRun | undefined> {
  // One transaction: what the hash says and what the run covers is one state of the database.
  const outcome = await database.transaction(async (tx) => {
    const settings = await readPlanSettings(tx);
    const asOf = await readBusinessDay(tx);
    if (asOf === undefined) return 'no demand yet';
    const { sources } = await readKnownInputs(tx, settings);
    const modelVersion = (await findNewestModel(tx, TRAIN_VERSION, asOf, sources))?.version ?? null;
    await learnLeadTimes(tx, asOf);
    const digests = await digestPlanInputs(tx, asOf, PERIOD_DAYS * HORIZON);
    const planHash = planHashOf({ asOf, modelVersion, settings, digests });
    const newest = cause === 'import' ? await findNewestRun(tx) : undefined;
    if (newest?.planHash === planHash) return 'nothing changed since the newest run';
    const keys = inOrder([...(await readSeriesKeys(tx, asOf)), ...(await readUnsoldKeys(tx, asOf))]);
    if (keys.length === 0) return 'no series to plan';
    if (!(await claim(tx, 'plan', runId))) return 'planned by another delivery';
    await insertRun(tx, { runId, cause, asOf, planHash, modelVersion, settings }, chunksOf(keys));
    return 'planned';
  });
  const run = await findRun(database, runId);
  const { series, chunks, asOf, modelVersion } = run ?? {};
  logger.info('plan', { outcome, runId, cause, series, chunks, asOf, modelVersion });
  return run;
}

/** By product and location, as the database compares them: by bytes. */
function inOrder(keys: readonly SeriesKey[]): SeriesKey[] {
  const bytes = new Map(keys.map((key) => [key, Buffer.from(`${key.productId}\0${key.locationId}`)]));
  return [...keys].sort((a, b) => Buffer.compare(bytes.get(a)!, bytes.get(b)!));
}

/** The locations of a product stay together, so that one may help another, unless there are too many for one read. */
function chunksOf(keys: readonly SeriesKey[]): SeriesKey[][] {
  const chunks: SeriesKey[][] = [];
  let begin = 0;
  while (begin < keys.length) {
    let end = Math.min(begin + SERIES_PER_READ, keys.length);
    if (end < keys.length) {
      let at = end;
      while (at > begin && keys[at - 1]!.productId === keys[end]!.productId) at--;
      if (at > begin) end = at;
    }
    chunks.push(keys.slice(begin, end));
    begin = end;
  }
  return chunks;
}

/** The plan does not wait for it: this run has the model that was there, the next one the new. */
async function askForTraining({ database, trainQueue }: PlanNeeds, run: ForecastRun): Promise<void> {
  if (run.status !== 'forecasting') return;
  const { sources } = await readKnownInputs(database, run.settings);
  const newest = await findNewestModel(database, TRAIN_VERSION, run.asOf, sources);
  // Its inputs are among those there are now: as many are the same.
  const isOfNow = newest?.inputs.length === sources.length;
  if (newest && isOfNow && daysBetween(newest.asOf, run.asOf) <= MODEL_DAYS) return;
  await trainQueue.send([{ type: 'TrainRequested', cause: 'plan' } satisfies TrainRequested], {
    delaySeconds: TRAIN_DELAY_SECONDS,
  });
}

async function askForOpenWork(
  { database, forecastQueue, restockQueue }: PlanNeeds,
  run: ForecastRun,
): Promise<void> {
  const { runId } = run;
  if (run.status === 'forecasting') {
    const open = await readOpenChunks(database, runId);
    await forecastQueue.send(
      open.map((chunk): ForecastRequested => ({ type: 'ForecastRequested', runId, chunk })),
    );
  }
  if (run.status === 'restocking') {
    // whoever finished the last chunk may have died before it asked; groups that are there are left alone
    await forecastQueue.send([{ type: 'GroupsRequested', runId } satisfies GroupsRequested]);
    await restockQueue.send([{ type: 'ForecastsReady', runId } satisfies ForecastsReady]);
  }
}
