import type * as z from 'zod';
import type {
  AsOf,
  AsOfQuery,
  LedgerPage,
  LedgerQuery,
  SnapshotQuery,
  Snapshots,
} from '../../../shared/contracts/api/ledger.ts';
import { Fault } from '../../../shared/contracts/fault.ts';
import { daysBetween } from '../../../shared/core/calendar/add-days.ts';
import { readLocations } from '../../../shared/data/catalogue/location-store.ts';
import { subtreeOf } from '../../../shared/data/catalogue/location-tree.ts';
import { findProduct } from '../../../shared/data/catalogue/product-reads.ts';
import { readStockAsOf } from '../../../shared/data/ledger/as-of-store.ts';
import { listMovements } from '../../../shared/data/ledger/ledger-reads.ts';
import { listSnapshots, readStockDays } from '../../../shared/data/ledger/snapshot-reads.ts';
import type { Database, Statements } from '../../../shared/data/sql/database.ts';
import { found } from '../http/found.ts';
import { knownLocation } from './stocked-place.ts';

/** Days of one answer. */
const MAX_DAYS = 1_100;

/** Movements, newest first. */
export async function answerLedger(
  db: Statements,
  query: z.infer<typeof LedgerQuery>,
): Promise<z.infer<typeof LedgerPage>> {
  const { movements, total } = await listMovements(
    db,
    {
      productId: query.product_id,
      locationIds: await placesOf(db, query),
      type: query.type,
      referenceId: query.reference_id,
      movementKeys: query.movement_id === undefined ? undefined : [query.movement_id],
      effectiveFrom: query.effective_from,
      effectiveTo: query.effective_to,
    },
    { before: query.before, limit: query.limit, isCounted: query.count },
  );
  const isLast = movements.length < query.limit;
  return { data: movements, next_before: isLast ? null : movements.at(-1)!.log_id, total };
}

/** Stock at two times. Faults `missing` for what nobody knows, `invalid` for a time to know that is not past. */
export async function answerAsOf(database: Database, query: z.infer<typeof AsOfQuery>): Promise<AsOf> {
  found(await findProduct(database, query.product_id), 'product', query.product_id);
  const locationId = await knownLocation(database, query.location_id);
  const locationIds = query.include_children ? await subtreeOf(database, locationId) : [locationId];
  const stock = await readStockAsOf(database, {
    productId: query.product_id,
    locationIds,
    effectiveAt: query.effective_at,
    knownAt: query.known_at,
  });
  return {
    product_id: query.product_id,
    location_id: locationId,
    include_children: query.include_children,
    effective_at: query.effective_at ?? stock.knownAt,
    known_at: stock.knownAt,
    on_hand: stock.onHand,
    movements: stock.movements,
    newest_log_id: stock.newestLogId,
    by_location: stock.byLocation.map(({ locationId, onHand }) => ({
      location_id: locationId,
      on_hand: onHand,
    })),
  };
}

/** Stock day by day. Without a location, of all locations: together for one product, each by itself for all. */
export async function answerSnapshots(
  db: Statements,
  query: z.infer<typeof SnapshotQuery>,
): Promise<z.infer<typeof Snapshots>> {
  const places = await placesOf(db, query);
  if (query.date !== undefined) return await listSnapshots(db, query.date, places, query);
  const { product_id: productId, from, to } = query as { product_id: string; from: string; to: string };
  if (daysBetween(from, to) >= MAX_DAYS)
    throw new Fault('invalid', `One answer has at most ${MAX_DAYS} days`, {
      details: [{ field: 'to', reason: 'is too long after from' }],
    });
  found(await findProduct(db, productId), 'product', productId);
  const locationIds = places ?? [...(await readLocations(db)).ids];
  const days = await readStockDays(db, productId, locationIds, { from, to });
  const data = days.map(({ byType, isStockout, ...day }) => ({
    ...day,
    by_type: byType,
    is_stockout: isStockout,
    product_id: productId,
    location_id: query.location_id ?? null,
  }));
  return { data, pagination: null };
}

async function placesOf(
  db: Statements,
  query: { readonly location_id?: string | undefined; readonly include_children: boolean },
): Promise<string[] | undefined> {
  if (query.location_id === undefined) return undefined;
  const locationId = await knownLocation(db, query.location_id);
  return query.include_children ? await subtreeOf(db, locationId) : [locationId];
}
