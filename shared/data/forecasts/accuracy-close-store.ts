import * as z from 'zod';
import { addDays } from '../../core/calendar/add-days.ts';
import { mondayOf } from '../../core/calendar/quarters.ts';
import type { AccuracySums } from '../../core/forecast/evaluate/score-bucket.ts';
import { jsonColumn } from '../sql/columns.ts';
import { date, type Statements } from '../sql/database.ts';
import { jsonChunks } from '../sql/json-chunks.ts';
import { PERIOD_DAYS } from './series-store.ts';

/** Days after the end of a week in which demand that comes late or is corrected closes it again. */
export const FOLLOWED_DAYS = 28;
/** Weeks that one call closes at most: all lags of all origins of a quarter, each on its own weekday. */
const MOST_DUE = 200;
const MOST_PARTS = 2000;

/**
 * Last days of the weeks to close by `asOf`, the oldest first: those with forecasts that were never judged, and recent
 * ones whose demand is not what they were closed with.
 */
export async function readDueBuckets(db: Statements, asOf: string): Promise<string[]> {
  const open = await db.select(
    z.object({ bucket_end: z.iso.date() }),
    `SELECT bucket_end
       FROM accuracy_sheet
      WHERE bucket_end <= :asOf AND actuals IS NULL
      GROUP BY bucket_end
      ORDER BY bucket_end
      LIMIT ${MOST_DUE}`,
    { asOf: date(asOf) },
  );
  const recent = await db.select(
    z.object({ bucket_end: z.iso.date(), digest: z.string().nullable() }),
    `SELECT bucket_end, digest
       FROM accuracy_bucket
      WHERE bucket_end > :since AND bucket_end <= :asOf AND is_settled = 0
      ORDER BY bucket_end
      LIMIT ${MOST_DUE}`,
    { since: date(addDays(asOf, -FOLLOWED_DAYS)), asOf: date(asOf) },
  );
  const due = new Set(open.map((row) => row.bucket_end));
  // one by one: with the bounds of another table's rows the demand would be read whole for each
  for (const { bucket_end: bucketEnd, digest } of recent)
    if (!due.has(bucketEnd) && digest !== (await digestDemand(db, bucketEnd))) due.add(bucketEnd);
  return [...due].sort();
}

/** Holds a week until the transaction ends, so that one worker closes it at a time. */
export async function lockBucket(
  tx: Statements,
  bucketEnd: string,
): Promise<{ readonly digest: string | null; readonly isSettled: boolean }> {
  await tx.write(
    `INSERT INTO accuracy_bucket (bucket_end, week) VALUES (:bucketEnd, :week)
         ON DUPLICATE KEY UPDATE week = VALUES(week)`,
    { bucketEnd: date(bucketEnd), week: date(mondayOf(bucketEnd)) },
  );
  const [row] = await tx.select(
    z.object({ digest: z.string().nullable(), is_settled: z.boolean() }),
    `SELECT digest, is_settled FROM accuracy_bucket WHERE bucket_end = :bucketEnd FOR UPDATE`,
    { bucketEnd: date(bucketEnd) },
  );
  return { digest: row!.digest, isSettled: row!.is_settled };
}

/** Of the demand of the week that ends on that day: equal demand, equal digest. */
export async function digestDemand(tx: Statements, bucketEnd: string): Promise<string> {
  const [row] = await tx.select(
    z.object({ digest: z.string() }),
    `SELECT CONCAT_WS(' ', COUNT(*), SUM(CRC32(CONCAT_WS('|', d.product_id, d.location_id, d.date, d.quantity)))) AS digest
       FROM demand d FORCE INDEX (demand_date)
      WHERE d.date > :before AND d.date <= :bucketEnd`,
    { before: date(addDays(bucketEnd, -PERIOD_DAYS)), bucketEnd: date(bucketEnd) },
  );
  return row!.digest;
}

const Part = z.object({ part: z.int(), open: z.coerce.number() });

/** The parts of the series that were forecast for a week, and how many sheets of each have no actuals yet. */
export function listParts(
  tx: Statements,
  bucketEnd: string,
): Promise<{ readonly part: number; readonly open: number }[]> {
  return tx.select(
    Part,
    `SELECT part, SUM(actuals IS NULL) AS open
       FROM accuracy_sheet
      WHERE bucket_end = :bucketEnd
      GROUP BY part
      ORDER BY part
      LIMIT ${MOST_PARTS}`,
    { bucketEnd: date(bucketEnd) },
  );
}

const Numbers = z.array(z.number());
const Forecasts = z.object({
  as_of: z.iso.date(),
  lag: z.int(),
  forecasts: jsonColumn(
    z.object({ mean: Numbers, naive: Numbers, quantiles: z.record(z.string(), Numbers) }),
  ),
});
const Names = z.object({
  as_of: z.iso.date(),
  series: jsonColumn(z.array(z.tuple([z.string(), z.string(), z.string(), z.string(), z.string()]))),
});

