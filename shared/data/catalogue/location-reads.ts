import * as z from 'zod';
import { Location, type LocationDetail } from '../../contracts/api/location.ts';
import { MOST_LEVELS } from '../../core/inventory/location-tree.ts';
import { flagColumn, type Page, type PageAsked, Total, where } from '../sql/columns.ts';
import type { Statements } from '../sql/database.ts';

const Row = Location.extend({ is_active: flagColumn, is_default: flagColumn });
const LOCATIONS = `
SELECT l.location_id AS id, l.name, l.location_type AS type, l.parent_id, l.is_active,
       l.location_id = COALESCE((SELECT value FROM setting WHERE name = 'default_location'), 'MAIN') AS is_default,
       CAST(COALESCE(s.on_hand, 0) AS SIGNED) AS on_hand, CAST(COALESCE(s.products, 0) AS SIGNED) AS products
  FROM location l
  LEFT JOIN (SELECT location_id, SUM(stock_level) AS on_hand, SUM(stock_level <> 0) AS products
               FROM stock
              GROUP BY location_id) AS s ON s.location_id = l.location_id`;

export interface LocationFilter {
  readonly type?: string | undefined;
  readonly parentId?: string | undefined;
}

/** Locations by id. */
export async function listLocations(
  db: Statements,
  { type, parentId }: LocationFilter,
  { skip, limit }: PageAsked,
): Promise<Page<Location>> {
  const conditions = where([
    type !== undefined && 'l.location_type = :type',
    parentId !== undefined && 'l.parent_id = :parentId',
  ]);
  const params = { ...(type !== undefined && { type }), ...(parentId !== undefined && { parentId }) };
  const [count] = await db.select(Total, `SELECT COUNT(*) AS total FROM location l ${conditions}`, params);
  const data = await db.select(
    Row,
    `${LOCATIONS} ${conditions} ORDER BY l.location_id LIMIT :limit OFFSET :skip`,
    { ...params, skip, limit },
  );
  return { data, pagination: { skip, limit, total: count!.total } };
}

/** One location. */
export async function findLocation(db: Statements, locationId: string): Promise<Location | undefined> {
  const [location] = await db.select(Row, `${LOCATIONS} WHERE l.location_id = :locationId`, { locationId });
  return location;
}

const Id = z.object({ id: z.string() });

/** The locations around one, from the root down to it; more than there may be when they run in a circle. */
export async function readPath(db: Statements, locationId: string): Promise<string[]> {
  const rows = await db.select(
    Id,
    `WITH RECURSIVE up (location_id, parent_id, height) AS (
       SELECT location_id, parent_id, 0 FROM location WHERE location_id = :locationId
        UNION ALL
       SELECT p.location_id, p.parent_id, u.height + 1
         FROM up u
         JOIN location p ON p.location_id = u.parent_id
        WHERE u.height < ${2 * MOST_LEVELS})
     SELECT location_id AS id FROM up ORDER BY height DESC`,
    { locationId },
  );
  return rows.map(({ id }) => id);
}

const Height = z.object({ levels: z.int() });

/** Levels of the tree below a location, itself included. */
export async function readLevels(db: Statements, locationId: string): Promise<number> {
  const [row] = await db.select(
    Height,
    `WITH RECURSIVE down (location_id, depth) AS (
       SELECT location_id, 1 FROM location WHERE location_id = :locationId
        UNION ALL
       SELECT c.location_id, d.depth + 1
         FROM down d
         JOIN location c ON c.parent_id = d.location_id
        WHERE d.depth < ${2 * MOST_LEVELS})
     SELECT CAST(COALESCE(MAX(depth), 0) AS SIGNED) AS levels FROM down`,
    { locationId },
  );
  return row!.levels;
}

/** One location with its place in the tree. */
export async function findLocationDetail(
  db: Statements,
  locationId: string,
): Promise<LocationDetail | undefined> {
  const location = await findLocation(db, locationId);
  if (!location) return undefined;
  const path = (await readPath(db, locationId)).slice(0, -1);
  const children = await db.select(
    Id,
    `SELECT location_id AS id FROM location WHERE parent_id = :locationId ORDER BY location_id LIMIT 1000`,
    { locationId },
  );
  return { ...location, path, children: children.map(({ id }) => id) };
}
