import type { AssessRequested } from '../../shared/contracts/messages.ts';
import { readDueBuckets } from '../../shared/data/forecasts/accuracy-close-store.ts';
import { keepOrigin } from '../../shared/data/forecasts/accuracy-origin-store.ts';
import { findRun } from '../../shared/data/forecasts/forecast-run-store.ts';
import { forgetOldAccuracy } from '../../shared/data/forecasts/old-accuracy.ts';
import type { Database } from '../../shared/data/sql/database.ts';
import type { Delivery } from '../../shared/runtime/queue-handler.ts';
import { closeBucket } from './close-bucket.ts';
import { watchAccuracy } from './watch-accuracy.ts';

/** With less time than this left, no further week is closed: the next plan's assessment goes on. */
const RESERVE_MS = 60_000;

export interface AssessNeeds {
  readonly database: Database;
}

type AssessDelivery = Pick<Delivery, 'remainingMs'> & { readonly logger: Pick<Delivery['logger'], 'info'> };

/**
 * After a plan: closes the weeks that are over by its day, with what earlier plans had forecast for them, keeps the
 * plan's own forecasts for weeks to come if it is the first of its week, and raises alerts where forecasts have gone
 * wrong for long. Every step finds what is done already, so that a redelivery changes nothing.
 */
export async function assessRun(
  { database }: AssessNeeds,
  { runId }: AssessRequested,
  { logger, remainingMs }: AssessDelivery,
): Promise<void> {
  const run = await findRun(database, runId);
  if (!run) throw new Error(`there is no run ${runId}`);
  const { asOf, status } = run;
  if (status !== 'done') return logger.info('assess: the run did not end well', { runId, status });
  // first the forecasts: the plans to come push them out
  const kept = await database.transaction((tx) => keepOrigin(tx, run));
  const due = await readDueBuckets(database, asOf);
  let closed = 0;
  for (const bucketEnd of due) {
    if (closed > 0 && remainingMs() < RESERVE_MS) break;
    if (await database.transaction((tx) => closeBucket(tx, bucketEnd))) closed++;
  }
  // also without a new week: whoever closed the last one may have died before it came to this
  const alerts = await database.transaction((tx) => watchAccuracy(tx));
  await forgetOldAccuracy(database, () => remainingMs() > RESERVE_MS);
  logger.info('assess', { runId, asOf, kept, due: due.length, closed, alerts });
}
