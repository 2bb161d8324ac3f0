import { normalQuantile } from '../../math/normal.ts';
import { seedOf } from '../../math/random.ts';
import type { SimulatedProduct, SimulatedSupplier, SimulatedSupplierItem } from '../day-events.ts';
import { inventCategory } from '../invent-category.ts';
import type { MarketSettings } from '../settings.ts';
import { chanceAt } from './chance-at.ts';
import type { DemandLaw } from './draw-demand.ts';

/** One product at one location, and the parameters of its demand: the ground truth. */
export interface MarketItem {
  readonly product: number;
  readonly productId: string;
  readonly locationId: string;
  readonly category: number;
  /** Units a day at the start, before season, promotions and shocks. */
  readonly level: number;
  /** Growth a year: the mean is level exp(trend years). */
  readonly trend: number;
  readonly law: DemandLaw;
  /** Names its streams of chance. */
  readonly key: number;
}

/** What a promotion does to a product: demand (1 - discount)^-elasticity times as large. */
export interface Pricing {
  readonly price: number;
  readonly elasticity: number;
  readonly key: number;
}

/** Seasons of a category. */
export interface CategoryTraits {
  readonly name: string;
  /** Factors of the days of the week, Sunday first; their mean is 1. */
  readonly week: readonly number[];
  /** Share by which the best day of the year is above the mean, and that day. */
  readonly yearAmplitude: number;
  readonly yearPeak: number;
  /** Share of the customers of a missing product who take another one. */
  readonly substitution: number;
}

export interface SupplierTraits extends SimulatedSupplier {
  readonly leadTimeDays: number;
  readonly leadTimeDeviation: number;
  /** Orders are placed on days whose number leaves this rest after division by 7. */
  readonly reviewDay: number;
}

/** Everything of a market that does not change from day to day: a pure function of its settings. */
export interface MarketTraits {
  readonly items: readonly MarketItem[];
  readonly products: readonly (SimulatedProduct & Pricing)[];
  readonly categories: readonly CategoryTraits[];
  readonly suppliers: readonly SupplierTraits[];
  readonly supplierItems: readonly SimulatedSupplierItem[];
  readonly supplierOf: (category: number) => number;
}

/** Days between two looks of a buyer at a supplier's goods. */
export const REVIEW_DAYS = 7;
/** Products of a category on average, categories of a supplier. */
const CATEGORY_SIZE = 10;
const SUPPLIER_SIZE = 4;
/** Deviation of the logarithm of the level over products, and over the locations of one. */
const LEVEL_SPREAD = 1.2;
const PLACE_SPREAD = 0.3;
/** Share of the products that customers take in lots. */
const COMPOUND_SHARE = 0.3;
const PACKS = [1, 6, 12] as const;

const known = new WeakMap<MarketSettings, MarketTraits>();

/** The traits of a market, made once for the same settings object. */
export function traitsOf(settings: MarketSettings): MarketTraits {
  const before = known.get(settings);
  if (before) return before;
  const traits = makeTraits(settings);
  known.set(settings, traits);
  return traits;
}

function makeTraits(settings: MarketSettings): MarketTraits {
  const { seed, name, warehouses } = settings;
  const count = Math.min(settings.categories.length, Math.ceil(settings.products / CATEGORY_SIZE));
  const categories = settings.categories.slice(0, count).map((category) => categoryOf(seed, category));
  const supplierCount = Math.ceil(count / SUPPLIER_SIZE);
  const suppliers = Array.from({ length: supplierCount }, (_, i) => supplierAt(seed, name, i));
  const products = productsOf(settings, categories);
  const items = warehouses.flatMap(({ locationId }) =>
    products.map((product, i) => itemOf(settings, product, i, i % count, locationId)),
  );
  const supplierOf = (category: number): number => category % supplierCount;
  const perProduct = new Float64Array(products.length);
  for (const { product, level } of items) perProduct[product]! += level / warehouses.length;
  const supplierItems = products.map((product, i): SimulatedSupplierItem => {
    const supplier = suppliers[supplierOf(i % count)]!;
    // nobody buys a dozen of what sells once a month
    const pack =
      perProduct[i]! * 30 < 12 ? 1 : PACKS[Math.floor(chanceAt(product.key, 0, 20) * PACKS.length)]!;
    return {
      supplierId: supplier.supplierId,
      productId: product.productId,
      unitCost: product.cost,
      leadTimeDays: supplier.leadTimeDays,
      leadTimeDeviation: supplier.leadTimeDeviation,
      minimumQuantity: pack * (1 + Math.floor(chanceAt(product.key, 0, 21) * 3)),
      orderMultiple: pack,
    };
  });
  return { items, products, categories, suppliers, supplierItems, supplierOf };
}

