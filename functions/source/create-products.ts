import type { SourceRequested } from '../../shared/contracts/messages.ts';
import type { MovementFact } from '../../shared/core/inventory/book-movements.ts';
import { type Random, seededRandom, seedOf } from '../../shared/core/math/random.ts';
import { coldUnits, drawnUnits } from '../../shared/core/sourcing/cold-allocation.ts';
import { syntheticCost } from '../../shared/core/sourcing/synthetic-cost.ts';
import { WAREHOUSES } from '../../shared/core/sourcing/warehouses.ts';
import { insertLocationStubs } from '../../shared/data/catalogue/location-store.ts';
import { takeProductNumbers } from '../../shared/data/catalogue/product-serial-store.ts';
import { recordMovements } from '../../shared/data/ledger/ledger-store.ts';
import {
  insertFound,
  insertSourced,
  readKnownSources,
  type SourcedRow,
} from '../../shared/data/sourcing/sourcing-store.ts';
import type { Statements } from '../../shared/data/sql/database.ts';
import { toSqlTime } from '../../shared/data/sql/sql-time.ts';
import type { UsableOffer } from './find-offers.ts';

export interface MadeProducts {
  readonly products: number;
  /** Offers that are products already. */
  readonly known: number;
  /** Units of the category that no product was given. */
  readonly heldBack: number;
}

/**
 * Makes products of the first offers that are not known yet, with an invented cost, and books the category's stock on
 * them as opening movements. Costs and places depend on the seed and the offer alone. The serials have to be locked.
 */
export async function createProducts(
  tx: Statements,
  { sourcingId, position, requestedBy, order }: SourceRequested,
  usable: readonly UsableOffer[],
  moment: string,
): Promise<MadeProducts> {
  const { engine, country, seed } = order;
  const category = order.categories[position]!;
  const total = order.stock[position]!;
  const known = await readKnownSources(
    tx,
    engine,
    country,
    usable.map(({ sourceId }) => sourceId),
  );
  const offers = usable.filter(({ sourceId }) => !known.has(sourceId)).slice(0, order.perCategory);
  if (offers.length === 0) return { products: 0, known: known.size, heldBack: total };
  const chance = (name: string): Random => seededRandom(seedOf(seed, name));
  const { units, heldBack } =
    order.allocation === 'exact'
      ? { units: coldUnits(offers, total), heldBack: 0 }
      : drawnUnits(offers, total, chance(`stock/${category}`));
  const numbers = await takeProductNumbers(tx, country, moment.slice(0, 10), offers.length);
  const places = order.locations ?? WAREHOUSES.map(({ locationId }) => locationId);
  const rows = offers.map(({ sourceId, title, rating, reviews }, i): SourcedRow => {
    const locationId = places[chance(`place/${engine}/${sourceId}`).integer(places.length)]!;
    return { productId: numbers[i]!, sourceId, title, rating, reviews, locationId, quantity: units[i]! };
  });
  await insertFound(
    tx,
    offers.map((offer, i) => ({
      productId: numbers[i]!,
      productName: offer.name,
      category,
      brand: offer.brand,
      unitPrice: offer.price,
      cost: syntheticCost(offer.price, seed, `cost/${engine}/${offer.sourceId}`),
    })),
  );
  if (order.locations === null) await insertLocationStubs(tx, builtInOf(rows));
  await insertSourced(tx, { sourcingId, position, engine, country }, rows);
  const openings = rows
    .filter(({ quantity }) => quantity > 0)
    .map((row) => openingOf(row, sourcingId, moment));
  if (openings.length > 0) await recordMovements(tx, openings, { actor: requestedBy, isSynthetic: true });
  return { products: rows.length, known: known.size, heldBack };
}

function builtInOf(rows: readonly SourcedRow[]) {
  const used = new Set(rows.map(({ locationId }) => locationId));
  return WAREHOUSES.filter(({ locationId }) => used.has(locationId));
}

const openingOf = (
  { productId, locationId, quantity }: SourcedRow,
  sourcingId: string,
  moment: string,
): MovementFact => ({
  key: `opening:${productId}:${locationId}`,
  productId,
  locationId,
  date: toSqlTime(moment),
  quantityChange: quantity,
  type: 'opening',
  reason: 'first stock of a sourced product',
  referenceId: sourcingId,
});
