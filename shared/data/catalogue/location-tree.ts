import * as z from 'zod';
import type { Statements } from '../sql/database.ts';

/** Locations of one answer, and levels of a tree. */
const MAX_LOCATIONS = 10_000;
const MAX_LEVELS = 50;

const Row = z.object({ location_id: z.string() });

/** A location with all that lie in it, at any depth, itself first; empty when there is no such location. */
export async function subtreeOf(db: Statements, locationId: string): Promise<string[]> {
  const rows = await db.select(
    Row,
    `WITH RECURSIVE tree AS (
       SELECT location_id, 0 AS level FROM location WHERE location_id = :locationId
        UNION ALL
       SELECT l.location_id, t.level + 1
         FROM tree t
         JOIN location l ON l.parent_id = t.location_id
        WHERE t.level < ${MAX_LEVELS})
     SELECT location_id
       FROM tree
      GROUP BY location_id
      ORDER BY MIN(level), location_id
      LIMIT ${MAX_LOCATIONS}`,
    { locationId },
  );
  return rows.map((row) => row.location_id);
}
