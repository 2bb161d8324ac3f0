import type { MovementFact } from '../inventory/book-movements.ts';
import type { Random } from '../math/random.ts';
import { drawnUnits } from '../sourcing/cold-allocation.ts';
import type { SimulatedProduct } from './day-events.ts';
import { timeAt } from './day-time.ts';
import { type InventedProduct, inventCategory } from './invent-category.ts';
import type { Range, ShopSettings } from './settings.ts';
import type { ShopItem, ShopState } from './shop-state.ts';

/** The catalogue of a day, and what is new in it. */
export interface Grown {
  readonly items: readonly ShopItem[];
  readonly unseen: readonly number[];
  readonly products: readonly SimulatedProduct[];
  readonly openings: readonly MovementFact[];
}

/** Maybe a category that was not there yet, with products and their first stock: always on day 0. */
export function growCatalogue(
  { items, unseen }: ShopState,
  settings: ShopSettings,
  day: number,
  date: string,
  random: Random,
): Grown {
  const isDue = random.uniform() * 100 < settings.newCategoryPercent;
  if ((day > 0 && !isDue) || unseen.length === 0) return { items, unseen, products: [], openings: [] };
  const at = random.integer(unseen.length);
  const category = settings.categories[unseen[at]!]!;
  const ids = Array.from(
    { length: settings.productsPerCategory },
    (_, i) => `${settings.name}-P${String(items.length + i + 1).padStart(5, '0')}`,
  );
  const products = inventCategory(settings.seed, category, ids);
  const { units } = drawnUnits(products, wholeIn(settings.categoryUnits, random), random);
  const made = products.map(
    ({ productId, price }, i): ShopItem => ({
      productId,
      price,
      locationId: settings.warehouses[random.integer(settings.warehouses.length)]!.locationId,
      stock: units[i]!,
    }),
  );
  return {
    items: [...items, ...made],
    unseen: unseen.filter((_, i) => i !== at),
    products: products.map(withoutRating),
    openings: made.filter(({ stock }) => stock > 0).map((item) => openingOf(item, date)),
  };
}

const withoutRating = ({ rating: _, reviews: __, ...product }: InventedProduct): SimulatedProduct => product;

const openingOf = ({ productId, locationId, stock }: ShopItem, date: string): MovementFact => ({
  key: `opening:${productId}:${locationId}`,
  productId,
  locationId,
  date: timeAt(date, 6),
  quantityChange: stock,
  type: 'opening',
  reason: 'first stock of an invented product',
  referenceId: null,
});

const wholeIn = ({ lower, upper }: Range, random: Random): number =>
  lower + random.integer(upper - lower + 1);
