import type { Queue } from '../../shared/aws/queue.ts';
import type { ForecastsReady } from '../../shared/contracts/messages.ts';
import {
  countRestockedChunks,
  type ForecastRun,
  findChunk,
  finishRun,
  lockRun,
  supersedeOlderRuns,
} from '../../shared/data/forecasts/forecast-run-store.ts';
import { type FittedSeries, readFittedSeries } from '../../shared/data/forecasts/forecast-store.ts';
import { forgetOldForecasts } from '../../shared/data/forecasts/old-forecasts.ts';
import type { SeriesKey } from '../../shared/data/forecasts/series-store.ts';
import { announce } from '../../shared/data/messages/outbox-store.ts';
import { raiseAlert, settleAlert, settleLowStock } from '../../shared/data/planning/alert-store.ts';
import { readPlanTiming } from '../../shared/data/planning/plan-timing.ts';
import { dateDrafts, lockDrafts, mirrorDrafts } from '../../shared/data/purchasing/purchase-order-store.ts';
import type { Database, Statements } from '../../shared/data/sql/database.ts';
import {
  countOutcome,
  readStandingSuggestions,
  readStraySuggestions,
  withdrawSuggestions,
} from '../../shared/data/suggestions/suggestion-store.ts';
import { type DraftPlace, readPlacesToRaise } from '../../shared/data/suggestions/top-up-store.ts';
import { deadStockReader, type ReadDeadStock } from '../../shared/data/waste/dead-stock-store.ts';
import type { Delivery } from '../../shared/runtime/queue-handler.ts';
import { afterPlan, afterPlanAgain } from './after-plan.ts';
import { classifyRun } from './classify-run.ts';
import { readProducts, readWorld, type World } from './read-products.ts';
import { renewSuggestions } from './renew-suggestions.ts';
import { topUpOrders } from './top-up-orders.ts';

/** Suggestions without a series that one statement takes back, and statements of one restock. */
const STRAY_PAGE = 1000;
const MAX_STRAY_PAGES = 1000;
/** Drafts of one transaction that raises them, of one list of them, and lists of one restock. */
const DRAFTS_AT_ONCE = 10;
const DRAFT_PAGE = 2_000;
const MAX_DRAFT_PAGES = 1_000;
/** With less time than this left, no chunk is begun, nor are drafts raised. */
const RESERVE_MS = 60_000;
/** Chunks of one transaction while there is time: most of its statements cost the same for few series and for many. */
const CHUNKS_AT_ONCE = 4;
const NO_SUPPLIER = 'no_supplier';

export interface RestockNeeds {
  readonly database: Database;
  readonly restockQueue: Queue;
}

type RestockDelivery = Pick<Delivery, 'remainingMs'> & { readonly logger: Pick<Delivery['logger'], 'info'> };

/**
 * Turns the forecasts of a complete run into suggestions and draft orders, chunk by chunk.
 * After every transaction the drafts mirror the open suggestions; a run that was overtaken stops between two of them.
 * Interrupted anywhere and run again, it goes on after the last chunk that was committed and ends in the same state.
 */
export async function restockRun(
  { database, restockQueue }: RestockNeeds,
  message: ForecastsReady,
  { logger, remainingMs }: RestockDelivery,
): Promise<void> {
  const { runId } = message;
  const run = await database.transaction((tx) => beginRestock(tx, runId));
  if (run.status !== 'restocking') {
    const after = run.status === 'done' ? await afterPlanAgain(database, runId) : {};
    return logger.info('restock: nothing to do', { runId, status: run.status, ...after });
  }
  const world = await readWorld(database);
  const readDead = deadStockReader(database, run.asOf);
  const hasTime = () => remainingMs() >= RESERVE_MS;
  const partFrom = (begin: number) =>
    readPart(database, runId, begin, Math.min(run.chunks, begin + (hasTime() ? CHUNKS_AT_ONCE : 1)));
  let chunk = run.chunksRestocked;
  let part = await partFrom(chunk);
  while (chunk < run.chunks) {
    // At least one chunk a message, so that it always moves on.
    if (chunk > run.chunksRestocked && !hasTime()) {
      await restockQueue.send([message]);
      return logger.info('restock: handed on', { runId, chunk });
    }
    // forecasts of a complete run do not change: those of the next part are read meanwhile
    const [isOurs, next] = await Promise.all([
      database.transaction((tx) => restockPart(tx, runId, part, world, readDead)),
      partFrom(part.end),
    ]);
    if (!isOurs) return logger.info('restock: overtaken by a newer run', { runId, chunk });
    chunk = part.end;
    part = next;
  }
  await withdrawStrays(database, runId);
  // At least some drafts a message that had no chunks to do.
  const hasMoved = chunk > run.chunksRestocked;
  const { isDone, raisedTo } = await raiseDrafts(
    database,
    run,
    world,
    message.raisedTo,
    (drafts) => (drafts === 0 && !hasMoved) || remainingMs() >= RESERVE_MS,
  );
  if (!isDone) {
    await restockQueue.send([{ ...message, ...(raisedTo && { raisedTo }) }]);
    return logger.info('restock: handed on', { runId, raisedTo });
  }
  const outcome = await database.transaction((tx) => finishRestock(tx, runId));
  const after = outcome.status === 'done' ? await afterPlan(database) : {};
  const forgotten = await forgetOldForecasts(database, () => remainingMs() > RESERVE_MS);
  logger.info('restock', { runId, ...outcome, ...after, forgotten });
}

