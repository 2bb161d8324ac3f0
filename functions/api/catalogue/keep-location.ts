import * as z from 'zod';
import type { LocationChange, LocationDetail, NewLocation } from '../../../shared/contracts/api/location.ts';
import { Fault } from '../../../shared/contracts/fault.ts';
import { MOST_LEVELS } from '../../../shared/core/inventory/location-tree.ts';
import { findLocationDetail, readLevels, readPath } from '../../../shared/data/catalogue/location-reads.ts';
import { lockLocationTree } from '../../../shared/data/catalogue/location-store.ts';
import { isExpecting } from '../../../shared/data/ledger/position-store.ts';
import type { Statements } from '../../../shared/data/sql/database.ts';
import { changeThing, createThing, type Keeping } from './keep-catalogue.ts';

/** Makes a location. Fault `conflict` when there is one of that id, `invalid` when its parent cannot be one. */
export async function createLocation(
  tx: Statements,
  { id, name, type, parent_id }: NewLocation,
  actor: string,
): Promise<LocationDetail> {
  await lockLocationTree(tx);
  if (parent_id !== null) await refuseParent(tx, parent_id, id, 1);
  const columns = { name, location_type: type, parent_id };
  return createThing(tx, locationKeeping(id, actor), columns);
}

/**
 * Changes what is given of a location. Fault `invalid` when it would be part of itself or lie too deep, `conflict` when
 * it shall end while goods, active locations or the default are in it.
 */
export async function changeLocation(
  tx: Statements,
  id: string,
  change: LocationChange,
  actor: string,
): Promise<LocationDetail> {
  await lockLocationTree(tx);
  if (change.parent_id !== undefined && change.parent_id !== null) {
    await refuseParent(tx, change.parent_id, id, Math.max(await readLevels(tx, id), 1));
  }
  if (change.is_active === false) await refuseEnd(tx, id);
  return changeThing(tx, locationKeeping(id, actor), {
    name: change.name,
    location_type: change.type,
    parent_id: change.parent_id,
    is_active: change.is_active,
  });
}

const locationKeeping = (id: string, actor: string): Keeping<LocationDetail> => ({
  table: 'location',
  subject: 'location',
  key: [id],
  actor,
  read: (tx) => findLocationDetail(tx, id),
});

const Any = z.object({ id: z.string() });

async function refuseParent(tx: Statements, parentId: string, id: string, levels: number): Promise<void> {
  const refuse = (reason: string): never => {
    throw new Fault('invalid', 'The location cannot lie there', {
      details: [{ field: 'parent_id', reason }],
    });
  };
  const path = await readPath(tx, parentId);
  if (path.length === 0) refuse(`there is no location ${parentId}`);
  if (path.includes(id)) refuse(`${parentId} is ${id} itself or a part of it`);
  if (path.length + levels > MOST_LEVELS) refuse(`the tree would have more than ${MOST_LEVELS} levels`);
}

async function refuseEnd(tx: Statements, id: string): Promise<void> {
  const goods = await tx.select(
    Any,
    `SELECT product_id AS id
       FROM stock
      WHERE location_id = :id AND (stock_level <> 0 OR committed <> 0)
      ORDER BY product_id
      LIMIT 10`,
    { id },
  );
  const parts = await tx.select(
    Any,
    `SELECT location_id AS id FROM location WHERE parent_id = :id AND is_active = 1 ORDER BY location_id LIMIT 10`,
    { id },
  );
  const coming = await tx.select(
    Any,
    `SELECT transfer_id AS id
       FROM transfer
      WHERE (from_location = :id OR to_location = :id) AND status = 'in_transit'
      ORDER BY transfer_id
      LIMIT 10`,
    { id },
  );
  const ordered = await tx.select(
    Any,
    `SELECT CAST(purchase_order_id AS CHAR) AS id
       FROM purchase_order
      WHERE location_id = :id AND ${isExpecting('purchase_order')}
      ORDER BY purchase_order_id
      LIMIT 10`,
    { id },
  );
  const location = await findLocationDetail(tx, id);
  const details = [
    ...goods.map((one) => ({ field: one.id, reason: 'is still in stock there' })),
    ...parts.map((one) => ({ field: one.id, reason: 'is an active part of it' })),
    ...coming.map((one) => ({ field: one.id, reason: 'is a transfer on its way there or from there' })),
    ...ordered.map((one) => ({ field: one.id, reason: 'is an open purchase order to it' })),
    ...(location?.is_default ? [{ field: id, reason: 'is the default location' }] : []),
  ];
  if (details.length > 0) throw new Fault('conflict', `Location ${id} is in use`, { details });
}
