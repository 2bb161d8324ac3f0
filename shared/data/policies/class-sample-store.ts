import * as z from 'zod';
import type { SeriesClass } from '../../contracts/policy.ts';
import type { SeriesKey } from '../forecasts/series-store.ts';
import { Total } from '../sql/columns.ts';
import { date, type Statements } from '../sql/database.ts';

/** Series of a class that follow its policy and may be replayed; what has a kind or a target of its own does not. */
const FOLLOWERS = `
       FROM series_class c
       JOIN products p ON p.product_id = c.product_id AND p.is_active = 1 AND p.is_service = 0
      WHERE c.class = :name
        AND NOT EXISTS (SELECT 1
                          FROM item_policy i
                         WHERE i.product_id = c.product_id
                           AND i.location_id = c.location_id
                           AND i.starts_on <= :asOf
                           AND (i.ends_on IS NULL OR i.ends_on >= :asOf)
                           AND (i.kind IS NOT NULL OR i.target_kind IS NOT NULL))`;

const KeyRow = z
  .object({ product_id: z.string(), location_id: z.string() })
  .transform((row): SeriesKey => ({ productId: row.product_id, locationId: row.location_id }));

export interface SampleAsked {
  readonly name: SeriesClass;
  readonly asOf: string;
  readonly seed: number;
  readonly most: number;
}

/** Some series of a class, drawn by a seed: the same ones whatever order they are stored in; and how many it has. */
export async function sampleClass(
  db: Statements,
  { name, asOf, seed, most }: SampleAsked,
): Promise<{ readonly keys: SeriesKey[]; readonly of: number }> {
  const [count] = await db.select(Total, `SELECT COUNT(*) AS total ${FOLLOWERS}`, { name, asOf: date(asOf) });
  const keys = await db.select(
    KeyRow,
    `SELECT c.product_id, c.location_id ${FOLLOWERS}
      ORDER BY SHA1(CONCAT_WS('|', :seed, c.product_id, c.location_id)), c.product_id, c.location_id
      LIMIT :most`,
    { name, asOf: date(asOf), seed, most },
  );
  return { keys, of: count!.total };
}

/** Whether any plan has put series into classes. */
export async function hasClasses(db: Statements): Promise<boolean> {
  const rows = await db.select(z.object({ class: z.string() }), `SELECT class FROM series_class LIMIT 1`);
  return rows.length > 0;
}
