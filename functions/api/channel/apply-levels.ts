import type { ItemSaying, LevelSaying } from '../../../shared/contracts/webhooks/channel-event.ts';
import {
  holdItems,
  levelLocations,
  nameItems,
  stateLevels,
} from '../../../shared/data/channels/channel-store.ts';
import { lockStock, type Position } from '../../../shared/data/ledger/ledger-store.ts';
import type { Statements } from '../../../shared/data/sql/database.ts';
import { type MessageName, settlePositions } from './settle-positions.ts';
import { tellOfStock } from './tell-of-stock.ts';

export interface LevelSource extends MessageName {
  /** Undefined: a place that is not followed. */
  readonly locationOf: (external: string | null) => string | undefined;
}

/**
 * Names items and states levels. A level of an item that nobody named waits for the name; one that is older than what
 * is known changes nothing.
 */
export async function applyLevels(
  tx: Statements,
  { items, levels }: { readonly items: readonly ItemSaying[]; readonly levels: readonly LevelSaying[] },
  source: LevelSource,
): Promise<{ status: 'applied' | 'waiting' | 'stale' | 'ignored'; shortages: number }> {
  const { connectionId } = source;
  await nameItems(tx, connectionId, items);
  const followed = levels.flatMap((level) => {
    const locationId = source.locationOf(level.externalLocation);
    return locationId === undefined ? [] : [{ ...level, externalId: level.externalItem, locationId }];
  });
  const held = await holdItems(tx, connectionId, [
    ...followed.map((level) => level.externalId),
    ...items.map((item) => item.externalId),
  ]);
  const news = await stateLevels(tx, connectionId, followed);
  const productOf = new Map(held.map((item) => [item.externalId, item.productId]));
  const places = await levelLocations(tx, connectionId, [...productOf.keys()]);
  const positions = places.flatMap(({ externalId, locationId }): Position[] => {
    const productId = productOf.get(externalId);
    return productId ? [{ productId, locationId }] : [];
  });
  if (positions.length === 0) {
    if (items.length > 0) return { status: 'applied', shortages: 0 };
    if (followed.length === 0) return { status: 'ignored', shortages: 0 };
    return { status: news > 0 ? 'waiting' : 'stale', shortages: 0 };
  }
  const stock = await lockStock(tx, positions);
  const settled = await settlePositions(tx, positions, source, stock);
  await tellOfStock(tx, stock, settled.stock, 'level stated by a shop', source.actor);
  return { status: news > 0 || items.length > 0 ? 'applied' : 'stale', shortages: settled.shortages };
}
