import * as z from 'zod';
import type { LiveState } from '../../core/forecast/online/live-model.ts';
import { date, json, type Statements } from '../sql/database.ts';
import { KEY_COLUMNS, keysJson, type SeriesKey, seriesName } from './series-store.ts';

/** Most bytes of a stored state. */
export const LIVE_STATE_LIMIT_BYTES = 2048;

/** What is learnt of a series between two plans. */
export interface LiveForecast extends SeriesKey {
  /** First and last day that it has learnt. */
  readonly firstDay: string;
  readonly closedThrough: string;
  /** Of the demand of those days: see `readFingerprints`. */
  readonly fingerprint: string;
  readonly state: LiveState;
}

const Row = z
  .object({
    product_id: z.string(),
    location_id: z.string(),
    first_day: z.iso.date(),
    closed_through: z.iso.date(),
    fingerprint: z.string(),
    state: z.string().transform((text) => JSON.parse(text) as LiveState),
  })
  .transform(
    (row): LiveForecast => ({
      productId: row.product_id,
      locationId: row.location_id,
      firstDay: row.first_day,
      closedThrough: row.closed_through,
      fingerprint: row.fingerprint,
      state: row.state,
    }),
  );

/** The states of these series, by `seriesName`; locked until the end of the transaction when `forUpdate`. */
export async function readLiveForecasts(
  tx: Statements,
  keys: readonly SeriesKey[],
  { forUpdate = false } = {},
): Promise<Map<string, LiveForecast>> {
  const rows = await tx.select(
    Row,
    `SELECT l.product_id, l.location_id, l.first_day, l.closed_through, l.fingerprint, l.state
       FROM JSON_TABLE(:keys, '$[*]' COLUMNS (${KEY_COLUMNS})) AS k
       JOIN live_forecast l ON l.product_id = k.product_id AND l.location_id = k.location_id
      ORDER BY l.product_id, l.location_id
      ${forUpdate ? 'FOR UPDATE' : ''}`,
    { keys: keysJson(keys) },
  );
  return new Map(rows.map((row) => [seriesName(row), row]));
}

/** Stores what was learnt; storing it again changes nothing. */
export async function saveLiveForecasts(tx: Statements, learnt: readonly LiveForecast[]): Promise<void> {
  if (learnt.length === 0) return;
  const rows = learnt.map((one) => {
    const state = JSON.stringify(one.state);
    if (Buffer.byteLength(state) > LIVE_STATE_LIMIT_BYTES)
      throw new RangeError(`the live state of ${seriesName(one)} has ${Buffer.byteLength(state)} bytes`);
    const { productId, locationId, firstDay, closedThrough, fingerprint } = one;
    return [productId, locationId, firstDay, closedThrough, fingerprint, one.state.choice, state];
  });
  await tx.write(
    `INSERT INTO live_forecast (product_id, location_id, first_day, closed_through, fingerprint, choice, state)
     SELECT j.product_id, j.location_id, j.first_day, j.closed_through, j.fingerprint, j.choice, j.state
       FROM JSON_TABLE(:rows, '$[*]' COLUMNS (
              ${KEY_COLUMNS},
              first_day DATE PATH '$[2]',
              closed_through DATE PATH '$[3]',
              fingerprint VARCHAR(40) PATH '$[4]',
              choice VARCHAR(8) PATH '$[5]',
              state LONGTEXT PATH '$[6]')) AS j
         ON DUPLICATE KEY UPDATE first_day = j.first_day, closed_through = j.closed_through,
            fingerprint = j.fingerprint, choice = j.choice, state = j.state`,
    { rows: json(rows) },
  );
}

const KeyRow = z
  .object({ product_id: z.string(), location_id: z.string(), closed_through: z.iso.date() })
  .transform((row) => ({
    productId: row.product_id,
    locationId: row.location_id,
    closedThrough: row.closed_through,
  }));
export type LearntKey = z.infer<typeof KeyRow>;

/**
 * Series that have learnt before and have had demand since, on days that are over: what an import leaves to learn. Also
 * those that have learnt days that are not over. What is furthest behind comes first; the next page is that after the last key.
 */
export function readBehindKeys(
  db: Statements,
  closedThrough: string,
  limit: number,
  after?: LearntKey,
): Promise<LearntKey[]> {
  return db.select(
    KeyRow,
    `SELECT l.product_id, l.location_id, l.closed_through
       FROM live_forecast l
      WHERE l.closed_through >= :from
        AND (l.closed_through, l.product_id, l.location_id) > (:from, :productId, :locationId)
        AND (l.closed_through > :closedThrough
             OR l.closed_through < :closedThrough
            AND EXISTS (SELECT 1
                          FROM demand d
                         WHERE d.product_id = l.product_id AND d.location_id = l.location_id
                           AND d.date > l.closed_through AND d.date <= :closedThrough AND d.quantity > 0))
      ORDER BY l.closed_through, l.product_id, l.location_id
      LIMIT :limit`,
    {
      closedThrough: date(closedThrough),
      limit,
      from: date(after?.closedThrough ?? '0001-01-01'),
      productId: after?.productId ?? '',
      locationId: after?.locationId ?? '',
    },
  );
}
