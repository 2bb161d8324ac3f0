import { parentPort } from 'node:worker_threads';
import { replaySeries } from '../../shared/core/replay/replay-series.ts';
import type { ReplayAnswer, ReplayErrand } from './replay-workers.ts';

/** A worker thread: replays the series it is sent, one chunk after the other. */
parentPort?.on('message', ({ task, series }: ReplayErrand) => {
  let answer: ReplayAnswer;
  try {
    answer = { replays: series.map((one) => replaySeries(task, one)) };
  } catch (error) {
    answer = { error };
  }
  parentPort?.postMessage(answer);
});
