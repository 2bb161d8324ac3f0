import * as z from 'zod';
import type { SeriesClass } from '../../contracts/policy.ts';
import { addDays } from '../../core/calendar/add-days.ts';
import { PERIOD_DAYS, type SeriesKey } from '../forecasts/series-store.ts';
import { date, type Statements } from '../sql/database.ts';

/**
 * Series of a class that follow its policy, with the weeks since their first sale in those that are looked at, as a table for
 * FROM; what has a kind or a target of its own does not follow.
 */
const FOLLOWERS = `
     (SELECT c.product_id, c.location_id,
             1 + DATEDIFF(:asOf, (SELECT d.date
                                    FROM demand d
                                   WHERE d.product_id = c.product_id AND d.location_id = c.location_id
                                     AND d.date > :after AND d.date <= :asOf AND d.quantity > 0
                                   ORDER BY d.date
                                   LIMIT 1)) DIV ${PERIOD_DAYS} AS weeks
       FROM series_class c
       JOIN products p ON p.product_id = c.product_id AND p.is_active = 1 AND p.is_service = 0
      WHERE c.class = :name
        AND NOT EXISTS (SELECT 1
                          FROM item_policy i
                         WHERE i.product_id = c.product_id
                           AND i.location_id = c.location_id
                           AND i.starts_on <= :asOf
                           AND (i.ends_on IS NULL OR i.ends_on >= :asOf)
                           AND (i.kind IS NOT NULL OR i.target_kind IS NOT NULL)))`;

const Class = z.object({ total: z.int(), longest: z.int().nullable() });
const Drawn = z.object({ product_id: z.string(), location_id: z.string(), old: z.int() });

export interface SampleAsked {
  readonly name: SeriesClass;
  readonly asOf: string;
  /** Weeks up to that day that are looked at. */
  readonly weeks: number;
  readonly seed: number;
  readonly most: number;
  /** Weeks that a series must have to be drawn, where the longest of the class has so many. */
  leastWeeks(longest: number): number;
}

export interface ClassSample {
  readonly keys: SeriesKey[];
  /** Series of the class, and those of them that are too young to be drawn or sold nothing. */
  readonly of: number;
  readonly tooYoung: number;
}

/** Some series of a class that are old enough, drawn by a seed: the same ones whatever order they are stored in. */
export async function sampleClass(
  db: Statements,
  { name, asOf, weeks, seed, most, leastWeeks }: SampleAsked,
): Promise<ClassSample> {
  const params = { name, asOf: date(asOf), after: date(addDays(asOf, -PERIOD_DAYS * weeks)) };
  const [all] = await db.select(
    Class,
    `SELECT COUNT(*) AS total, MAX(f.weeks) AS longest
       FROM ${FOLLOWERS} AS f`,
    params,
  );
  const { total, longest } = all!;
  const rows = await db.select(
    Drawn,
    `SELECT f.product_id, f.location_id, COUNT(*) OVER () AS old
       FROM ${FOLLOWERS} AS f
      WHERE f.weeks >= :least
      ORDER BY SHA1(CONCAT_WS('|', :seed, f.product_id, f.location_id)), f.product_id, f.location_id
      LIMIT :most`,
    { ...params, seed, most, least: leastWeeks(longest ?? 0) },
  );
  const keys = rows.map((row) => ({ productId: row.product_id, locationId: row.location_id }));
  return { keys, of: total, tooYoung: total - (rows[0]?.old ?? 0) };
}

/** Whether any plan has put series into classes. */
export async function hasClasses(db: Statements): Promise<boolean> {
  const rows = await db.select(z.object({ class: z.string() }), `SELECT class FROM series_class LIMIT 1`);
  return rows.length > 0;
}
