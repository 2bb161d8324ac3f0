import * as z from 'zod';
import { ABOUT_ACCURACY, type SeriesAccuracy } from '../../contracts/api/accuracy.ts';
import {
  type AccuracySums,
  addSums,
  NO_OUTCOMES,
  scoreBucket,
} from '../../core/forecast/evaluate/score-bucket.ts';
import { jsonColumn } from '../sql/columns.ts';
import { date, type Statements } from '../sql/database.ts';
import { SCORED_LEVELS } from './accuracy-origin-store.ts';
import { columnsOf } from './accuracy-reads.ts';
import type { SeriesKey } from './series-store.ts';

/** Origins that a series is looked for in: as many as can have a sheet of a kept week. */
const MOST_ORIGINS = 40;
const MOST_OUTCOMES = 1000;

const Origin = z.object({ as_of: z.iso.date(), part: z.int() });
const Place = z.object({ place: z.int() });
const Outcome = z.object({
  lag: z.int(),
  bucket_end: z.iso.date(),
  mean: z.coerce.number(),
  naive: z.coerce.number(),
  // null is written as a word by one of the databases
  actual: z.string().transform((text) => (text === 'null' ? null : Number(text))),
  quantiles: jsonColumn(z.array(z.number())),
});

/** How earlier forecasts of a series did, from the sheets that are kept: about a quarter of closed weeks. */
export async function readSeriesAccuracy(db: Statements, key: SeriesKey): Promise<SeriesAccuracy> {
  const outcomes: z.infer<typeof Outcome>[] = [];
  for (const origin of await findOrigins(db, key)) {
    const place = await findPlace(db, origin, key);
    if (place !== undefined) outcomes.push(...(await readOutcomes(db, origin, place)));
  }
  outcomes.sort((a, b) => a.lag - b.lag || (a.bucket_end < b.bucket_end ? -1 : 1));
  const sums = new Map<number, AccuracySums>();
  for (const { lag, mean, naive, actual, quantiles } of outcomes) {
    const levels = Object.fromEntries(SCORED_LEVELS.map((level, i) => [level, quantiles[i]!]));
    const outcome =
      actual === null
        ? { ...NO_OUTCOMES, censored: 1 }
        : scoreBucket({ mean, naive, actual, quantiles: levels });
    sums.set(lag, addSums(sums.get(lag) ?? NO_OUTCOMES, outcome));
  }
  return {
    ...ABOUT_ACCURACY,
    lags: [...sums].map(([lag, sum]) => ({ lag, ...columnsOf(sum) })),
    weeks: outcomes
      .filter(({ lag }) => lag === 1)
      .map(({ bucket_end, mean, naive, actual, quantiles }) => ({
        week_end: bucket_end,
        forecast: mean,
        low80: quantiles[SCORED_LEVELS.indexOf('0.1')]!,
        high80: quantiles[SCORED_LEVELS.indexOf('0.9')]!,
        naive,
        actual,
      })),
  };
}

/** In each origin with closed weeks, the part that would hold the series. */
async function findOrigins(db: Statements, { productId, locationId }: SeriesKey) {
  return db.select(
    Origin,
    `SELECT p.as_of, MAX(p.part) AS part
       FROM accuracy_part p
      WHERE (p.first_product, p.first_location) <= (:productId, :locationId)
      GROUP BY p.as_of
      ORDER BY p.as_of DESC
      LIMIT ${MOST_ORIGINS}`,
    { productId, locationId },
  );
}

async function findPlace(
  db: Statements,
  { as_of: asOf, part }: z.infer<typeof Origin>,
  { productId, locationId }: SeriesKey,
): Promise<number | undefined> {
  const [row] = await db.select(
    Place,
    `SELECT j.place
       FROM accuracy_part p
       JOIN JSON_TABLE(p.series, '$[*]' COLUMNS (
              place       FOR ORDINALITY,
              product_id  VARCHAR(64) PATH '$[0]',
              location_id VARCHAR(50) PATH '$[1]')) AS j
      WHERE p.as_of = :asOf AND p.part = :part
        AND j.product_id = :productId AND j.location_id = :locationId`,
    { asOf: date(asOf), part, productId, locationId },
  );
  return row && row.place - 1;
}

function readOutcomes(db: Statements, { as_of: asOf, part }: z.infer<typeof Origin>, place: number) {
  const quantiles = SCORED_LEVELS.map(
    (level) => `JSON_EXTRACT(s.forecasts, '$.quantiles."${level}"[${place}]')`,
  );
  return db.select(
    Outcome,
    `SELECT s.lag, s.bucket_end,
            JSON_UNQUOTE(JSON_EXTRACT(s.forecasts, '$.mean[${place}]')) AS mean,
            JSON_UNQUOTE(JSON_EXTRACT(s.forecasts, '$.naive[${place}]')) AS naive,
            JSON_UNQUOTE(JSON_EXTRACT(s.actuals, '$[${place}]')) AS actual,
            JSON_ARRAY(${quantiles.join(', ')}) AS quantiles
       FROM accuracy_sheet s
      WHERE s.as_of = :asOf AND s.part = :part AND s.actuals IS NOT NULL
      ORDER BY s.lag
      LIMIT ${MOST_OUTCOMES}`,
    { asOf: date(asOf), part },
  );
}
