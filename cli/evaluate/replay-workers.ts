import type { CaseInput } from '../../shared/core/replay/replay-case.ts';
import { type ReplayTask, replaySeries, type SeriesReplay } from '../../shared/core/replay/replay-series.ts';
import { askThread, startThread } from '../threads.ts';

/** One errand for a worker thread: replay these series. */
export interface ReplayErrand {
  readonly task: ReplayTask;
  readonly series: readonly CaseInput[];
}

/** What a worker thread answers: null for a series that is too short. */
export type ReplayAnswer = readonly (SeriesReplay | null)[];

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
  const run = async (work: (errand: ReplayErrand) => Promise<ReplayAnswer>): Promise<void> => {
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
  const threads = Array.from({ length: Math.min(jobs, Math.ceil(series.length / SERIES_A_CHUNK)) }, () =>
    startThread('./replay-thread', import.meta.url),
  );
  try {
    await Promise.all(
      threads.map((thread) => run((errand) => askThread<ReplayErrand, ReplayAnswer>(thread, errand))),
    );
  } finally {
    await Promise.all(threads.map((thread) => thread.terminate()));
  }
  return found;
}
