import * as z from 'zod';
import { Fault } from '../../../shared/contracts/fault.ts';
import { readLocations } from '../../../shared/data/catalogue/location-store.ts';
import { flagColumn } from '../../../shared/data/sql/columns.ts';
import { json, type Statements } from '../../../shared/data/sql/database.ts';

/** The location itself, or the default one when none is named. Fault `missing` for one that nobody knows. */
export async function knownLocation(db: Statements, named: string | undefined): Promise<string> {
  const { ids, defaultId } = await readLocations(db);
  const locationId = named ?? defaultId;
  if (!ids.has(locationId)) throw new Fault('missing', `There is no location ${locationId}`);
  return locationId;
}

const Row = z.object({
  id: z.string(),
  product_id: z.string().nullable(),
  is_service: flagColumn.nullable(),
});

/** Fault `missing` for a product that nobody knows, `invalid` for a service, which has no stock. */
export async function mustBeStocked(db: Statements, productIds: readonly string[]): Promise<void> {
  const rows = await db.select(
    Row,
    `SELECT j.id, p.product_id, p.is_service
       FROM JSON_TABLE(:ids, '$[*]' COLUMNS (id VARCHAR(64) PATH '$')) AS j
       LEFT JOIN products p ON p.product_id = j.id`,
    { ids: json(productIds) },
  );
  for (const { id, product_id, is_service } of rows) {
    if (product_id === null) throw new Fault('missing', `There is no product ${id}`);
    if (is_service) throw new Fault('invalid', `${id} is a service, which has no stock`);
  }
}
