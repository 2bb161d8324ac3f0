import * as z from 'zod';
import type { Statements } from '../sql/database.ts';
import type { SeriesKey } from './series-store.ts';

/** Locations of one product that are looked at together. */
const MOST_LOCATIONS = 250;

const Row = z
  .object({ product_id: z.string(), location_id: z.string() })
  .transform((row): SeriesKey => ({ productId: row.product_id, locationId: row.location_id }));

/** The series of a product that a run has. */
export function readSeriesOfProduct(db: Statements, runId: string, productId: string): Promise<SeriesKey[]> {
  return db.select(
    Row,
    `SELECT product_id, location_id
       FROM forecast
      WHERE run_id = :runId AND product_id = :productId
      ORDER BY location_id
      LIMIT ${MOST_LOCATIONS}`,
    { runId, productId },
  );
}
