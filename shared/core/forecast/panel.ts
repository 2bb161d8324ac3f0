import type { Frequency } from '../calendar/period-grid.ts';
import { seedOf } from '../math/random.ts';
import { forecastSeries } from './auto.ts';
import { classifyDemand, type DemandClass } from './classify.ts';
import { forecastMembers } from './combine/forecast-members.ts';
import { trainPanel } from './combine/train-panel.ts';
import { forecastGlobal, GLOBAL_MODELS } from './global/forecast-global.ts';
import { type DroppedInput, inputColumns } from './inputs/input-columns.ts';
import { withBeginners } from './launch/with-beginners.ts';
import { assertAsked, HistoryError, type Quantiles } from './model.ts';
import { NAMED_MODELS } from './named-models.ts';

/** A column beside the quantities: numbers (NaN is unknown) or categories (null is unknown). */
export type Regressor = Float64Array | readonly (string | null)[];

export interface PanelSeries {
  readonly id: string;
  /** First day of the first period, `YYYY-MM-DD`. */
  readonly start: string;
  /** Up to the origin, oldest first; NaN is unknown. */
  readonly quantities: Float64Array;
  /** As long as the quantities; those of `Panel.known` reach `horizon` periods further. */
  readonly regressors: Readonly<Record<string, Regressor>>;
}

/** Many series up to one origin. */
export interface Panel {
  readonly frequency: Frequency;
  /** Periods in a season. */
  readonly period: number;
  readonly series: readonly PanelSeries[];
  /** Names of the regressors whose future is known. */
  readonly known: readonly string[];
}

export interface SeriesTask {
  /** `blend` (an average of models that the history alone decides) or a name of NAMED_MODELS. */
  readonly model: string;
  readonly period: number;
  readonly horizon: number;
  readonly levels: readonly number[];
  readonly seed: number;
  /** Names of the regressors whose future is known. Default none. */
  readonly known?: readonly string[];
}

export interface PanelSeriesForecast {
  readonly id: string;
  /** What the forecast came from, such as `theta+tsb+ets`. */
  readonly model: string;
  readonly demandClass: DemandClass;
  readonly mean: readonly number[];
  readonly quantiles: Quantiles;
  /** Regressors that the model could have used and did not. */
  readonly dropped?: readonly DroppedInput[];
}

/** In the order of the panel's series. */
export type PanelForecast = readonly PanelSeriesForecast[];

/** Runs `forecastEach` on parts of the series, somewhere, and joins the answers in order. */
export type MapSeries = (task: SeriesTask, series: readonly PanelSeries[]) => Promise<PanelForecast>;

export interface PanelOptions {
  readonly horizon: number;
  readonly levels: readonly number[];
  readonly seed: number;
  /** Default: `auto`. */
  readonly model?: string;
  /** Where the work on single series is done. Default: here, one after the other. */
  readonly mapSeries?: MapSeries;
}

/**
 * Forecasts all series of a panel. Their order and the way they are spread change nothing: what is learnt from all is
 * learnt in the order of their names, and the chance of a series comes from the seed and its name. RangeError for a
 * name that two series have, HistoryError for an infinite quantity.
 */
export async function forecastPanel(panel: Panel, options: PanelOptions): Promise<PanelForecast> {
  const { horizon, levels, seed, model = 'auto' } = options;
  assertAsked(horizon, levels);
  assertSeries(panel.series);
  const isOfAll = Object.hasOwn(GLOBAL_MODELS, model);
  if (model !== 'auto' && model !== 'blend' && !isOfAll && !Object.hasOwn(NAMED_MODELS, model))
    throw new RangeError(`there is no model named ${model}`);
  const mapSeries = options.mapSeries ?? (async (task, series) => forecastEach(task, series));
  const { period, series } = panel;
  if (isOfAll) return forecastGlobal(panel, { model, horizon, levels, seed, mapSeries });
  if (model !== 'auto')
    return mapSeries({ model, period, horizon, levels, seed, known: panel.known }, series);
  // By name, so that the order of the series changes nothing of what is learnt from all of them.
  const sorted = series.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const trained = await trainPanel({ ...panel, series: sorted }, { horizon, seed, mapSeries });
  const own = await forecastMembers(series, trained.singles, { period, horizon, levels, seed, mapSeries });
  const combined = series.map((one, i) => {
    const forecasts = own.map((list) => list[i]!);
    return trained.combine(one, forecasts, levels);
  });
  const pool = trained.launches;
  return withBeginners(series, combined, { horizon, levels, period, own: own[0]!, pool });
}

function assertSeries(series: readonly PanelSeries[]): void {
  const names = new Set<string>();
  for (const { id, quantities } of series) {
    if (names.has(id)) throw new RangeError(`two series are named ${id}`);
    names.add(id);
    if (quantities.some((value) => value === Number.POSITIVE_INFINITY || value === Number.NEGATIVE_INFINITY))
      throw new HistoryError(`a quantity of series ${id} is infinite`);
  }
}

/** Forecasts series one by one, each from its own history alone. */
export function forecastEach(task: SeriesTask, series: readonly PanelSeries[]): PanelForecast {
  return series.map((one) => forecastOne(task, one));
}

function forecastOne(task: SeriesTask, series: PanelSeries): PanelSeriesForecast {
  const { id, quantities } = series;
  const named = task.model === 'blend' ? null : forecastNamed(task, series);
  const { model, demandClass, mean, quantiles } =
    named ?? forecastSeries({ ...task, quantities, seed: seedOf(task.seed, id) });
  return {
    id,
    model,
    demandClass,
    mean,
    quantiles,
    ...(named?.dropped?.length && { dropped: named.dropped }),
  };
}

/** Null when the history is not enough for that model, which `auto` always has an answer to. */
function forecastNamed(
  { model, period, horizon, levels, known = [] }: SeriesTask,
  series: PanelSeries,
): Omit<PanelSeriesForecast, 'id'> | null {
  const y = series.quantities;
  const named = NAMED_MODELS[model]!;
  const most = named.mostInputs?.(period);
  const inputs = most === undefined ? undefined : inputColumns(series, { known, horizon, most });
  let found: { readonly mean: readonly number[]; readonly quantiles: Quantiles };
  try {
    found = named.fit(y, { period, horizon, inputs: inputs?.columns ?? [] }).forecast(horizon, levels);
  } catch (error) {
    if (error instanceof HistoryError) return null;
    throw error;
  }
  const isSigned = y.some((value) => value < 0);
  const floored = (values: readonly number[]): readonly number[] =>
    isSigned ? values : values.map((value) => Math.max(0, value));
  return {
    model,
    demandClass: classifyDemand(y).demandClass,
    mean: floored(found.mean),
    quantiles: Object.fromEntries(
      Object.entries(found.quantiles).map(([level, values]) => [level, floored(values)]),
    ),
    dropped: inputs?.dropped ?? [],
  };
}
