import { classifyDemand } from '../classify.ts';
import { type GridForecast, quantilesAt } from '../combine/level-grid.ts';
import type { MapSeries, Panel, PanelForecast, PanelSeries } from '../panel.ts';
import { fitGlobalForest } from './global-forest.ts';
import { fitGlobal } from './global-model.ts';
import type { SeriesFeatures } from './series-features.ts';

export interface GlobalForecastOptions {
  readonly model: string;
  readonly horizon: number;
  readonly levels: readonly number[];
  readonly seed: number;
  readonly mapSeries: MapSeries;
}

/** What was learnt from many series, and forecasts each of them. */
interface OfAll {
  prepare(series: PanelSeries): SeriesFeatures;
  /** Null when the series is too short at that origin. */
  forecast(series: SeriesFeatures, origin: number): GridForecast | null;
}

interface GlobalKind {
  /** What it is, in a few words for `--help`. */
  readonly about: string;
  /** Null when there is too little to learn from. */
  readonly fit: (panel: Panel, options: { readonly horizon: number; readonly seed: number }) => OfAll | null;
}

/** The models learnt from all series of a panel that can be asked for by name; they use every known regressor. */
export const GLOBAL_MODELS: Readonly<Record<string, GlobalKind>> = {
  boosting: {
    about: 'gradient boosted trees, learnt from all series together',
    fit: (panel, options) => fitGlobal(panel, { ...options, holdBack: 0 }),
  },
  forest: {
    about: 'a random forest, learnt from all series together',
    fit: fitGlobalForest,
  },
};

/** Forecasts a panel by one model of all its series; what that cannot forecast is left to `blend`. */
export async function forecastGlobal(panel: Panel, options: GlobalForecastOptions): Promise<PanelForecast> {
  const { model, horizon, levels, seed, mapSeries } = options;
  const { series, period } = panel;
  // By name, so that the order of the series changes nothing of what is learnt from all of them.
  const sorted = series.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const ofAll = GLOBAL_MODELS[model]!.fit({ ...panel, series: sorted }, { horizon, seed });
  const grids = series.map((one) => ofAll?.forecast(ofAll.prepare(one), one.quantities.length - 1) ?? null);
  const rest = series.filter((_, i) => grids[i] === null);
  const blended = await mapSeries({ model: 'blend', period, horizon, levels, seed }, rest);
  const byId = new Map(blended.map((forecast) => [forecast.id, forecast]));
  return series.map((one, i) => {
    const grid = grids[i];
    if (!grid) return byId.get(one.id)!;
    const floor = one.quantities.some((value) => value < 0) ? Number.NEGATIVE_INFINITY : 0;
    return {
      id: one.id,
      model,
      demandClass: classifyDemand(one.quantities).demandClass,
      mean: Array.from(grid.mean, (value) => Math.max(floor, value)),
      quantiles: quantilesAt(grid.quantiles, levels, floor),
    };
  });
}
