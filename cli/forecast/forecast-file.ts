import { dayNumber, dayText, type Frequency, firstDayOf } from '../../shared/core/calendar/period-grid.ts';
import { forecastPanel, type Panel, type PanelForecast } from '../../shared/core/forecast/panel.ts';
import { addHolidays } from './add-holidays.ts';
import { buildPanel } from './build-panel.ts';
import { badInput } from './csv-rows.ts';
import { droppedLines } from './dropped-lines.ts';
import type { SeriesOptions } from './options.ts';
import { progressOn, warn } from './progress.ts';
import { readHistory } from './read-history.ts';
import { startSeriesWorkers } from './series-workers.ts';
import { csvLine, writeWhole } from './write-whole.ts';

export interface ForecastOptions extends SeriesOptions {
  /** Day number of the last training date. Default: the last date of the file. */
  readonly origin?: number;
  readonly model: string;
  readonly quantiles: readonly number[];
  readonly future?: string;
}

/** `smart-inventory forecast`: a file of histories to a file of forecasts. */
export async function forecastFile(options: ForecastOptions): Promise<void> {
  const { input, frequency, horizon, missing, seed, output, model, quantiles } = options;
  const table = await readHistory(input, { frequency, origin: options.origin, warn });
  const origin = options.origin ?? table.lastDay;
  if (table.series.length === 0) {
    throw badInput(
      input,
      1,
      null,
      `no row${options.origin === undefined ? '' : ` up to ${dayText(origin)}`}`,
    );
  }
  const future =
    options.future && (await readHistory(options.future, { frequency, hasQuantity: false, warn }));
  const bare = buildPanel(table, { frequency, origin, horizon, missing, future: future || undefined, warn });
  const panel = await addHolidays(bare, options);
  await using workers = startSeriesWorkers(options.jobs, progressOn('series'));
  const forecasts = await forecastPanel(panel, {
    horizon,
    levels: quantiles,
    seed,
    model,
    mapSeries: workers.mapSeries,
  });
  for (const line of droppedLines(forecasts)) warn(line);
  await writeWhole(output, forecastLines(panel, forecasts, { frequency, origin, quantiles }));
}

function* forecastLines(
  panel: Panel,
  forecasts: PanelForecast,
  { frequency, origin, quantiles }: { frequency: Frequency; origin: number; quantiles: readonly number[] },
): Generator<string> {
  const originText = dayText(origin);
  yield ['origin', 'series_id', 'date', 'mean', ...quantiles.map((level) => `q${level}`), 'model'].join(',');
  for (let i = 0; i < forecasts.length; i++) {
    const { id, mean, quantiles: values, model } = forecasts[i]!;
    const { start, quantities } = panel.series[i]!;
    const anchor = dayNumber(start);
    const columns = quantiles.map((level) => values[String(level)]!);
    for (let h = 0; h < mean.length; h++) {
      const date = dayText(firstDayOf(frequency, anchor, quantities.length + h));
      yield csvLine([originText, id, date, mean[h]!, ...columns.map((column) => column[h]!), model]);
    }
  }
}
