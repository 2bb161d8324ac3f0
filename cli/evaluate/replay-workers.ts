import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { CaseInput } from '../../shared/core/replay/replay-case.ts';
import { type ReplayTask, replaySeries, type SeriesReplay } from '../../shared/core/replay/replay-series.ts';

/** One errand for a worker thread: replay these series. */
export interface ReplayErrand {
  readonly task: ReplayTask;
  readonly series: readonly CaseInput[];
}

/** What a worker thread answers: null for a series that is too short. */
export type ReplayAnswer =
  | { readonly replays: readonly (SeriesReplay | null)[] }
  | { readonly error: unknown };

const SERIES_A_CHUNK = 8;

/**
 * Replays all series on threads, in order; 1 means this thread alone. Series go out in small chunks, so that no thread is
 * left with a long one at the end. `onDone` is told how many series are ready.
 */
export async function replayAll(
  task: ReplayTask,
  series: readonly CaseInput[],
  { jobs, onDone }: { readonly jobs: number; readonly onDone: (done: number, of: number) => void },
): Promise<readonly (SeriesReplay | null)[]> {
  const found = new Array<SeriesReplay | null>(series.length);
  let next = 0;
  let done = 0;
  const run = async (
    work: (errand: ReplayErrand) => Promise<readonly (SeriesReplay | null)[]>,
  ): Promise<void> => {
    while (next < series.length) {
      const at = next;
      next = Math.min(series.length, at + SERIES_A_CHUNK);
      const replays = await work({ task, series: series.slice(at, next) });
      replays.forEach((replay, i) => {
        found[at + i] = replay;
      });
      done += replays.length;
      onDone(done, series.length);
    }
  };
  if (jobs === 1) {
    await run(async (errand) => errand.series.map((one) => replaySeries(errand.task, one)));
    return found;
  }
  const threads = Array.from(
    { length: Math.min(jobs, Math.ceil(series.length / SERIES_A_CHUNK)) },
    startThread,
  );
  try {
    await Promise.all(threads.map((thread) => run((errand) => ask(thread, errand))));
  } finally {
    await Promise.all(threads.map((thread) => thread.terminate()));
  }
  return found;
}

/** In the published package this file and the thread's are JavaScript. */
function startThread(): Worker {
  return new Worker(new URL(`./replay-thread${extname(import.meta.url)}`, import.meta.url));
}

function ask(thread: Worker, errand: ReplayErrand): Promise<readonly (SeriesReplay | null)[]> {
  return new Promise((resolve, reject) => {
    const settle = (): void => {
      thread.off('message', onMessage).off('error', onError).off('exit', onExit);
    };
    const onMessage = (answer: ReplayAnswer): void => {
      settle();
      if ('error' in answer) reject(answer.error);
      else resolve(answer.replays);
    };
    const onError = (error: unknown): void => {
      settle();
      reject(error);
    };
    const onExit = (code: number): void => onError(new Error(`a thread ended early with code ${code}`));
    thread.on('message', onMessage).on('error', onError).on('exit', onExit);
    thread.postMessage(errand);
  });
}
