import { dayText, firstDayOf, periodOf } from '../../shared/core/calendar/period-grid.ts';
import { ForecastScore, type Score } from '../../shared/core/forecast/evaluate/forecast-score.ts';
import { forecastPanel, type PanelForecast, type PanelSeries } from '../../shared/core/forecast/panel.ts';
import { addHolidays } from './add-holidays.ts';
import { buildPanel } from './build-panel.ts';
import { badInput } from './csv-rows.ts';
import type { SeriesOptions } from './options.ts';
import { progressOn, warn } from './progress.ts';
import { readHistory } from './read-history.ts';
import type { SeriesTable } from './series-table.ts';
import { startSeriesWorkers } from './series-workers.ts';
import { csvLine, writeWhole } from './write-whole.ts';

export interface BacktestOptions extends SeriesOptions {
  readonly origins: number;
  /** Periods between origins. Default: the horizon. */
  readonly step?: number;
  readonly models: readonly string[];
  /** Columns that were known ahead at every origin. Default none. */
  readonly known?: readonly string[];
}

/** Those of the coverage columns and of the quantile loss. */
const LEVELS = [0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975];
const CLASSES = ['all', 'smooth', 'erratic', 'intermittent', 'lumpy', 'new', 'dead'];
const HEADER = [
  ...['model', 'class', 'n', 'mae', 'wape', 'smape', 'mase', 'rmsse', 'wql'],
  ...['coverage80', 'coverage95', 'bias', 'seconds'],
];

/**
 * `smart-inventory backtest`: forecasts from past origins, each made from what was known then, against what came. The
 * last origin lies one horizon before the last date of the file.
 */
export async function backtestFile(options: BacktestOptions): Promise<void> {
  const { input, frequency, horizon, missing, seed, models } = options;
  const table = await readHistory(input, { frequency, warn });
  if (table.series.length === 0) throw badInput(input, 1, null, 'no row');
  const lines = [HEADER.join(',')];
  await using workers = startSeriesWorkers(options.jobs, () => undefined);
  const progress = progressOn('forecasts');
  const future = options.known && knownAhead(table, options.known, input);
  const origins = pastOrigins(table, options);
  const later = new Map(actualsOf(table, options).map((series) => [series.id, series]));
  let done = 0;
  for (const model of models) {
    const scores = new Map<string, ForecastScore>();
    const seconds = new Map<string, number>();
    for (const origin of origins) {
      const bare = buildPanel(table, {
        frequency,
        origin,
        horizon,
        missing,
        future,
        warn: done === 0 ? warn : silent,
      });
      const panel = await addHolidays(bare, options);
      const start = performance.now();
      const { mapSeries } = workers;
      const forecasts = await forecastPanel(panel, { horizon, levels: LEVELS, seed, model, mapSeries });
      const each = (performance.now() - start) / 1000 / forecasts.length;
      score(panel.series, forecasts, { later, period: panel.period, each, scores, seconds });
      progress(++done, models.length * origins.length);
    }
    for (const name of CLASSES) {
      const found = scores.get(name)?.result();
      if (found) lines.push(csvLine([model, name, ...figuresOf(found), seconds.get(name)!]));
    }
  }
  await writeWhole(options.output, lines);
}

interface Scoring {
  readonly later: ReadonlyMap<string, PanelSeries>;
  readonly period: number;
  /** Seconds a forecast took, on average. */
  readonly each: number;
  readonly scores: Map<string, ForecastScore>;
  readonly seconds: Map<string, number>;
}

function score(series: readonly PanelSeries[], forecasts: PanelForecast, scoring: Scoring): void {
  const { later, period, each, scores, seconds } = scoring;
  forecasts.forEach((forecast, i) => {
    const { id, quantities: training } = series[i]!;
    const n = training.length;
    const actual = later.get(id)!.quantities.subarray(n, n + forecast.mean.length);
    for (const name of ['all', forecast.demandClass]) {
      const board = scores.get(name) ?? new ForecastScore({ season: period });
      board.add({ ...forecast, training, actual });
      scores.set(name, board);
      seconds.set(name, (seconds.get(name) ?? 0) + each);
    }
  });
}

/** The columns that were known ahead, and nothing else of the future. */
function knownAhead(table: SeriesTable, names: readonly string[], input: string): SeriesTable {
  const places = names.map((name) => {
    const at = table.columns.indexOf(name);
    if (at < 0) throw badInput(input, 1, name, 'the file has no such column');
    return at;
  });
  const series = table.series.map((one) => ({ ...one, cells: places.map((at) => one.cells[at]!) }));
  return { ...table, columns: names, series };
}

/** Every series on to the last date of the file. */
function actualsOf(table: SeriesTable, { frequency, missing }: BacktestOptions): readonly PanelSeries[] {
  const bare = { ...table, columns: [] };
  return buildPanel(bare, { frequency, origin: table.lastDay, horizon: 1, missing, warn: silent }).series;
}

/** Oldest first. */
function pastOrigins(table: SeriesTable, options: BacktestOptions): number[] {
  const { frequency, horizon, origins, step = horizon, input } = options;
  const anchor = table.series[0]!.days[0]!;
  const last = periodOf(frequency, anchor, table.lastDay) - horizon;
  // The last date may be of a series on another weekday: the origin keeps its distance to the grid.
  const shift = table.lastDay - firstDayOf(frequency, anchor, last + horizon);
  const days = Array.from(
    { length: origins },
    (_, i) => firstDayOf(frequency, anchor, last - (origins - 1 - i) * step) + shift,
  );
  const first = table.series.reduce((least, { days: [day] }) => Math.min(least, day!), table.lastDay);
  if (days[0]! < first) {
    const reason = `${origins} origins ${step} periods apart reach back to ${dayText(days[0]!)}`;
    throw badInput(input, 1, null, `${reason}, before the first date ${dayText(first)}`);
  }
  return days;
}

function figuresOf(found: Score): number[] {
  const { points, mae, wape, smape, mase, rmsse, wql, coverage80, coverage95, bias } = found;
  return [points, mae, wape, smape, mase, rmsse, wql, coverage80, coverage95, bias];
}

function silent(): void {}
