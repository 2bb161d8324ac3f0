import type { LockedStock } from '../../../shared/data/ledger/ledger-store.ts';
import { announce } from '../../../shared/data/messages/outbox-store.ts';
import type { Statements } from '../../../shared/data/sql/database.ts';

/** Announces each position whose level is another than before. */
export async function tellOfStock(
  tx: Statements,
  before: LockedStock,
  after: LockedStock,
  reason: string,
  actor: string,
): Promise<void> {
  for (const [key, { productId, locationId, level }] of after) {
    const previousStock = before.get(key)?.level ?? 0;
    if (previousStock === level) continue;
    await announce(
      tx,
      'stock.updated',
      { productId, locationId, previousStock, currentStock: level, reason },
      { userId: actor },
    );
  }
}
