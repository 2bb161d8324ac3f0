import { allocate } from '../allocation/allocate.ts';
import { restockTotal } from '../allocation/restock-total.ts';
import type { MovementFact } from '../inventory/book-movements.ts';
import type { Random } from '../math/random.ts';
import { timeAt } from './day-time.ts';
import type { ShopSettings } from './settings.ts';
import type { ShopItem, ShopState } from './shop-state.ts';

const RESTOCKS_AT = 20;

/** The evening's goods: a share of what was sold, divided by what the newest sales say. Changes `stock`. */
export function restockShop(
  items: readonly ShopItem[],
  stock: number[],
  trend: ShopState['trend'],
  soldToday: number,
  { restockShare, name }: ShopSettings,
  day: number,
  date: string,
  random: Random,
): MovementFact[] {
  const total = restockTotal(soldToday, restockShare, random);
  if (total === 0) return [];
  const sold = new Float64Array(items.length);
  for (const [item, units] of trend) sold[item]! += units;
  const { quantities } = allocate({
    strategy: 'average',
    limits: { units: total },
    items: items.map((_, i) => ({ stock: stock[i]!, sold: sold[i]! })),
  });
  const receipts: MovementFact[] = [];
  for (const [i, { productId, locationId }] of items.entries()) {
    const units = quantities[i]!;
    if (units === 0) continue;
    stock[i]! += units;
    receipts.push({
      key: `simulated-receipt:${productId}:${locationId}:${day + 1}`,
      productId,
      locationId,
      date: timeAt(date, RESTOCKS_AT),
      quantityChange: units,
      type: 'receipt',
      reason: null,
      referenceId: `${name}-restock-${day + 1}`,
    });
  }
  return receipts;
}
