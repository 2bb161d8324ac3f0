import * as z from 'zod';
import type { Statements } from './database.ts';
import { jsonChunks } from './json-chunks.ts';

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

const MAX_LOCATIONS = 10_000;
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
