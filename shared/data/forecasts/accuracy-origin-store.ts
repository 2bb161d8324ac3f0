import * as z from 'zod';
import { addDays } from '../../core/calendar/add-days.ts';
import { mondayOf } from '../../core/calendar/quarters.ts';
import { jsonColumn } from '../sql/columns.ts';
import { date, json, type Statements } from '../sql/database.ts';
import { jsonChunks } from '../sql/json-chunks.ts';
import { readNaiveForecasts } from './accuracy-inputs-store.ts';
import { ForecastPath, rounded } from './forecast-store.ts';
import { PERIOD_DAYS, type SeriesKey, seriesName } from './series-store.ts';

/** Quantiles that forecasts are scored on: the same for all, whatever the service level is. */
export const SCORED_LEVELS = ['0.025', '0.1', '0.25', '0.5', '0.75', '0.9', '0.95', '0.975'] as const;
/** Weeks ahead that are scored at most. */
export const MOST_LAGS = 13;
/** Series of one part, and bytes of their names: one row of an answer of the database may have 64 KB, 100 bytes a series. */
const SERIES_PER_PART = 500;
const NAMES_BYTES = 48_000;
const MOST_PARTS = 2000;

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
 * Keeps what a run forecast until its weeks are over. One origin a week is kept: the first day of the week that has a
 * plan, and of that day's plans the newest, since more files of the same day may follow the first. Once a week of it is
 * closed, it stays. What costs nothing to forecast is kept beside it, from the demand that is known now. Answers the
 * number of series; 0 when nothing was kept.
 */
export async function keepOrigin(
  tx: Statements,
  { runId, runNo, asOf }: { readonly runId: string; readonly runNo: number; readonly asOf: string },
): Promise<number> {
  if (!(await mayBeOrigin(tx, runNo, asOf))) return 0;
  let rows = await readPart(tx, runId, undefined);
  if (rows.length === 0) return 0;
  await tx.write(`DELETE FROM accuracy_origin WHERE as_of = :asOf`, { asOf: date(asOf) });
  await tx.write(
    `INSERT INTO accuracy_origin (as_of, week, run_id, run_no, series) VALUES (:asOf, :week, :runId, :runNo, 0)`,
    { asOf: date(asOf), week: date(mondayOf(asOf)), runId, runNo },
  );
  const settled = await readSettled(tx, asOf);
  let series = 0;
  for (let part = 0; rows.length > 0; part++) {
    if (part >= MOST_PARTS)
      throw new RangeError(`more than ${MOST_PARTS * SERIES_PER_PART} series in one run`);
    const judged = rows.filter(canBeJudged);
    if (judged.length > 0) await writePart(tx, asOf, part, judged, settled);
    series += judged.length;
    const { product_id: productId, location_id: locationId } = rows.at(-1)!;
    rows = await readPart(tx, runId, { productId, locationId });
  }
  await tx.write(`UPDATE accuracy_origin SET series = :series WHERE as_of = :asOf`, {
    series,
    asOf: date(asOf),
  });
  return series;
}

const Origin = z.object({ as_of: z.iso.date(), run_no: z.int(), is_closed: z.int() });

/** Holds the origin of the week, if there is one, until the transaction ends. */
async function mayBeOrigin(tx: Statements, runNo: number, asOf: string): Promise<boolean> {
  const [origin] = await tx.select(
    Origin,
    `SELECT o.as_of, o.run_no,
            EXISTS (SELECT 1 FROM accuracy_sheet s WHERE s.as_of = o.as_of AND s.actuals IS NOT NULL) AS is_closed
       FROM accuracy_origin o
      WHERE o.week = :week
        FOR UPDATE`,
    { week: date(mondayOf(asOf)) },
  );
  if (!origin) return true;
  return asOf === origin.as_of && runNo > origin.run_no && origin.is_closed === 0;
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

/** Forecasts have below 1.5 KB each. */
async function readPart(tx: Statements, runId: string, after: SeriesKey | undefined): Promise<Row[]> {
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
      LIMIT ${SERIES_PER_PART}`,
    { runId, productId: after?.productId ?? '', locationId: after?.locationId ?? '' },
  );
  let bytes = 0;
  const fitting = rows.findIndex((row) => {
    bytes += Buffer.byteLength(JSON.stringify(nameOf(row)));
    return bytes > NAMES_BYTES;
  });
  return fitting < 0 ? rows : rows.slice(0, fitting);
}

/** A forecast without those quantiles is of another kind; the others are judged without it. */
const canBeJudged = ({ path }: Row): boolean =>
  path.mean.length > 0 && SCORED_LEVELS.every((level) => path.quantiles[level]?.length === path.mean.length);

const nameOf = (row: Row): string[] => [
  row.product_id,
  row.location_id,
  row.category ?? '',
  row.demand_class,
  row.model_used,
];

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
      series: json(rows.map(nameOf)),
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
