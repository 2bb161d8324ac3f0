import type { NewSourcing, SourcingOrder } from '../../../shared/contracts/api/sourcing.ts';
import { STOCK_DRAWN } from '../../../shared/contracts/api/sourcing.ts';
import { Fault } from '../../../shared/contracts/fault.ts';
import { seededRandom, seedOf } from '../../../shared/core/math/random.ts';
import { RETAIL_CATEGORIES } from '../../../shared/core/sourcing/retail-categories.ts';
import { readLocations } from '../../../shared/data/catalogue/location-store.ts';
import type { Statements } from '../../../shared/data/sql/database.ts';

/** Categories drawn from the vocabulary when the request says neither which nor how many. */
const USUAL_CATEGORIES = 10;

/**
 * Decides all that a request for sourcing leaves open, by its seed; without one, by its id.
 * Fault `missing` for a location that there is not.
 */
export async function orderOf(
  db: Statements,
  sourcingId: string,
  asked: NewSourcing,
): Promise<SourcingOrder> {
  if (asked.locations) {
    const { ids } = await readLocations(db);
    const unknown = asked.locations.find((id) => !ids.has(id));
    if (unknown !== undefined) throw new Fault('missing', `There is no location ${unknown}`);
  }
  const seed = asked.seed ?? seedOf(0, sourcingId) >>> 1;
  const categories = asked.categories ?? drawn(seed, asked.category_count ?? USUAL_CATEGORIES);
  return {
    engine: asked.engine,
    country: asked.country,
    categories: [...categories],
    perCategory: asked.per_category,
    stock: categories.map((category) => asked.stock_per_category ?? drawnStock(seed, category)),
    allocation: asked.allocation,
    locations: asked.locations ?? null,
    seed,
    mostSearches: asked.most_searches,
  };
}

function drawnStock(seed: number, category: string): number {
  const { least, most } = STOCK_DRAWN;
  return least + seededRandom(seedOf(seed, `total/${category}`)).integer(most - least + 1);
}

/** Some of the vocabulary, none twice. */
function drawn(seed: number, count: number): string[] {
  const random = seededRandom(seedOf(seed, 'categories'));
  const left = [...RETAIL_CATEGORIES];
  return Array.from({ length: count }, () => left.splice(random.integer(left.length), 1)[0]!);
}
