import { readCsv } from './read-csv.ts';

/** The forecast of one series from one origin, as a file has it. */
export interface ForecastRows {
  readonly id: string;
  readonly origin: string;
  readonly dates: string[];
  readonly mean: number[];
  readonly quantiles: Record<string, number[]>;
}

/** The forecasts of a file with `series_id,origin,date,mean` and quantiles; those of `wanted` series and origins. */
export function readForecasts(file: string, wanted: (id: string, origin: string) => boolean): ForecastRows[] {
  const found = new Map<string, ForecastRows>();
  let columns:
    | { id: number; origin: number; date: number; mean: number; levels: [string, number][] }
    | undefined;
  for (const { cells, header } of readCsv(file)) {
    columns ??= {
      id: header.indexOf('series_id'),
      origin: header.indexOf('origin'),
      date: header.indexOf('date'),
      mean: header.indexOf('mean'),
      levels: header.flatMap((name, at): [string, number][] =>
        /^q0?\.\d+$/.test(name) ? [[String(Number(name.slice(1))), at]] : [],
      ),
    };
    const id = cells[columns.id]!;
    const origin = cells[columns.origin]!;
    if (!wanted(id, origin)) continue;
    const key = `${origin} ${id}`;
    let rows = found.get(key);
    if (!rows) {
      const quantiles = Object.fromEntries(columns.levels.map(([level]) => [level, [] as number[]]));
      rows = { id, origin, dates: [], mean: [], quantiles };
      found.set(key, rows);
    }
    rows.dates.push(cells[columns.date]!);
    rows.mean.push(Number(cells[columns.mean]));
    for (const [level, at] of columns.levels) rows.quantiles[level]!.push(Number(cells[at]));
  }
  return [...found.values()];
}
