import * as z from 'zod';
import type { LocationType } from '../../contracts/location-types.ts';
import type { Statements } from '../sql/database.ts';
import { jsonChunks } from '../sql/json-chunks.ts';

const MAX_LOCATIONS = 10_000;

/** A place where stock lies. */
export interface LocationRow {
  readonly locationId: string;
  readonly name: string;
}

/** Makes or renames locations. */
export async function upsertLocations(tx: Statements, locations: readonly LocationRow[]): Promise<void> {
  for (const chunk of jsonChunks(locations.map((location) => [location.locationId, location.name]))) {
    await tx.write(
      `INSERT INTO location (location_id, name)
       SELECT j.location_id, j.name
         FROM JSON_TABLE(:rows, '$[*]' COLUMNS (
                location_id VARCHAR(50)  PATH '$[0]',
                name        VARCHAR(100) PATH '$[1]')) AS j
           ON DUPLICATE KEY UPDATE name = j.name`,
      { rows: chunk },
    );
  }
}

/** Where a location lies, or what it is; null leaves it as it is. */
export interface LocationPlace {
  readonly locationId: string;
  readonly parentId: string | null;
  readonly type: LocationType | null;
}

/** Puts locations into others, and says what they are. All must exist, and form a tree. */
export async function placeLocations(tx: Statements, places: readonly LocationPlace[]): Promise<void> {
  const rows = places.map((place) => [place.locationId, place.parentId, place.type]);
  for (const chunk of jsonChunks(rows)) {
    await tx.write(
      `UPDATE location l
         JOIN JSON_TABLE(:rows, '$[*]' COLUMNS (
                location_id   VARCHAR(50) PATH '$[0]',
                parent_id     VARCHAR(50) PATH '$[1]',
                location_type VARCHAR(12) PATH '$[2]')) AS j ON j.location_id = l.location_id
          SET l.parent_id     = COALESCE(j.parent_id, l.parent_id),
              l.location_type = COALESCE(j.location_type, l.location_type)`,
      { rows: chunk },
    );
  }
}

const Name = z.object({ name: z.string() });

/** One change of the tree at a time: two that are right alone could close a circle together. */
export async function lockLocationTree(tx: Statements): Promise<void> {
  await tx.select(Name, `SELECT name FROM setting WHERE name = 'default_location' FOR UPDATE`);
}

const InTree = z.object({ location_id: z.string(), parent_id: z.string().nullable() });

/** Every location with the one that it is part of; there are at most 10,000. */
export async function readLocationTree(
  statements: Statements,
): Promise<(readonly [string, string | null])[]> {
  const rows = await statements.select(
    InTree,
    `SELECT location_id, parent_id FROM location LIMIT ${MAX_LOCATIONS}`,
  );
  return rows.map((row) => [row.location_id, row.parent_id] as const);
}

/** Makes locations that do not exist yet, and leaves those that do. */
export async function insertLocationStubs(tx: Statements, locations: readonly LocationRow[]): Promise<void> {
  for (const chunk of jsonChunks(locations.map((location) => [location.locationId, location.name]))) {
    await tx.write(
      `INSERT IGNORE INTO location (location_id, name)
       SELECT j.location_id, j.name
         FROM JSON_TABLE(:rows, '$[*]' COLUMNS (
                location_id VARCHAR(50)  PATH '$[0]',
                name        VARCHAR(100) PATH '$[1]')) AS j`,
      { rows: chunk },
    );
  }
}

/** Every location there is, and the one that is meant when none is named. */
export interface Locations {
  readonly ids: ReadonlySet<string>;
  readonly defaultId: string;
}

const Row = z.object({ location_id: z.string() });
const Setting = z.object({ value: z.string() });

/** Reads all locations; there are at most 10,000. */
export async function readLocations(statements: Statements): Promise<Locations> {
  const rows = await statements.select(Row, `SELECT location_id FROM location LIMIT ${MAX_LOCATIONS}`);
  const [setting] = await statements.select(
    Setting,
    `SELECT value FROM setting WHERE name = 'default_location'`,
  );
  return { ids: new Set(rows.map((row) => row.location_id)), defaultId: setting?.value ?? 'MAIN' };
}
