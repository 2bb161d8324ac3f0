import type { Queue } from '../../../shared/aws/queue.ts';
import type { Retraining } from '../../../shared/contracts/api/planning.ts';
import type { TrainRequested } from '../../../shared/contracts/messages.ts';
import { findNewestModel } from '../../../shared/data/forecasts/forecast-model-store.ts';
import { listModels } from '../../../shared/data/forecasts/model-reads.ts';
import { readBusinessDay } from '../../../shared/data/planning/business-day.ts';
import { readPlanSettings } from '../../../shared/data/planning/setting-store.ts';
import type { Statements } from '../../../shared/data/sql/database.ts';
import { readKnownInputs } from '../../forecast/known-inputs.ts';
import { TRAIN_VERSION } from '../../train/training-task.ts';

export interface RetrainNeeds {
  readonly db: Statements;
  readonly trainQueue: Queue;
  readonly now: Date;
}

/**
 * Asks for a training, unless the newest model is one that a plan would take now and knows the last day with demand, and
 * nobody insists.
 */
export async function retrainModels(
  { db, trainQueue, now }: RetrainNeeds,
  force: boolean,
): Promise<Retraining> {
  const { data } = await listModels(db, now, { skip: 0, limit: 1 });
  const model = data[0] ?? null;
  const isCurrent = !force && model?.status === 'ready' && (await isOfNow(db, model.version));
  if (isCurrent) {
    const message = `Nothing to do: the newest model knows all days up to ${model.as_of}`;
    return { success: true, message, requested: false, force, model };
  }
  await trainQueue.send([{ type: 'TrainRequested', cause: 'api' } satisfies TrainRequested]);
  const message = 'Training is asked for; a model of the same data and settings is kept as it is';
  return { success: true, message, requested: true, force, model };
}

/** Whether a plan would take that model, and it knows the last day with demand and all inputs that there are. */
async function isOfNow(db: Statements, version: string): Promise<boolean> {
  const lastDay = await readBusinessDay(db);
  if (lastDay === undefined) return false;
  const { sources } = await readKnownInputs(db, await readPlanSettings(db));
  const newest = await findNewestModel(db, TRAIN_VERSION, lastDay, sources);
  if (newest?.version !== version || newest.asOf < lastDay) return false;
  return sources.every((source) => newest.inputs.includes(source));
}
