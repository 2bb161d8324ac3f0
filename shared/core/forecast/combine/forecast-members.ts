import type { MapSeries, PanelForecast, PanelSeries } from '../panel.ts';
import { LEVEL_GRID } from './level-grid.ts';

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
