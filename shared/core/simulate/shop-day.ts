import { addDays } from '../calendar/add-days.ts';
import { type Random, seededRandom, seedOf } from '../math/random.ts';
import { type DayEvents, type DayTruth, returnMovement, saleMovement } from './day-events.ts';
import { growCatalogue } from './grow-catalogue.ts';
import { restockShop } from './restock-shop.ts';
import { type SoldDay, sellInShop } from './sell-in-shop.ts';
import type { ShopSettings } from './settings.ts';
import type { ShopItem, ShopState } from './shop-state.ts';

/** The shop before its first day. */
export const openShop = ({ categories }: ShopSettings): ShopState => ({
  demand: 'original',
  items: [],
  unseen: categories.map((_, i) => i),
  trend: [],
});

/**
 * One day of the demand system: maybe a new category with its first stock; sales of some products, a part of the stock
 * of each, in orders of a few units; refunds; and in the evening a restock of about what was sold, divided by
 * popularity and speed. Every day has streams of chance of its own, so that days can be simulated in any chunks.
 * What a customer wants beyond the stock is lost, not sold.
 */
export function shopDay(
  state: ShopState,
  settings: ShopSettings,
  day: number,
): { readonly events: DayEvents; readonly state: ShopState } {
  const date = addDays(settings.startDate, day);
  const chance = (what: string): Random => seededRandom(seedOf(settings.seed, `${what}/${day}`));
  const grown = growCatalogue(state, settings, day, date, chance('category'));
  const stock = grown.items.map((item) => item.stock);
  const sold = sellInShop(grown.items, stock, settings, day, date, chance);
  const trend = [...state.trend, ...sold.rows].slice(-settings.trendRows);
  const receipts = restockShop(grown.items, stock, trend, sold.units, settings, day, date, chance('restock'));
  const { items } = grown;
  return {
    state: {
      demand: 'original',
      items: items.map((item, i) => ({ ...item, stock: stock[i]! })),
      unseen: grown.unseen,
      trend,
    },
    events: {
      day,
      date,
      products: grown.products,
      suppliers: [],
      supplierItems: [],
      sales: sold.sales,
      returns: sold.returns,
      losses: sold.losses,
      supplies: [],
      movements: [
        ...grown.openings,
        ...sold.sales.map(saleMovement),
        ...sold.returns.map(returnMovement),
        ...receipts,
      ],
      truth: truthOf(items, stock, sold),
    },
  };
}

/** A row for each product; sold goods count before the returns, stock after the restock. */
function truthOf(items: readonly ShopItem[], stock: readonly number[], sold: SoldDay): Iterable<DayTruth> {
  return {
    *[Symbol.iterator]() {
      const units = new Map<string, number>();
      for (const sale of sold.sales)
        units.set(sale.productId, (units.get(sale.productId) ?? 0) + sale.quantity);
      for (const [i, { productId, locationId }] of items.entries()) {
        const wanted = sold.wanted.get(i) ?? 0;
        const served = units.get(productId) ?? 0;
        const lost = wanted - served;
        const rest = { expected: Number.NaN, substituted: 0, discount: 0, onHand: stock[i]! };
        yield { productId, locationId, wanted, sold: served, lost, ...rest };
      }
    },
  };
}
