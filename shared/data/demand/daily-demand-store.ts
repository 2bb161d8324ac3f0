import * as z from 'zod';
import { daysBetween } from '../../core/calendar/add-days.ts';
import { KEY_COLUMNS, type SeriesKey, seriesName } from '../forecasts/series-store.ts';
import { date, json, type Statements } from '../sql/database.ts';

/** Days of a series, first and last inclusive. */
export interface DayRange extends SeriesKey {
  readonly firstDay: string;
  readonly lastDay: string;
}

export interface DayDemand {
  readonly day: string;
  readonly quantity: number;
}

const RANGE_COLUMNS = `${KEY_COLUMNS}, first_day DATE PATH '$[2]', last_day DATE PATH '$[3]'`;
const rangesJson = (ranges: readonly DayRange[]) =>
  json(ranges.map((range) => [range.productId, range.locationId, range.firstDay, range.lastDay]));

const DemandRow = z.object({
  product_id: z.string(),
  location_id: z.string(),
  day: z.iso.date(),
  quantity: z.int(),
});
type DemandRow = z.infer<typeof DemandRow>;

/** Days of one answer, of 150 bytes at the very most. */
const DAYS_PER_READ = 6000;
const MOST_READS = 100;

/** Days with demand within the ranges, by `seriesName`, oldest first; a series without any is left out. */
export async function readDailyDemand(
  db: Statements,
  ranges: readonly DayRange[],
): Promise<Map<string, DayDemand[]>> {
  const found = new Map<string, DayDemand[]>();
  let last: DemandRow | undefined;
  for (let read = 0; read < MOST_READS; read++) {
    const rows = await readDays(db, ranges, last);
    for (const row of rows) {
      const name = seriesName({ productId: row.product_id, locationId: row.location_id });
      const days = found.get(name) ?? [];
      days.push({ day: row.day, quantity: row.quantity });
      found.set(name, days);
    }
    if (rows.length < DAYS_PER_READ) return found;
    last = rows.at(-1);
  }
  throw new RangeError(`more than ${DAYS_PER_READ * MOST_READS} days with demand in one read`);
}

/** The next of these days, in the order of series and day. */
function readDays(
  db: Statements,
  ranges: readonly DayRange[],
  after: DemandRow | undefined,
): Promise<DemandRow[]> {
  return db.select(
    DemandRow,
    // series first: else the order with its limit may tempt into reading all demand
    `SELECT STRAIGHT_JOIN d.product_id, d.location_id, d.date AS day, d.quantity
       FROM JSON_TABLE(:ranges, '$[*]' COLUMNS (${RANGE_COLUMNS})) AS k
       JOIN demand d ON d.product_id = k.product_id AND d.location_id = k.location_id
                    AND d.date BETWEEN k.first_day AND k.last_day
      WHERE d.quantity > 0 AND (d.product_id, d.location_id, d.date) > (:productId, :locationId, :day)
      ORDER BY d.product_id, d.location_id, d.date
      LIMIT ${DAYS_PER_READ}`,
    {
      ranges: rangesJson(ranges),
      productId: after?.product_id ?? '',
      locationId: after?.location_id ?? '',
      day: date(after?.day ?? '0001-01-01'),
    },
  );
}

/** Weight of a day in a fingerprint: units that move to another day change it, too. */
const WEIGHTS = 997;
/** TO_DAYS of 1970-01-01. */
const EPOCH_DAYS = 719_528;

/** The part of a fingerprint that some days are. */
export function fingerprintOf(days: readonly DayDemand[]): bigint {
  return days.reduce((sum, { day, quantity }) => {
    const number = daysBetween('1970-01-01', day) + EPOCH_DAYS;
    return sum + BigInt(quantity) * BigInt(1 + (number % WEIGHTS));
  }, 0n);
}

const FingerprintRow = z.object({ product_id: z.string(), location_id: z.string(), fingerprint: z.string() });

/** What the demand within the ranges adds up to, each day with a weight of its own, by `seriesName`. */
export async function readFingerprints(
  db: Statements,
  ranges: readonly DayRange[],
): Promise<Map<string, string>> {
  const rows = await db.select(
    FingerprintRow,
    `SELECT k.product_id, k.location_id,
            CAST(COALESCE(SUM(d.quantity * (1 + MOD(TO_DAYS(d.date), ${WEIGHTS}))), 0) AS CHAR) AS fingerprint
       FROM JSON_TABLE(:ranges, '$[*]' COLUMNS (${RANGE_COLUMNS})) AS k
       LEFT JOIN demand d ON d.product_id = k.product_id AND d.location_id = k.location_id
                         AND d.date BETWEEN k.first_day AND k.last_day AND d.quantity > 0
      GROUP BY k.product_id, k.location_id`,
    { ranges: rangesJson(ranges) },
  );
  return new Map(
    rows.map((row) => [
      seriesName({ productId: row.product_id, locationId: row.location_id }),
      row.fingerprint,
    ]),
  );
}

const FirstRow = z.object({ product_id: z.string(), location_id: z.string(), day: z.iso.date() });

/** The first day with demand from a day on, by `seriesName`; a series without any is left out. */
export async function readFirstDays(
  db: Statements,
  ranges: readonly DayRange[],
): Promise<Map<string, string>> {
  const rows = await db.select(
    FirstRow,
    `SELECT d.product_id, d.location_id, MIN(d.date) AS day
       FROM JSON_TABLE(:ranges, '$[*]' COLUMNS (${RANGE_COLUMNS})) AS k
       JOIN demand d ON d.product_id = k.product_id AND d.location_id = k.location_id
                    AND d.date BETWEEN k.first_day AND k.last_day AND d.quantity > 0
      GROUP BY d.product_id, d.location_id`,
    { ranges: rangesJson(ranges) },
  );
  return new Map(
    rows.map((row) => [seriesName({ productId: row.product_id, locationId: row.location_id }), row.day]),
  );
}
