import type { Queue } from '../../shared/aws/queue.ts';
import type { ForecastRequested, ForecastsReady, GroupsRequested } from '../../shared/contracts/messages.ts';
import { readHistories } from '../../shared/data/demand/history-store.ts';
import { findChunk, findRun, finishChunk } from '../../shared/data/forecasts/forecast-run-store.ts';
import { saveForecasts } from '../../shared/data/forecasts/forecast-store.ts';
import type { Database } from '../../shared/data/sql/database.ts';
import type { Delivery } from '../../shared/runtime/queue-handler.ts';
import { forecastHistory } from './forecast-history.ts';

import type { Models } from './open-models.ts';
import { readRegressors } from './panel-with-inputs.ts';
import { readBeginners } from './read-beginners.ts';

export interface ForecastNeeds {
  readonly database: Database;
  readonly forecastQueue: Queue;
  readonly restockQueue: Queue;
  readonly models: Models;
}

type ForecastDelivery = { readonly logger: Pick<Delivery['logger'], 'info' | 'warn'> };

/**
 * Forecasts the series of one chunk and stores one row each; the delivery that completes the run asks for the restock,
 * and for the groups, which nothing waits for.
 * A redelivery writes the same rows again, or finds the chunk done and only repeats the asking if it is still due.
 */
export async function forecastChunk(
  { database, forecastQueue, restockQueue, models }: ForecastNeeds,
  { runId, chunk: chunkNo }: ForecastRequested,
  { logger }: ForecastDelivery,
): Promise<void> {
  const run = await findRun(database, runId);
  // Over is over: its chunks may be forgotten already.
  if (run?.status === 'superseded' || run?.status === 'done')
    return logger.info('forecast: the run is over', { runId, status: run.status });
  const chunk = run && (await findChunk(database, runId, chunkNo));
  if (!chunk) throw new Error(`there is no chunk ${chunkNo} of a run ${runId}`);
  if (!chunk.isDone) {
    const sold = await readHistories(database, chunk.keys, run.asOf);
    const { histories, beginners, pool } = await readBeginners(database, chunk.keys, sold, run.asOf);
    const model = run.modelVersion === null ? undefined : await models.load(run.modelVersion, logger);
    const regressors = await readRegressors(database, histories, model, run, logger);
    const { asOf, settings } = run;
    const forecasts = histories.map((history) =>
      forecastHistory(history, { asOf, settings, logger, model, beginners, pool, regressors }),
    );
    // First the rows, then the count: a row of a child table locks its run until the commit, and two workers that
    // hold it so while counting would wait for each other.
    await database.transaction((tx) => saveForecasts(tx, runId, forecasts));
    await database.transaction((tx) => finishChunk(tx, runId, chunkNo));
    logger.info('forecast', { runId, chunk: chunkNo, series: forecasts.length });
  }
  // Read anew: other workers count as well. Two that see the last chunk done both ask, which restock bears.
  const isComplete = (await findRun(database, runId))?.status === 'restocking';
  if (!isComplete) return;
  // First the groups: once the run is restocked, a redelivery of this chunk asks for nothing more.
  await forecastQueue.send([{ type: 'GroupsRequested', runId } satisfies GroupsRequested]);
  await restockQueue.send([{ type: 'ForecastsReady', runId } satisfies ForecastsReady]);
}
