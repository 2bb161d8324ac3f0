import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { addDays } from '../../shared/core/calendar/add-days.ts';
import { ForecastScore } from '../../shared/core/forecast/evaluate/forecast-score.ts';
import { readForecasts } from './forecast-rows.ts';
import { readCsv } from './read-csv.ts';
import { runCommand } from './run-command.ts';
import type { Folders } from './score-set.ts';
import { LEVELS } from './sets.ts';

const HORIZON = 13;
/** Naive2 on the weekly set, where it is the naive forecast (Makridakis, Spiliotis & Assimakopoulos 2020). */
const NAIVE2 = { smape: 9.161, mase: 2.777 };
const ORIGIN = '2018-01-01';

/** A forecaster on the weekly set of the M4 competition. */
export interface M4Line {
  readonly name: string;
  readonly smape: number;
  readonly mase: number;
  /** Mean of the two, each relative to Naive2. */
  readonly owa: number;
  readonly wql: number;
  readonly coverage80: number;
  readonly coverage95: number;
  readonly seconds: number;
}

/** Scores models on the official test of the M4 weekly series, beside a naive forecast that proves the scale. */
export async function scoreM4Weekly(
  models: readonly string[],
  { data, scratch }: Folders,
): Promise<M4Line[]> {
  const train = quantitiesOf(join(data, 'm4-weekly-train.csv.gz'));
  const test = quantitiesOf(join(data, 'm4-weekly-test.csv.gz'));
  // The dates of the file are invented and the series end at different ones: here all end at the origin.
  const input = join(scratch, 'm4-weekly.csv');
  const rows = [...train].flatMap(([id, y]) =>
    y.map((quantity, t) => `${id},${addDays(ORIGIN, 7 * (t - y.length + 1))},${quantity}`),
  );
  writeFileSync(input, `series_id,date,quantity\n${rows.join('\n')}\n`);
  const lines: M4Line[] = [];
  for (const model of ['naive', ...models]) {
    const output = join(scratch, 'm4-forecast.csv');
    const seconds = await runCommand([
      ...['forecast', '--input', input, '--frequency', 'weekly', '--horizon', String(HORIZON)],
      ...['--model', model, '--quantiles', LEVELS.join(','), '--output', output],
    ]);
    const score = new ForecastScore({ season: 1 });
    for (const { id, mean, quantiles } of readForecasts(output, () => true)) {
      score.add({ training: Float64Array.from(train.get(id)!), actual: test.get(id)!, mean, quantiles });
    }
    const { smape, mase, wql, coverage80, coverage95 } = score.result();
    const owa = (smape / NAIVE2.smape + mase / NAIVE2.mase) / 2;
    const name = `smart-inventory ${model}`;
    lines.push({ name, smape, mase, owa, wql, coverage80, coverage95, seconds: seconds / train.size });
  }
  return lines;
}

function quantitiesOf(file: string): Map<string, number[]> {
  const found = new Map<string, number[]>();
  for (const { cells } of readCsv(file)) {
    const series = found.get(cells[0]!) ?? [];
    if (series.length === 0) found.set(cells[0]!, series);
    series[Number(cells[3]) - 1] = Number(cells[2]);
  }
  // The test goes on counting where the training ended.
  return new Map([...found].map(([id, values]) => [id, values.filter((value) => value !== undefined)]));
}
