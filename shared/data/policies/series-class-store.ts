import * as z from 'zod';
import { addDays } from '../../core/calendar/add-days.ts';
import { KEY_COLUMNS, keysJson, type SeriesKey, seriesName } from '../forecasts/series-store.ts';
import { type KpiScope, scopeSql } from '../metrics/kpi-scope.ts';
import { jsonColumn } from '../sql/columns.ts';
import { date, type Statements } from '../sql/database.ts';
import { jsonChunks } from '../sql/json-chunks.ts';

/** What a class is made of. */
export interface SeriesWorth extends SeriesKey {
  /** Revenue of the year up to the day. */
  readonly yearlyValue: number;
  /**
   * Root mean squared error of a period's forecast / the mean demand of those periods, which are the newest: errors of
   * one season say nothing of the level of another. Null where one of them is not known.
   */
  readonly errorShare: number | null;
}

const WorthRow = z
  .object({
    product_id: z.string(),
    location_id: z.string(),
    rmse: z.number().nullable(),
    horizon: z.int(),
    /** Revenue of the year, and units of the newest periods, as many as the horizon has. */
    sums: jsonColumn(z.tuple([z.coerce.number(), z.coerce.number()])),
  })
  .transform(({ rmse, horizon, sums: [revenue, units], ...row }): SeriesWorth => {
    return {
      productId: row.product_id,
      locationId: row.location_id,
      yearlyValue: revenue,
      errorShare: rmse === null || !(units > 0) ? null : (rmse * horizon) / units,
    };
  });

const YEAR_DAYS = 365;
/** Series of one answer, which stays far below 1 MiB, and answers of one run. */
const PAGE = 5_000;
const MAX_PAGES = 400;

/** What the series of a run sold for in a year, and how far their forecasts were off. */
export async function readSeriesWorth(db: Statements, runId: string, asOf: string): Promise<SeriesWorth[]> {
  const all: SeriesWorth[] = [];
  for (let page = 0; page < MAX_PAGES; page++) {
    const last = all.at(-1);
    const rows = await db.select(
      WorthRow,
      // both sums in one look at the demand of a series, which is most of what this costs
      `SELECT f.product_id, f.location_id, f.rmse, f.horizon,
              (SELECT JSON_ARRAY(SUM(d.revenue),
                                 SUM(CASE WHEN d.date > DATE_SUB(:asOf, INTERVAL f.horizon * f.period_days DAY)
                                          THEN d.quantity ELSE 0 END))
                 FROM demand d FORCE INDEX (PRIMARY)
                WHERE d.product_id = f.product_id
                  AND d.location_id = f.location_id
                  AND d.date > :after
                  AND d.date <= :asOf) AS sums
         FROM forecast f FORCE INDEX (forecast_series)
        WHERE f.run_id = :runId
          AND f.product_id >= :productId
          AND (f.product_id, f.location_id) > (:productId, :locationId)
        ORDER BY f.product_id, f.location_id
        LIMIT ${PAGE}`,
      {
        runId,
        after: date(addDays(asOf, -YEAR_DAYS)),
        asOf: date(asOf),
        productId: last?.productId ?? '',
        locationId: last?.locationId ?? '',
      },
    );
    all.push(...rows);
    if (rows.length < PAGE) return all;
  }
  throw new RangeError(`more than ${PAGE * MAX_PAGES} series in one plan`);
}

export interface ClassOfSeries extends SeriesWorth {
  readonly className: string;
}

