import { seedOf } from '../../math/random.ts';
import { FRAME_SHAPE } from '../global/frame-shape.ts';
import { fitGlobal, type GlobalModel } from '../global/global-model.ts';
import type { Panel, PanelSeries, PanelSeriesForecast } from '../panel.ts';
import { forecastMembers } from './forecast-members.ts';
import { gridOf } from './level-grid.ts';
import { groupOf, isPlain } from './panel-model.ts';
import type { PastCell } from './past-cell.ts';
import { kindOf } from './quantity-kind.ts';
import { rowsOf, type TrainOptions } from './train-options.ts';

/** Past origins that weights and spreads are learnt at, one horizon apart. */
const MOST_ORIGINS = 3;
/** Share of the longest history that must lie before the earliest of them. */
const LEAST_BEFORE = 0.6;
/** Share of the history that the global model of past origins may be without. */
const MOST_HELD_BACK = 0.2;
/** Series that the past is looked at for. */
const MOST_SAMPLED = 400;
/** With fewer series there is nothing to learn from one for another. */
const FEWEST_FOR_GLOBAL = 5;

/** What training needs to look back: the members are settled. */
export type LookBackOptions = TrainOptions & { readonly members: readonly string[] };

export interface Past {
  readonly cells: readonly PastCell[];
  /** Of the members of each cell. */
  readonly names: readonly string[];
}

/** What every member would have said at past origins, and what came. */
export async function lookBack(panel: Panel, options: LookBackOptions): Promise<Past> {
  const { horizon, seed } = options;
  const { period, series, known } = panel;
  const longest = series.reduce((most, { quantities }) => Math.max(most, quantities.length), 0);
  const backs = pastBacks(longest, FRAME_SHAPE[panel.frequency].least, horizon);
  const singles = options.members;
  const oldest = backs.at(-1) ?? 0;
  const first =
    series.length >= FEWEST_FOR_GLOBAL
      ? fitGlobal(panel, { ...rowsOf(options), horizon, holdBack: oldest, seed })
      : null;
  // One fit will do for all past origins, unless the periods between them are much of what there is to learn from.
  const isOneEnough = oldest <= MOST_HELD_BACK * longest;
  const globalAt = (back: number): GlobalModel | null =>
    first === null || isOneEnough || back === oldest
      ? first
      : fitGlobal(panel, { ...rowsOf(options), horizon, holdBack: back, seed, trees: first.trees });
  const names = first ? [...singles, 'global'] : singles;
  const cells: PastCell[] = [];
  const sample = sampleOf(series, seed);
  for (const back of backs) {
    const global = globalAt(back);
    const chosen = sample.filter((one) => one.quantities.length > back);
    const before = chosen.map((one) => upTo(one, back, known, horizon));
    const own = await forecastMembers(before, singles, { ...options, period, levels: [] });
    chosen.forEach((one, i) => {
      const forecasts = own.map((forecasts) => forecasts[i]!);
      const cell = cellOf(one, { back, horizon, own: forecasts, global });
      if (cell?.members.length === names.length) cells.push(cell);
    });
  }
  return { cells, names };
}

/** How many periods before the end the past origins lie, newest first. */
function pastBacks(longest: number, least: number, horizon: number): number[] {
  return Array.from({ length: MOST_ORIGINS }, (_, i) => (i + 1) * horizon).filter(
    (back) => longest - back >= Math.max(LEAST_BEFORE * longest, 2 * least),
  );
}

interface PastOrigin {
  readonly back: number;
  readonly horizon: number;
  readonly own: readonly PanelSeriesForecast[];
  readonly global: GlobalModel | null;
}

function cellOf(series: PanelSeries, { back, horizon, own, global }: PastOrigin): PastCell | null {
  const n = series.quantities.length - back;
  const { demandClass, model } = own[0]!;
  if (isPlain(demandClass, model)) return null;
  const joint = global?.forecast(global.prepare(series), n - 1);
  const before = series.quantities.subarray(0, n);
  const { size, change } = scaleOf(before);
  if (!(size > 0 && change > 0)) return null;
  const singles = own.map(({ mean, quantiles }) => gridOf(mean, quantiles));
  return {
    id: series.id,
    group: groupOf(demandClass),
    members: joint ? [...singles, joint] : singles,
    actual: series.quantities.subarray(n, n + horizon),
    scale: change,
    // Between the two usual ways to average: every series alike, and every unit alike.
    weight: 1 / Math.sqrt(size),
    ...kindOf(before),
  };
}

/** Mean size of a quantity, and of the change from one period to the next. */
function scaleOf(training: Float64Array): { size: number; change: number } {
  let size = 0;
  let change = 0;
  for (let t = 0; t < training.length; t++) {
    size += Math.abs(training[t]!) || 0;
    if (t > 0) change += Math.abs(training[t]! - training[t - 1]!) || 0;
  }
  return { size: size / training.length, change: change / training.length };
}

/** The same series whatever the others are: by the chance of their names. */
function sampleOf(series: readonly PanelSeries[], seed: number): readonly PanelSeries[] {
  const draws = new Map(series.map(({ id }) => [id, seedOf(seed, id)]));
  return [...series].sort((a, b) => draws.get(a.id)! - draws.get(b.id)!).slice(0, MOST_SAMPLED);
}

function upTo(series: PanelSeries, back: number, known: readonly string[], horizon: number): PanelSeries {
  const n = series.quantities.length - back;
  const regressors = Object.fromEntries(
    Object.entries(series.regressors).map(([name, column]) => [
      name,
      column.slice(0, known.includes(name) ? n + horizon : n),
    ]),
  );
  return { ...series, quantities: series.quantities.slice(0, n), regressors };
}
