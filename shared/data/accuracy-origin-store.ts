import * as z from 'zod';
import { addDays } from '../core/calendar/add-days.ts';
import { mondayOf } from '../core/calendar/quarters.ts';
import { readNaiveForecasts } from './accuracy-inputs-store.ts';
import { jsonColumn } from './columns.ts';
import { date, json, type Statements } from './database.ts';
import { ForecastPath, rounded } from './forecast-store.ts';
import { jsonChunks } from './json-chunks.ts';
import { PERIOD_DAYS, type SeriesKey, seriesName } from './series-store.ts';

/** Quantiles that forecasts are scored on: the same for all, whatever the service level is. */
export const SCORED_LEVELS = ['0.025', '0.1', '0.25', '0.5', '0.75', '0.9', '0.95', '0.975'] as const;
/** Weeks ahead that are scored at most. */
export const MOST_LAGS = 13;
/** Series of one sheet: at most 160 KB, far below what one answer of the database may hold. */
const SERIES_PER_PART = 2000;
/** Forecasts of one read, below 1.5 KB each. */
const FORECASTS_PER_READ = 400;
const MOST_PARTS = 500;

const Row = z.object({
  product_id: z.string(),
  location_id: z.string(),
  category: z.string().nullable(),
  demand_class: z.string(),
  model_used: z.string(),
  path: jsonColumn(ForecastPath),
});
type Row = z.infer<typeof Row>;

/**
 * Keeps what a run forecast until its weeks are over, unless another run of the same week is kept already: the first
 * one counts. What costs nothing to forecast is kept beside it, from the demand that is known now. Answers the number
 * of series; 0 when nothing was kept.
 */
export async function keepOrigin(
  tx: Statements,
  { runId, asOf }: { readonly runId: string; readonly asOf: string },
): Promise<number> {
  const { updated } = await tx.write(
    `INSERT IGNORE INTO accuracy_origin (as_of, week, run_id, series) VALUES (:asOf, :week, :runId, 0)`,
    { asOf: date(asOf), week: date(mondayOf(asOf)), runId },
  );
  if (updated === 0) return 0;
  const settled = await readSettled(tx, asOf);
  let series = 0;
  let last: SeriesKey | undefined;
  for (let part = 0; part < MOST_PARTS; part++) {
    const rows = await readPart(tx, runId, last);
    if (rows.length === 0) break;
    await writePart(tx, asOf, part, rows, settled);
    series += rows.length;
    last = { productId: rows.at(-1)!.product_id, locationId: rows.at(-1)!.location_id };
  }
  await tx.write(
    series > 0
      ? `UPDATE accuracy_origin SET series = ${series} WHERE as_of = :asOf`
      : `DELETE FROM accuracy_origin WHERE as_of = :asOf`,
    { asOf: date(asOf) },
  );
  return series;
}

/** Last days of weeks after `asOf` that cannot be closed any more. */
async function readSettled(tx: Statements, asOf: string): Promise<Set<string>> {
  const rows = await tx.select(
    z.object({ bucket_end: z.iso.date() }),
    `SELECT bucket_end
       FROM accuracy_bucket
      WHERE is_settled = 1 AND bucket_end > :asOf
      ORDER BY bucket_end
      LIMIT ${MOST_LAGS * PERIOD_DAYS}`,
    { asOf: date(asOf) },
  );
  return new Set(rows.map((row) => row.bucket_end));
}

async function readPart(tx: Statements, runId: string, after: SeriesKey | undefined): Promise<Row[]> {
  const part: Row[] = [];
  while (part.length < SERIES_PER_PART) {
    const last = part.at(-1);
    const rows = await tx.select(
      Row,
      `SELECT f.product_id, f.location_id, p.category, f.demand_class, f.model_used, f.path
         FROM forecast f
         JOIN products p ON p.product_id = f.product_id
        WHERE f.run_id = :runId
          AND f.period_days = ${PERIOD_DAYS}
          AND f.product_id >= :productId
          AND (f.product_id, f.location_id) > (:productId, :locationId)
        ORDER BY f.product_id, f.location_id
        LIMIT ${FORECASTS_PER_READ}`,
      {
        runId,
        productId: last?.product_id ?? after?.productId ?? '',
        locationId: last?.location_id ?? after?.locationId ?? '',
      },
    );
    part.push(...rows);
    if (rows.length < FORECASTS_PER_READ) break;
  }
  return part;
}

async function writePart(
  tx: Statements,
  asOf: string,
  part: number,
  rows: readonly Row[],
  settled: ReadonlySet<string>,
): Promise<void> {
  const keys = rows.map((row): SeriesKey => ({ productId: row.product_id, locationId: row.location_id }));
  const lags = Math.min(MOST_LAGS, ...rows.map((row) => row.path.mean.length));
  const naive = await readNaiveForecasts(tx, keys, asOf, MOST_LAGS);
  await tx.write(
    `INSERT INTO accuracy_part (as_of, part, first_product, first_location, series)
     VALUES (:asOf, :part, :product, :location, :series)`,
    {
      asOf: date(asOf),
      part,
      product: keys[0]!.productId,
      location: keys[0]!.locationId,
      series: json(
        rows.map((row) => [
          row.product_id,
          row.location_id,
          row.category ?? '',
          row.demand_class,
          row.model_used,
        ]),
      ),
    },
  );
  const sheets: (readonly [lag: number, bucketEnd: string, forecasts: string])[] = [];
  for (let lag = 1; lag <= lags; lag++) {
    const bucketEnd = addDays(asOf, PERIOD_DAYS * lag);
    if (settled.has(bucketEnd)) continue;
    const sheet = {
      mean: rows.map((row) => row.path.mean[lag - 1]!),
      naive: keys.map((key) => rounded(naive.get(seriesName(key))![lag - 1]!)),
      quantiles: Object.fromEntries(
        SCORED_LEVELS.map((level) => [level, rows.map((row) => row.path.quantiles[level]![lag - 1]!)]),
      ),
    };
    sheets.push([lag, bucketEnd, JSON.stringify(sheet)]);
  }
  for (const text of jsonChunks(sheets)) {
    await tx.write(
      `INSERT INTO accuracy_sheet (as_of, lag, part, bucket_end, forecasts)
       SELECT :asOf, j.lag, :part, j.bucket_end, j.forecasts
         FROM JSON_TABLE(:rows, '$[*]' COLUMNS (
                lag        INT      PATH '$[0]',
                bucket_end DATE     PATH '$[1]',
                forecasts  LONGTEXT PATH '$[2]')) AS j`,
      { asOf: date(asOf), part, rows: text },
    );
  }
}
