import * as z from 'zod';
import {
  ABOUT_ACCURACY,
  type AccuracyFigureColumns,
  type AccuracyQuarters,
  type ForecastAccuracy,
} from '../../contracts/api/accuracy.ts';
import { quarterBefore } from '../../core/calendar/quarters.ts';
import type { GroupBucket } from '../../core/forecast/evaluate/accuracy-drift.ts';
import { figuresOf } from '../../core/forecast/evaluate/accuracy-figures.ts';
import type { AccuracySums } from '../../core/forecast/evaluate/score-bucket.ts';
import { date, type Statements } from '../sql/database.ts';
import type { CellKind } from './accuracy-close-store.ts';
import { NO_CATEGORY } from './group-members-store.ts';

/** Groups of one answer, the largest; of quarters, of which there are about ten. */
const MOST_GROUPS = 500;
const MOST_QUARTER_GROUPS = 100;
const MOST_ROWS = 2000;

export interface AccuracyFilter {
  readonly by: ForecastAccuracy['by'];
  /** Weeks ahead, both included. */
  readonly lag: { readonly from: number; readonly to: number };
  /** Last days of the weeks, both included. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

const SUMS = `CAST(SUM(c.scored) AS SIGNED) AS scored, CAST(SUM(c.censored) AS SIGNED) AS censored,
            SUM(c.actual) AS actual, SUM(c.error) AS error, SUM(c.absolute_error) AS absolute_error,
            SUM(c.naive_error) AS naive_error, SUM(c.quantile_loss) AS quantile_loss,
            CAST(SUM(c.inside80) AS SIGNED) AS inside80, CAST(SUM(c.inside95) AS SIGNED) AS inside95`;

const SumColumns = {
  scored: z.int(),
  censored: z.int(),
  actual: z.number(),
  error: z.number(),
  absolute_error: z.number(),
  naive_error: z.number(),
  quantile_loss: z.number(),
  inside80: z.int(),
  inside95: z.int(),
};

const sumsOf = (row: z.infer<z.ZodObject<typeof SumColumns>>): AccuracySums => ({
  scored: row.scored,
  censored: row.censored,
  actual: row.actual,
  error: row.error,
  absoluteError: row.absolute_error,
  naiveError: row.naive_error,
  quantileLoss: row.quantile_loss,
  inside80: row.inside80,
  inside95: row.inside95,
});

/** Sums as the columns of an answer. */
export function columnsOf(sums: AccuracySums): AccuracyFigureColumns {
  const figures = figuresOf(sums);
  return {
    forecasts: sums.scored,
    out_of_stock: sums.censored,
    actual: sums.actual,
    wape: figures.wape,
    bias: figures.bias,
    naive_wape: figures.naiveWape,
    value_added: figures.valueAdded,
    relative_error: figures.relativeError,
    wql: figures.wql,
    coverage80: figures.coverage80,
    coverage95: figures.coverage95,
  };
}

const GROUP: Readonly<Record<AccuracyFilter['by'], string>> = {
  total: `'total'`,
  category: `CASE WHEN c.name = '' THEN '${NO_CATEGORY}' ELSE c.name END`,
  class: 'c.name',
  model: 'c.name',
  lag: 'CAST(c.lag AS CHAR)',
};

/** The sums that hold every series once, by the names that are asked for. */
const KIND: Readonly<Record<AccuracyFilter['by'], CellKind>> = {
  total: 'category',
  category: 'category',
  class: 'class',
  model: 'model',
  lag: 'category',
};

const Group = z.object({ label: z.string(), ...SumColumns });
const Span = z.object({
  weeks: z.int(),
  first_week_end: z.iso.date().nullable(),
  last_week_end: z.iso.date().nullable(),
});

/** How good forecasts were, the group with the largest sales first; no rows before a week was closed. */
export async function readAccuracy(
  db: Statements,
  { by, lag, from = '0001-01-01', to = '9999-12-31' }: AccuracyFilter,
): Promise<ForecastAccuracy> {
  const chosen = `FROM accuracy_cell c
      WHERE c.kind = :kind AND c.lag BETWEEN :low AND :high AND c.bucket_end BETWEEN :from AND :to`;
  const params = { kind: KIND[by], low: lag.from, high: lag.to, from: date(from), to: date(to) };
  const [span] = await db.select(
    Span,
    `SELECT COUNT(DISTINCT c.bucket_end) AS weeks, MIN(c.bucket_end) AS first_week_end,
            MAX(c.bucket_end) AS last_week_end ${chosen}`,
    params,
  );
  const rows = await db.select(
    Group,
    // grouped by a name that no column has: a column would come first
    `SELECT ${GROUP[by]} AS label, ${SUMS} ${chosen}
      GROUP BY label
      ORDER BY ${by === 'lag' ? 'MIN(c.lag)' : 'SUM(c.actual) DESC, label'}
      LIMIT ${MOST_GROUPS}`,
    params,
  );
  return {
    ...ABOUT_ACCURACY,
    lag,
    by,
    ...span!,
    rows: rows.map((row) => ({ group: row.label, ...columnsOf(sumsOf(row)) })),
  };
}

const Quarterly = z.object({ label: z.string(), quarter: z.string(), weeks: z.int(), ...SumColumns });

/**
 * Accuracy by calendar quarter of the last day of the weeks, and how it changed: of all categories together, then of
 * each of the largest, quarter by quarter.
 */
export async function readAccuracyQuarters(
  db: Statements,
  lag: AccuracyFilter['lag'],
): Promise<AccuracyQuarters> {
  const params = { low: lag.from, high: lag.to };
  const quarters = (category: string, join = '') =>
    db.select(
      Quarterly,
      `SELECT ${category} AS label, CONCAT(YEAR(c.bucket_end), '-Q', QUARTER(c.bucket_end)) AS quarter,
              COUNT(DISTINCT c.bucket_end) AS weeks, ${SUMS}
         FROM accuracy_cell c ${join}
        WHERE c.kind = 'category' AND c.lag BETWEEN :low AND :high
        GROUP BY label, quarter
        ORDER BY label, quarter
        LIMIT ${MOST_ROWS}`,
      params,
    );
  const all = await quarters(`''`);
  const each = await quarters(
    GROUP.category,
    `JOIN (SELECT name
             FROM accuracy_cell
            WHERE kind = 'category' AND lag BETWEEN :low AND :high
            GROUP BY name
            ORDER BY SUM(actual) DESC, name
            LIMIT ${MOST_QUARTER_GROUPS}) AS largest ON largest.name = c.name`,
  );
  const rows = [...all, ...each].map((row) => ({
    category: row.label,
    quarter: row.quarter,
    weeks: row.weeks,
    ...columnsOf(sumsOf(row)),
  }));
  const change = (now: number | null, before: number | null | undefined): number | null =>
    now === null || before === null || before === undefined ? null : now - before;
  return {
    ...ABOUT_ACCURACY,
    lag,
    rows: rows.map((row, i) => {
      const neighbour = rows[i - 1];
      const isBefore =
        neighbour?.category === row.category && neighbour.quarter === quarterBefore(row.quarter);
      const before = isBefore ? neighbour : undefined;
      return {
        ...row,
        wape_change: change(row.wape, before?.wape),
        relative_error_change: change(row.relative_error, before?.relative_error),
      };
    }),
  };
}

const Bucket = z.object({ name: z.string(), bucket_end: z.iso.date(), ...SumColumns });

/** Sums of one week, by its last day. */
export interface ClosedBucket extends GroupBucket {
  readonly bucketEnd: string;
}

/** The newest closed weeks of the largest categories at one lag, oldest first, by category. */
export async function readGroupBuckets(
  db: Statements,
  lag: number,
  weeks: number,
  groups: number,
): Promise<Map<string, ClosedBucket[]>> {
  const rows = await db.select(
    Bucket,
    `SELECT c.name, c.bucket_end, ${SUMS}
       FROM accuracy_cell c
       JOIN (SELECT DISTINCT bucket_end
               FROM accuracy_cell
              WHERE kind = 'category' AND lag = :lag
              ORDER BY bucket_end DESC
              LIMIT ${weeks}) AS newest ON newest.bucket_end = c.bucket_end
       JOIN (SELECT name
               FROM accuracy_cell
              WHERE kind = 'category' AND lag = :lag
              GROUP BY name
              ORDER BY SUM(actual) DESC, name
              LIMIT ${groups}) AS largest ON largest.name = c.name
      WHERE c.kind = 'category' AND c.lag = :lag
      GROUP BY c.name, c.bucket_end
     HAVING SUM(c.scored) > 0
      ORDER BY c.name, c.bucket_end`,
    { lag },
  );
  return Map.groupBy(
    rows.map((row) => ({ category: row.name, bucketEnd: row.bucket_end, ...sumsOf(row) })),
    ({ category }) => category,
  );
}
