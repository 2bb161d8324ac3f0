import { seedOf } from '../../math/random.ts';
import { spreadFactors } from '../calibrate/spread-factors.ts';
import { FRAME_SHAPE } from '../global/frame-shape.ts';
import { fitGlobal, type GlobalModel } from '../global/global-model.ts';
import { type LaunchPool, launchPool } from '../launch/launch-pool.ts';
import type { MapSeries, Panel, PanelForecast, PanelSeries, PanelSeriesForecast } from '../panel.ts';
import { gridOf, LEVEL_GRID } from './level-grid.ts';
import { groupOf, isPlain, type PanelGroup, PanelModel, type PanelRule } from './panel-model.ts';
import { type PastCell, poolWeights, type WeightsFor, weighted } from './pool-weights.ts';

export interface TrainOptions {
  readonly horizon: number;
  readonly seed: number;
  readonly mapSeries: MapSeries;
  /** Models of single series. Default: those that the size of the panel allows. */
  readonly members?: readonly string[];
  /** Rows that the global model learns from, about. Default: its own. */
  readonly rows?: number;
  /** What series that have just begun are like. Default: those of the panel, as their regressors tell. */
  readonly launches?: LaunchPool;
}

/** Models of single series that every panel bears. */
const MEMBERS = ['blend', 'theta', 'online', 'counts', 'empirical'] as const;
/** Those that take tens of milliseconds a series. */
const SLOW_MEMBERS = ['arima'] as const;
/** Series, and quantities of them all, up to which they are afforded. */
const AFFORDABLE = { series: 200, quantities: 60_000 } as const;
/** Past origins that weights and spreads are learnt at, one horizon apart. */
const MOST_ORIGINS = 3;
/** Share of the longest history that must lie before the earliest of them. */
const LEAST_BEFORE = 0.6;
/** Share of the history that the global model of past origins may be without. */
const MOST_HELD_BACK = 0.2;
/** Series that the past is looked at for; weights are common to all. */
const MOST_SAMPLED = 300;
/** With fewer series there is nothing to learn from one for another. */
const FEWEST_FOR_GLOBAL = 5;
/** Prior weight of the global model; the others share the rest. */
const PRIOR_GLOBAL = 0.6;
const PRIOR_WITH_INPUTS = 0.95;
/** Points of a group that weigh as much as what all groups say together. */
const PRIOR_POINTS = 2000;

/**
 * Learns from a panel how to forecast its series: a global model of all of them, weights of it and of models of single
 * series, and how wide to spread. Weights and spreads are those that would have been best at past origins, each forecast
 * from what lay before it.
 */
export async function trainPanel(panel: Panel, options: TrainOptions): Promise<PanelModel> {
  const { horizon, seed } = options;
  const past = await lookBack(panel, options);
  const rule = (group: PanelGroup): PanelRule =>
    ruleFor(past.cells, group, priorOf(past.names, panel.known.length > 0));
  return new PanelModel({
    names: past.names,
    rules: { slow: rule('slow'), steady: rule('steady') },
    global: past.names.includes('global')
      ? fitGlobal(panel, { ...rowsOf(options), horizon, holdBack: 0, seed })
      : null,
    launches: options.launches ?? launchPool(panel.series),
  });
}

export interface GroupedCell extends PastCell {
  readonly group: PanelGroup;
}

export interface Past {
  readonly cells: readonly GroupedCell[];
  /** Of the members of each cell. */
  readonly names: readonly string[];
}

/** What every member would have said at past origins, and what came. */
export async function lookBack(panel: Panel, options: TrainOptions): Promise<Past> {
  const { horizon, seed } = options;
  const { period, series, known } = panel;
  const longest = series.reduce((most, { quantities }) => Math.max(most, quantities.length), 0);
  const backs = pastBacks(longest, FRAME_SHAPE[panel.frequency].least, horizon);
  const singles = options.members ?? membersFor(panel);
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
  const cells: GroupedCell[] = [];
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

/** The models of single series that a panel can afford. */
export function membersFor({ series }: Panel): readonly string[] {
  const quantities = series.reduce((sum, one) => sum + one.quantities.length, 0);
  return series.length <= AFFORDABLE.series && quantities <= AFFORDABLE.quantities
    ? [...MEMBERS, ...SLOW_MEMBERS]
    : MEMBERS;
}

function rowsOf({ rows }: TrainOptions): { rows?: number } {
  return rows === undefined ? {} : { rows };
}

interface PastOrigin {
  readonly back: number;
  readonly horizon: number;
  readonly own: readonly PanelSeriesForecast[];
  readonly global: GlobalModel | null;
}

function cellOf(series: PanelSeries, { back, horizon, own, global }: PastOrigin): GroupedCell | null {
  const n = series.quantities.length - back;
  const { demandClass, model } = own[0]!;
  if (isPlain(demandClass, model)) return null;
  const joint = global?.forecast(global.prepare(series), n - 1);
  const { size, change } = scaleOf(series.quantities.subarray(0, n));
  if (!(size > 0 && change > 0)) return null;
  const singles = own.map(({ mean, quantiles }) => gridOf(mean, quantiles));
  return {
    members: joint ? [...singles, joint] : singles,
    actual: series.quantities.subarray(n, n + horizon),
    scale: change,
    // Between the two usual ways to average: every series alike, and every unit alike.
    weight: 1 / Math.sqrt(size),
    group: groupOf(demandClass),
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

/** What the past of a group, and of all groups, says. */
export function ruleFor(all: readonly GroupedCell[], group: PanelGroup, prior: readonly number[]): PanelRule {
  const cells = all.filter((cell) => cell.group === group);
  const points = cells.reduce((sum, { actual }) => sum + actual.length, 0);
  const share = points / (points + PRIOR_POINTS);
  const weightsFor = (what: WeightsFor): number[] => {
    const mine = poolWeights(cells, prior, what);
    return poolWeights(all, prior, what).map((weight, k) => (1 - share) * weight + share * mine[k]!);
  };
  const weights = { mean: weightsFor('mean'), quantiles: weightsFor('quantiles') };
  const past = points > PRIOR_POINTS ? cells : all;
  const factors = spreadFactors(
    past.map(({ members, actual, weight }) => ({ forecast: weighted(members, weights), actual, weight })),
  );
  return { weights, factors };
}

/** Weights before any evidence: most for the global model, all the more when only it knows of inputs ahead. */
export function priorOf(names: readonly string[], hasKnown: boolean): number[] {
  const others = names.filter((name) => name !== 'global').length;
  const share = others === names.length ? 0 : hasKnown ? PRIOR_WITH_INPUTS : PRIOR_GLOBAL;
  return names.map((name) => (name === 'global' ? share : (1 - share) / others));
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

export interface MemberOptions {
  readonly period: number;
  readonly horizon: number;
  /** Wanted besides those of LEVEL_GRID. */
  readonly levels: readonly number[];
  readonly seed: number;
  readonly mapSeries: MapSeries;
}

/** The forecasts of models of single series: one list for each model, in the order of the series. */
export async function forecastMembers(
  series: readonly PanelSeries[],
  models: readonly string[],
  { period, horizon, levels, seed, mapSeries }: MemberOptions,
): Promise<PanelForecast[]> {
  const all = [...new Set<number>([...LEVEL_GRID, ...levels])];
  const found: PanelForecast[] = [];
  for (const model of models) {
    found.push(await mapSeries({ model, period, horizon, levels: all, seed }, series));
  }
  return found;
}
