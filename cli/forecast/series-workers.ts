import {
  forecastEach,
  type MapSeries,
  type PanelForecast,
  type PanelSeries,
  type PanelSeriesForecast,
  type SeriesTask,
} from '../../shared/core/forecast/panel.ts';
import { askThread, startThread } from '../threads.ts';

/** One errand for a worker thread: forecast these series. */
export interface Errand {
  readonly task: SeriesTask;
  readonly series: readonly PanelSeries[];
}

/** Threads that forecast single series. */
export interface SeriesWorkers extends AsyncDisposable {
  readonly mapSeries: MapSeries;
}

const MOST_SERIES_A_CHUNK = 64;
/** Chunks a thread should get, so that none is left with a long one at the end. */
const CHUNKS_A_THREAD = 8;

/** Starts threads; 1 means this thread alone. `onDone` is told how many series are ready. */
export function startSeriesWorkers(jobs: number, onDone: (done: number, of: number) => void): SeriesWorkers {
  const threads =
    jobs > 1 ? Array.from({ length: jobs }, () => startThread('./series-thread', import.meta.url)) : [];
  return {
    mapSeries: async (task, series) => {
      const size = Math.ceil(series.length / (jobs * CHUNKS_A_THREAD));
      const chunks = chunksOf(series, Math.min(MOST_SERIES_A_CHUNK, Math.max(1, size)));
      const found = new Array<PanelSeriesForecast[]>(chunks.length);
      let next = 0;
      let done = 0;
      const run = async (work: (errand: Errand) => Promise<PanelForecast>): Promise<void> => {
        while (next < chunks.length) {
          const at = next++;
          found[at] = [...(await work({ task, series: chunks[at]! }))];
          done += chunks[at]!.length;
          onDone(done, series.length);
        }
      };
      if (threads.length === 0) await run(async (errand) => forecastEach(errand.task, errand.series));
      else
        await Promise.all(
          threads.map((thread) => run((errand) => askThread<Errand, PanelForecast>(thread, errand))),
        );
      return found.flat();
    },
    [Symbol.asyncDispose]: async () => {
      await Promise.all(threads.map((thread) => thread.terminate()));
    },
  };
}

function chunksOf<T>(items: readonly T[], size: number): T[][] {
  const chunks: T[][] = [];
  for (let i = 0; i < items.length; i += size) chunks.push(items.slice(i, i + size));
  return chunks;
}