/** Forecasts of one week by one origin for the series of one part, column by column in the order of the series. */
export interface Sheet {
  readonly asOf: string;
  readonly lag: number;
  readonly series: readonly {
    readonly productId: string;
    readonly locationId: string;
    readonly category: string;
    readonly demandClass: string;
    readonly model: string;
  }[];
  readonly mean: readonly number[];
  readonly naive: readonly number[];
  readonly quantiles: Readonly<Record<string, readonly number[]>>;
}

/** The sheets of a week for one part of the series, by lag: at most one each, of 64 KB. */
export async function readSheets(tx: Statements, bucketEnd: string, part: number): Promise<Sheet[]> {
  const params = { bucketEnd: date(bucketEnd), part };
  const sheets = await tx.select(
    Forecasts,
    `SELECT as_of, lag, forecasts
       FROM accuracy_sheet
      WHERE bucket_end = :bucketEnd AND part = :part
      ORDER BY lag`,
    params,
  );
  const names = await tx.select(
    Names,
    `SELECT p.as_of, p.series
       FROM accuracy_sheet s
       JOIN accuracy_part p ON p.as_of = s.as_of AND p.part = s.part
      WHERE s.bucket_end = :bucketEnd AND s.part = :part`,
    params,
  );
  const seriesOf = new Map(names.map((row) => [row.as_of, row.series]));
  return sheets.map(({ as_of: asOf, lag, forecasts }) => ({
    asOf,
    lag,
    series: seriesOf.get(asOf)!.map(([productId, locationId, category, demandClass, model]) => ({
      productId,
      locationId,
      category,
      demandClass,
      model,
    })),
    ...forecasts,
  }));
}

/** What came, in the order of the sheet's series; null where the series was out of stock. */
export interface SheetActuals {
  readonly asOf: string;
  readonly lag: number;
  readonly actuals: readonly (number | null)[];
}

export async function saveActuals(
  tx: Statements,
  part: number,
  sheets: readonly SheetActuals[],
): Promise<void> {
  const rows = sheets.map(({ asOf, lag, actuals }) => [asOf, lag, JSON.stringify(actuals)]);
  for (const text of jsonChunks(rows)) {
    await tx.write(
      `UPDATE accuracy_sheet s
         JOIN JSON_TABLE(:rows, '$[*]' COLUMNS (
                as_of   DATE     PATH '$[0]',
                lag     INT      PATH '$[1]',
                actuals LONGTEXT PATH '$[2]')) AS j ON j.as_of = s.as_of AND j.lag = s.lag
          SET s.actuals = j.actuals
        WHERE s.part = :part`,
      { part, rows: text },
    );
  }
}

/** What series are summed up by. */
export type CellKind = 'category' | 'class' | 'model';

/** Sums over the series of a closed week that have this name, at one lag. */
export interface AccuracyCell extends AccuracySums {
  readonly lag: number;
  readonly kind: CellKind;
  readonly name: string;
}

/** Replaces the sums of a week, and notes the demand that it was closed with. */
export async function finishBucket(
  tx: Statements,
  bucketEnd: string,
  cells: readonly AccuracyCell[],
  digest: string,
): Promise<void> {
  await tx.write(`DELETE FROM accuracy_cell WHERE bucket_end = :bucketEnd`, { bucketEnd: date(bucketEnd) });
  const rows = cells.map((cell) => [
    cell.lag,
    cell.kind,
    cell.name,
    cell.scored,
    cell.censored,
    cell.actual,
    cell.error,
    cell.absoluteError,
    cell.naiveError,
    cell.quantileLoss,
    cell.inside80,
    cell.inside95,
  ]);
  for (const text of jsonChunks(rows)) {
    await tx.write(
      `INSERT INTO accuracy_cell (bucket_end, lag, kind, name, scored, censored, actual, error,
                                  absolute_error, naive_error, quantile_loss, inside80, inside95)
       SELECT :bucketEnd, j.lag, j.kind, j.name, j.scored, j.censored, j.actual, j.error,
              j.absolute_error, j.naive_error, j.quantile_loss, j.inside80, j.inside95
         FROM JSON_TABLE(:rows, '$[*]' COLUMNS (
                lag            INT          PATH '$[0]',
                kind           VARCHAR(8)   PATH '$[1]',
                name           VARCHAR(100) PATH '$[2]',
                scored         INT          PATH '$[3]',
                censored       INT          PATH '$[4]',
                actual         DOUBLE       PATH '$[5]',
                error          DOUBLE       PATH '$[6]',
                absolute_error DOUBLE       PATH '$[7]',
                naive_error    DOUBLE       PATH '$[8]',
                quantile_loss  DOUBLE       PATH '$[9]',
                inside80       INT          PATH '$[10]',
                inside95       INT          PATH '$[11]')) AS j`,
      { bucketEnd: date(bucketEnd), rows: text },
    );
  }
  await tx.write(
    `UPDATE accuracy_bucket SET digest = :digest, closed_at = UTC_TIMESTAMP(3) WHERE bucket_end = :bucketEnd`,
    { digest, bucketEnd: date(bucketEnd) },
  );
}