function categoryOf(seed: number, name: string): CategoryTraits {
  const key = seedOf(seed, `season/${name}`);
  const raw = Array.from({ length: 7 }, (_, day) => {
    const weekend = day === 0 || day === 6 ? 0.3 * chanceAt(key, day, 1) : 0;
    return 0.75 + 0.5 * chanceAt(key, day, 0) + weekend;
  });
  const mean = raw.reduce((sum, factor) => sum + factor, 0) / raw.length;
  return {
    name,
    week: raw.map((factor) => factor / mean),
    yearAmplitude: 0.5 * chanceAt(key, 0, 2),
    yearPeak: Math.floor(365 * chanceAt(key, 0, 3)),
    substitution: 0.2 + 0.3 * chanceAt(key, 0, 4),
  };
}

function supplierAt(seed: number, name: string, n: number): SupplierTraits {
  const key = seedOf(seed, `supplier/${n}`);
  const leadTimeDays = Math.round(4 + 17 * chanceAt(key, 0, 0));
  const supplierId = `${name}-S${String(n + 1).padStart(3, '0')}`;
  return {
    supplierId,
    name: `Supplier ${n + 1} of ${name}`,
    leadTimeDays,
    leadTimeDeviation: Math.round(100 * leadTimeDays * (0.1 + 0.3 * chanceAt(key, 0, 1))) / 100,
    reviewDay: n % REVIEW_DAYS,
  };
}

function productsOf(
  { seed, name, products }: MarketSettings,
  categories: readonly CategoryTraits[],
): (SimulatedProduct & Pricing)[] {
  const ids = Array.from({ length: products }, (_, i) => `${name}-P${String(i + 1).padStart(5, '0')}`);
  const made = new Map(
    categories.flatMap((category, c) =>
      inventCategory(
        seed,
        category.name,
        ids.filter((_, i) => i % categories.length === c),
      ).map((product) => [product.productId, product]),
    ),
  );
  return ids.map((id) => {
    const { rating: _, reviews: __, ...product } = made.get(id)!;
    const key = seedOf(seed, `pricing/${id}`);
    return { ...product, key, elasticity: 1.2 + 2 * chanceAt(key, 0, 0) };
  });
}

function itemOf(
  { seed, meanDemand }: MarketSettings,
  { productId, key: productKey }: SimulatedProduct & Pricing,
  product: number,
  category: number,
  locationId: string,
): MarketItem {
  const key = seedOf(seed, `demand/${productId}/${locationId}`);
  const spread = (deviation: number, uniform: number): number =>
    Math.exp(deviation * normalQuantile(uniform) - (deviation * deviation) / 2);
  const level =
    meanDemand *
    spread(LEVEL_SPREAD, chanceAt(productKey, 0, 1)) *
    spread(PLACE_SPREAD, chanceAt(key, 0, 10));
  const growth = 0.2 * normalQuantile(chanceAt(key, 0, 11));
  return {
    product,
    productId,
    locationId,
    category,
    level,
    trend: Math.max(-0.5, Math.min(0.5, growth)),
    law:
      chanceAt(productKey, 0, 2) < COMPOUND_SHARE
        ? { kind: 'compound', meanSize: 1.5 + 3 * chanceAt(productKey, 0, 3) }
        : { kind: 'counts', shape: 0.4 * Math.exp(3 * chanceAt(productKey, 0, 3)) },
    key,
  };
}
