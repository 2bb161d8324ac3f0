import { replaySeries } from '../../shared/core/replay/replay-series.ts';
import { answerErrands } from '../threads.ts';
import type { ReplayAnswer, ReplayErrand } from './replay-workers.ts';

/** A worker thread that replays the series it is sent. */
answerErrands(({ task, series }: ReplayErrand): ReplayAnswer => series.map((one) => replaySeries(task, one)));