/** Keeps the classes of series as of a day; a class that changed remembers which it was before. */
export async function saveSeriesClasses(
  tx: Statements,
  classes: readonly ClassOfSeries[],
  asOf: string,
): Promise<void> {
  const rows = classes.map((one) => [
    one.productId,
    one.locationId,
    one.className,
    one.yearlyValue.toFixed(4),
    one.errorShare,
  ]);
  for (const text of jsonChunks(rows)) {
    // class comes last: the assignments before it compare with what it was
    await tx.write(
      `INSERT INTO series_class (product_id, location_id, class, yearly_value, error_share, since)
       SELECT j.product_id, j.location_id, j.class, j.yearly_value, j.error_share, :asOf
         FROM JSON_TABLE(:rows, '$[*]' COLUMNS (
                ${KEY_COLUMNS},
                class CHAR(2) PATH '$[2]',
                yearly_value DECIMAL(20, 4) PATH '$[3]',
                error_share DOUBLE PATH '$[4]')) AS j
           ON DUPLICATE KEY UPDATE
              previous = CASE WHEN series_class.class = j.class THEN series_class.previous ELSE series_class.class END,
              since = CASE WHEN series_class.class = j.class THEN series_class.since ELSE :asOf END,
              yearly_value = j.yearly_value,
              error_share = j.error_share,
              class = j.class`,
      { rows: text, asOf: date(asOf) },
    );
  }
}

/** Forgets the classes of series that the run does not have, and of those named. */
export async function forgetClasses(
  tx: Statements,
  runId: string,
  unsold: readonly SeriesKey[],
): Promise<void> {
  await tx.write(
    `DELETE c
       FROM series_class c
       LEFT JOIN forecast f ON f.run_id = :runId AND f.product_id = c.product_id AND f.location_id = c.location_id
      WHERE f.forecast_id IS NULL`,
    { runId },
  );
  for (const text of jsonChunks(unsold.map((key) => [key.productId, key.locationId])))
    await tx.write(
      `DELETE c
         FROM series_class c
         JOIN JSON_TABLE(:rows, '$[*]' COLUMNS (${KEY_COLUMNS})) AS k
           ON k.product_id = c.product_id AND k.location_id = c.location_id`,
      { rows: text },
    );
}

const FactRow = z.object({
  product_id: z.string(),
  location_id: z.string(),
  class: z.string().nullable(),
  price: z.coerce.number().nullable(),
  on_hand: z.int(),
  committed: z.int(),
});

/** What the catalogue, the stock and the newest plan say of a series. */
export interface SeriesFacts {
  readonly onHand: number;
  readonly committed: number;
  readonly className: string | undefined;
  readonly price: number | null;
}

/** Stock, class and price of the series, by `seriesName`; a series that never had stock has none. */
export async function readSeriesFacts(
  db: Statements,
  keys: readonly SeriesKey[],
): Promise<Map<string, SeriesFacts>> {
  const rows = await db.select(
    FactRow,
    `SELECT STRAIGHT_JOIN k.product_id, k.location_id, c.class, p.unit_price AS price,
            COALESCE(s.stock_level, 0) AS on_hand, COALESCE(s.committed, 0) AS committed
       FROM JSON_TABLE(:keys, '$[*]' COLUMNS (${KEY_COLUMNS})) AS k
       JOIN products p FORCE INDEX (PRIMARY) ON p.product_id = k.product_id
       LEFT JOIN stock s FORCE INDEX (PRIMARY) ON s.product_id = k.product_id AND s.location_id = k.location_id
       LEFT JOIN series_class c FORCE INDEX (PRIMARY) ON c.product_id = k.product_id AND c.location_id = k.location_id`,
    { keys: keysJson(keys) },
  );
  return new Map(
    rows.map((row) => [
      seriesName({ productId: row.product_id, locationId: row.location_id }),
      { className: row.class ?? undefined, price: row.price, onHand: row.on_hand, committed: row.committed },
    ]),
  );
}

const ChangeRow = z.object({ from: z.string(), to: z.string(), series: z.int() });

/** How many series plans have moved from one class to another in a period, the most first; of those that have one now. */
export function readClassChanges(db: Statements, asked: KpiScope): Promise<z.infer<typeof ChangeRow>[]> {
  const scope = scopeSql(asked);
  return db.select(
    ChangeRow,
    `SELECT c.previous AS \`from\`, c.class AS \`to\`, COUNT(*) AS series
       FROM series_class c
      WHERE c.previous IS NOT NULL AND ${scope.day('c.since')} AND ${scope.product('c.product_id')}
        AND ${scope.location('c.location_id')}
      GROUP BY c.previous, c.class
      ORDER BY series DESC, c.previous, c.class`,
    scope.params,
  );
}
