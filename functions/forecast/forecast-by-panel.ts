import type { SeriesForecast } from '../../shared/core/forecast/auto.ts';
import { classifyDemand } from '../../shared/core/forecast/classify.ts';
import { LEVEL_GRID } from '../../shared/core/forecast/combine/level-grid.ts';
import type { PanelModel } from '../../shared/core/forecast/combine/panel-model.ts';
import { panelStateOf } from '../../shared/core/forecast/combine/panel-state.ts';
import {
  forecastEach,
  type PanelSeries,
  type PanelSeriesForecast,
} from '../../shared/core/forecast/panel.ts';
import { sampleQuantile } from '../../shared/core/math/sample-quantile.ts';
import { HORIZON, YEAR } from './weekly-grid.ts';

export interface PanelTask {
  readonly levels: readonly number[];
  readonly seed: number;
}

/** Futures behind the interval of the total. */
const PATHS = 800;
/** Shortest history before a past origin, and the fewest weeks after it, with which errors mean anything. */
const LEAST_TRAINING = 26;
const LEAST_WEEKS = 4;

/**
 * The forecast of one series by a model of many: that model's own and those of single series that it asks for, combined
 * by its weights. Null for what a history alone decides: beginners, constants, and what is not sold any more.
 */
export function forecastByPanel(
  model: PanelModel,
  series: PanelSeries,
  { levels, seed }: PanelTask,
): Omit<SeriesForecast, 'paths'> | null {
  const { demandClass } = classifyDemand(series.quantities);
  if (demandClass === 'new' || demandClass === 'dead' || isConstant(series.quantities)) return null;
  const own = ownForecasts(model, series, LEVEL_GRID, seed);
  const fit = model.fit(series, own, YEAR);
  if (!fit) return null;
  const fitted = panelStateOf(fit.state);
  const { mean, quantiles } = fitted.forecast(HORIZON, levels);
  const sums = Float64Array.from(fitted.paths(HORIZON, PATHS, seed), sum).sort();
  return {
    model: fit.model,
    demandClass: fit.demandClass,
    mean,
    quantiles,
    total: { mean: sum(mean), low95: sampleQuantile(sums, 0.025), high95: sampleQuantile(sums, 0.975) },
    state: fit.state,
    ...errorsOf(model, series, seed),
  };
}

function ownForecasts(
  { singles }: PanelModel,
  series: PanelSeries,
  levels: readonly number[],
  seed: number,
): PanelSeriesForecast[] {
  return singles.map(
    (name) => forecastEach({ model: name, period: YEAR, horizon: HORIZON, levels, seed }, [series])[0]!,
  );
}

/**
 * Errors that the models of the single series, by their weights, made one horizon ago, or since the half-year that a
 * younger series needs to begin with. The model of many series is left out: it has learnt from those weeks.
 */
function errorsOf(
  model: PanelModel,
  series: PanelSeries,
  seed: number,
): { readonly mae: number | null; readonly rmse: number | null } {
  const length = series.quantities.length;
  const origin = Math.max(LEAST_TRAINING, length - HORIZON);
  if (length - origin < LEAST_WEEKS) return { mae: null, rmse: null };
  const before = { ...series, quantities: series.quantities.subarray(0, origin) };
  const mean = model.meanOfSingles(ownForecasts(model, before, [], seed));
  const errors = mean
    .slice(0, length - origin)
    .map((value, h) => value - series.quantities[origin + h]!)
    .filter((error) => !Number.isNaN(error));
  if (errors.length === 0) return { mae: null, rmse: null };
  return {
    mae: sum(errors.map(Math.abs)) / errors.length,
    rmse: Math.sqrt(sum(errors.map((error) => error ** 2)) / errors.length),
  };
}

function isConstant(quantities: Float64Array): boolean {
  const known = quantities.filter((value) => !Number.isNaN(value));
  return known.every((value) => value === known[0]);
}

function sum(values: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i]!;
  return total;
}