/** Lets the run replace older ones, or be replaced; answers its state after that. */
async function beginRestock(tx: Statements, runId: string): Promise<ForecastRun> {
  const run = await lockRun(tx, runId);
  if (!run) throw new Error(`there is no run ${runId}`);
  if (run.status === 'forecasting')
    throw new Error(`run ${runId} has ${run.chunksDone} of ${run.chunks} chunks`);
  if (run.status !== 'restocking') return run;
  if (!(await supersedeOlderRuns(tx, run))) return { ...run, status: 'superseded' };
  if (run.chunksRestocked === 0) await classifyRun(tx, runId, run.asOf);
  return run;
}

/** Chunks from `begin` up to, and without, `end`, with their forecasts. */
interface Part {
  readonly begin: number;
  readonly end: number;
  readonly keys: readonly SeriesKey[];
  readonly fitted: readonly FittedSeries[];
}

async function readPart(db: Statements, runId: string, begin: number, end: number): Promise<Part> {
  const keys: SeriesKey[] = [];
  const fitted: FittedSeries[] = [];
  for (let chunkNo = begin; chunkNo < end; chunkNo++) {
    const some = (await findChunk(db, runId, chunkNo))?.keys;
    if (!some) throw new Error(`run ${runId} has no chunk ${chunkNo}`);
    keys.push(...some);
    fitted.push(...(await readFittedSeries(db, runId, some)));
  }
  return { begin, end, keys, fitted };
}

/** Makes suggestions and draft orders of a part, or of what another delivery has left of it. */
async function restockPart(
  tx: Statements,
  runId: string,
  part: Part,
  world: World,
  readDead: ReadDeadStock,
): Promise<boolean> {
  const run = await lockRun(tx, runId);
  if (run?.status !== 'restocking') return false;
  // Another delivery of the same message was faster.
  if (run.chunksRestocked >= part.end) return true;
  await lockDrafts(tx);
  const { begin, end, keys, fitted } =
    run.chunksRestocked > part.begin ? await readPart(tx, runId, run.chunksRestocked, part.end) : part;
  const standing = await readStandingSuggestions(tx, keys);
  const { settings, asOf } = run;
  const timing = await readPlanTiming(tx, run);
  const options = { ...world, runId, settings, asOf, timing, standing };
  const products = await readProducts(tx, fitted, options);
  // what has not changed is mirrored already
  await mirrorDrafts(tx, await renewSuggestions(tx, runId, products, standing, readDead));
  await countRestockedChunks(tx, runId, end - begin);
  return true;
}

/** Takes back what belongs to no series any more, some at a time. */
async function withdrawStrays(database: Database, runId: string): Promise<void> {
  for (let page = 0; page < MAX_STRAY_PAGES; page++) {
    const found = await database.transaction(async (tx) => {
      if ((await lockRun(tx, runId))?.status !== 'restocking') return 0;
      await lockDrafts(tx);
      const strays = await readStraySuggestions(tx, runId, STRAY_PAGE);
      const ids = strays.map((stray) => stray.suggestionId);
      await withdrawSuggestions(tx, ids);
      await mirrorDrafts(tx, strays);
      return strays.length;
    });
    if (found < STRAY_PAGE) return;
  }
}

/**
 * Raises the drafts after a place to their suppliers' minimum, a few in a transaction. Answers the place that it
 * came to, and whether that is the end or the time was over; whoever repeats some of it changes nothing.
 */
async function raiseDrafts(
  database: Database,
  { runId, settings, asOf }: ForecastRun,
  world: World,
  begin: DraftPlace | undefined,
  hasTime: (draftsDone: number) => boolean,
): Promise<{ readonly isDone: boolean; readonly raisedTo: DraftPlace | undefined }> {
  const timing = await readPlanTiming(database, { runId, asOf });
  let after = begin;
  let done = 0;
  for (let page = 0; page < MAX_DRAFT_PAGES; page++) {
    const places = await readPlacesToRaise(database, after, DRAFT_PAGE);
    for (let at = 0; at < places.length; at += DRAFTS_AT_ONCE) {
      if (!hasTime(done)) return { isDone: false, raisedTo: after };
      const some = places.slice(at, at + DRAFTS_AT_ONCE);
      await database.transaction(async (tx) => {
        if ((await lockRun(tx, runId))?.status !== 'restocking') return;
        await lockDrafts(tx);
        await topUpOrders(tx, some, { ...world, runId, settings, asOf, timing });
      });
      after = some.at(-1);
      done += some.length;
    }
    if (places.length < DRAFT_PAGE) break;
  }
  return { isDone: true, raisedTo: after };
}

/** Dates the drafts and announces the plan. */
async function finishRestock(tx: Statements, runId: string) {
  const run = await lockRun(tx, runId);
  if (run?.status !== 'restocking') return { status: run?.status };
  await lockDrafts(tx);
  await dateDrafts(tx);
  const { suggestions, drafts, withoutSupplier } = await countOutcome(tx, runId);
  const about = { correlationId: runId };
  if (withoutSupplier > 0) {
    await raiseAlert(
      tx,
      {
        key: NO_SUPPLIER,
        type: NO_SUPPLIER,
        level: 'warning',
        title: 'Products without a supplier',
        message: `${withoutSupplier} of ${run.series} planned series have no active supplier: nothing can be bought for them.`,
      },
      about,
    );
  } else {
    await settleAlert(tx, NO_SUPPLIER);
  }
  await settleLowStock(tx);
  await announce(tx, 'forecast.completed', { runId, asOf: run.asOf, series: run.series }, about);
  await announce(tx, 'suggestions.updated', { runId, suggestions, purchaseOrders: drafts }, about);
  await finishRun(tx, runId);
  return { status: 'done', suggestions, drafts, withoutSupplier };
}
