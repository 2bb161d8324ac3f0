/** An item that others may be like. */
export interface LaunchItem {
  readonly id: string;
  readonly category: string | null;
  readonly price: number | null;
}

/** An item with a history. */
export interface Analog extends LaunchItem {
  /** Quantities from the launch on, or from wherever the records begin; NaN is unknown. */
  readonly quantities: ArrayLike<number>;
  /** False when it was on sale before the records begin: it tells of a level, not of a launch. */
  readonly isLaunch: boolean;
}

/** How near the analogs are. */
export type AnalogBasis = 'category-and-price' | 'category' | 'all';

/** Fewest analogs that a nearer group needs, most that are used, and known periods that one must have. */
const FEWEST = 5;
const MOST = 200;
const FEWEST_PERIODS = 8;
/** Prices within this factor are alike. */
const PRICE_BAND = 1.5;

/**
 * The nearest group of items that is large enough: same category and a price within a factor of 1.5, same category, or all.
 * Null when no other item has eight known periods. The same items whatever their order.
 */
export function chooseAnalogs(
  item: LaunchItem,
  pool: readonly Analog[],
): { readonly basis: AnalogBasis; readonly analogs: readonly Analog[] } | null {
  const usable = pool
    .filter(({ id, quantities }) => id !== item.id && knownPeriods(quantities) >= FEWEST_PERIODS)
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  const sameCategory = usable.filter(({ category }) => category !== null && category === item.category);
  const samePrice = sameCategory.filter(({ price }) => isNear(price, item.price));
  if (samePrice.length >= FEWEST)
    return { basis: 'category-and-price', analogs: nearest(samePrice, item.price) };
  if (sameCategory.length >= FEWEST) return { basis: 'category', analogs: nearest(sameCategory, item.price) };
  if (usable.length === 0) return null;
  return { basis: 'all', analogs: nearest(usable, item.price) };
}

function isNear(price: number | null, wanted: number | null): boolean {
  return priceDistance(price, wanted) <= Math.log(PRICE_BAND) + 1e-12;
}

function nearest(items: readonly Analog[], price: number | null): readonly Analog[] {
  if (items.length <= MOST) return items;
  const distances = new Map(items.map((one) => [one.id, priceDistance(one.price, price)]));
  // A stable sort: items whose distance is unknown stay in the order of their names.
  return [...items].sort((a, b) => order(distances.get(a.id)!, distances.get(b.id)!)).slice(0, MOST);
}

function order(a: number, b: number): number {
  return a === b ? 0 : a - b;
}

function priceDistance(price: number | null, wanted: number | null): number {
  if (price === null || wanted === null || !(price > 0) || !(wanted > 0)) return Number.POSITIVE_INFINITY;
  return Math.abs(Math.log(price / wanted));
}

function knownPeriods(quantities: ArrayLike<number>): number {
  let known = 0;
  for (let t = 0; t < quantities.length; t++) if (!Number.isNaN(quantities[t]!)) known++;
  return known;
}
