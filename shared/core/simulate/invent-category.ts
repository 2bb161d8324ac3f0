import { seededRandom, seedOf } from '../math/random.ts';
import type { Popularity } from '../sourcing/cold-allocation.ts';
import { syntheticCost } from '../sourcing/synthetic-cost.ts';
import type { SimulatedProduct } from './day-events.ts';

/** Invented makers. */
const BRANDS = [
  'Alderwick',
  'Bexhall',
  'Corvane',
  'Dunmere',
  'Elstow',
  'Farrowdale',
  'Glenmark',
  'Hartwell',
  'Ivelle',
  'Juniper & Co',
  'Kestrel',
  'Lindqvist',
  'Marlow',
  'Northbeck',
  'Ormond',
  'Penhallow',
  'Quill',
  'Rowanhill',
  'Sableford',
  'Tamsin',
] as const;
const LETTERS = 'ABCDEFGHKLMNPRSTVX';
/** Share of the products that nobody has rated yet. */
const UNRATED = 0.05;
/** Ten-thousandths in a unit of money. */
const MONEY = 10_000;

export interface InventedProduct extends SimulatedProduct, Popularity {}

/**
 * Products of a category, with names, prices, ratings and numbers of reviews that no market ever had. They depend on
 * the seed, the category and the id alone. The cost is 30 to 70 % of the price.
 */
export function inventCategory(seed: number, category: string, ids: readonly string[]): InventedProduct[] {
  const usual = Math.exp(3 + 1.1 * seededRandom(seedOf(seed, `price/${category}`)).normal());
  return ids.map((productId) => {
    const random = seededRandom(seedOf(seed, `product/${category}/${productId}`));
    const brand = BRANDS[random.integer(BRANDS.length)]!;
    const model = `${LETTERS[random.integer(LETTERS.length)]}${100 + 10 * random.integer(90)}`;
    const units = Math.min(5_000, Math.max(1, Math.round(usual * Math.exp(0.4 * random.normal()))));
    const price = units * MONEY - MONEY / 100;
    const isRated = random.uniform() >= UNRATED;
    const rating = Math.round(10 * (3 + 2 * Math.sqrt(random.uniform()))) / 10;
    const reviews = Math.min(200_000, Math.floor(Math.exp(5 + 1.8 * random.normal())));
    return {
      productId,
      name: `${brand} ${category} ${model}`,
      category,
      brand,
      price,
      cost: syntheticCost(price, seed, `cost/${productId}`),
      rating: isRated ? rating : null,
      reviews: isRated ? reviews : null,
    };
  });
}
