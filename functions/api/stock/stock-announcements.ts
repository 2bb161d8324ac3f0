import { positionKey } from '../../../shared/core/inventory/book-movements.ts';
import type { Booked } from '../../../shared/data/ledger/ledger-store.ts';
import type { Announcement } from '../../../shared/data/messages/outbox-store.ts';

/** What a booking did to stock, one announcement for each position that it touched. */
export function stockAnnouncements(booked: Booked | undefined, reason: string): Announcement[] {
  const changes = new Map<string, { productId: string; locationId: string; change: number }>();
  for (const { productId, locationId, quantityChange } of booked?.movements ?? []) {
    const key = positionKey({ productId, locationId });
    const change = (changes.get(key)?.change ?? 0) + quantityChange;
    changes.set(key, { productId, locationId, change });
  }
  return [...changes].map(([key, { productId, locationId, change }]) => {
    const currentStock = booked!.stock.get(key)!.level;
    const previousStock = currentStock - change;
    return { type: 'stock.updated', data: { productId, locationId, previousStock, currentStock, reason } };
  });
}
