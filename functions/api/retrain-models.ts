import type { Queue } from '../../shared/aws/queue.ts';
import type { Retraining } from '../../shared/contracts/api/planning.ts';
import type { TrainRequested } from '../../shared/contracts/messages.ts';
import { readBusinessDay } from '../../shared/data/business-day.ts';
import type { Statements } from '../../shared/data/database.ts';
import { listModels } from '../../shared/data/model-reads.ts';

export interface RetrainNeeds {
  readonly db: Statements;
  readonly trainQueue: Queue;
  readonly now: Date;
}

/** Asks for a training, unless the newest model knows the last day with demand and nobody insists. */
export async function retrainModels(
  { db, trainQueue, now }: RetrainNeeds,
  force: boolean,
): Promise<Retraining> {
  const { data } = await listModels(db, now, { skip: 0, limit: 1 });
  const model = data[0] ?? null;
  const lastDay = await readBusinessDay(db);
  const isCurrent = model?.status === 'ready' && lastDay !== undefined && model.as_of >= lastDay;
  if (isCurrent && !force) {
    const message = `Nothing to do: the newest model knows all days up to ${model.as_of}`;
    return { success: true, message, requested: false, force, model };
  }
  await trainQueue.send([{ type: 'TrainRequested', cause: 'api' } satisfies TrainRequested]);
  const message = 'Training is asked for; a model of the same data and settings is kept as it is';
  return { success: true, message, requested: true, force, model };
}
