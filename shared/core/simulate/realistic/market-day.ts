import { addDays, daysBetween } from '../../calendar/add-days.ts';
import type { MovementFact } from '../../inventory/book-movements.ts';
import { seededRandom, seedOf } from '../../math/random.ts';
import { type DayEvents, returnMovement, saleMovement } from '../day-events.ts';
import { timeAt } from '../day-time.ts';
import type { MarketSettings } from '../settings.ts';
import { chanceAt } from './chance-at.ts';
import { demandOfDay } from './day-demand.ts';
import { demandVariance } from './draw-demand.ts';
import type { MarketState, PendingSupply } from './market-state.ts';
import { type MarketTraits, REVIEW_DAYS, traitsOf } from './market-traits.ts';
import { type Belief, buyerOrder, learnSales } from './replenish.ts';
import { sellToMarket } from './sell-to-market.ts';
import { stockUp, takeReturns, takeSupplies } from './take-in.ts';

const LOST_AT = 22;
/** Shocks fade by this factor a day; deviation of a day's news for all demand and for a category. */
const MEMORY = 0.9;
const NEWS_ALL = 0.04;
const NEWS_CATEGORY = 0.08;
/** Chance that an item loses units on a day, and the most that it loses. */
const SHRINKAGE = 0.0005;
const MOST_SHRUNK = 3;
/** Deviation of the logarithm of what the buyer believes at first around the truth. */
const FIRST_GUESS = 0.2;

/** The market before its first day: nothing in stock, and a buyer with a rough idea of demand. */
export function openMarket(settings: MarketSettings): MarketState {
  const { items, categories } = traitsOf(settings);
  const beliefs = items.map(({ level, law, key }): Belief => {
    const guess = level * Math.exp(FIRST_GUESS * (2 * chanceAt(key, 0, 12) - 1));
    return { mean: guess, variance: demandVariance(law, guess) };
  });
  return {
    demand: 'realistic',
    onHand: items.map(() => 0),
    onOrder: items.map(() => 0),
    mean: beliefs.map(({ mean }) => mean),
    variance: beliefs.map(({ variance }) => variance),
    shocks: Array.from({ length: categories.length + 1 }, () => 0),
    supplies: [],
    returns: [],
  };
}

/**
 * One day of the market: deliveries and returned goods come in, customers come and find stock or not, some of those who
 * do not take another product of the category, units vanish, and the buyer orders what is due for review.
 */
export function marketDay(
  state: MarketState,
  settings: MarketSettings,
  day: number,
): { readonly events: DayEvents; readonly state: MarketState } {
  const traits = traitsOf(settings);
  const date = addDays(settings.startDate, day);
  const onHand = [...state.onHand];
  const onOrder = [...state.onOrder];
  const morning: MovementFact[] = day === 0 ? stockUp(state, settings, traits, onHand, date) : [];
  const supplies = takeSupplies(state, settings, traits, day, onHand, onOrder, morning);
  const returns = takeReturns(state.returns, traits, day, date, onHand);
  const shocks = state.shocks.map((shock, i) => {
    const news = seededRandom(seedOf(settings.seed, `shock/${i}/${day}`)).normal();
    return MEMORY * shock + (i === 0 ? NEWS_ALL : NEWS_CATEGORY) * news;
  });
  const wanted = demandOfDay(traits, shocks, daysBetween('1970-01-01', date), day);
  const sold = sellToMarket(settings, traits, wanted, onHand, { day, date });
  const evening = shrink(traits, onHand, settings, day, date);
  const { mean, variance } = learn(state, sold, onHand);
  const placed = placeOrders(settings, traits, { mean, variance }, day, onHand, onOrder);
  return {
    state: {
      demand: 'realistic',
      onHand,
      onOrder,
      mean,
      variance,
      shocks,
      supplies: [...supplies.pending, ...placed],
      returns: [...returns.pending, ...sold.comingBack],
    },
    events: {
      day,
      date,
      products: day === 0 ? traits.products.map(plainProduct) : [],
      suppliers: day === 0 ? traits.suppliers : [],
      supplierItems: day === 0 ? traits.supplierItems : [],
      sales: sold.sales,
      returns: returns.came,
      losses: sold.losses,
      supplies: supplies.came,
      movements: [
        ...morning,
        ...returns.came.map(returnMovement),
        ...sold.sales.map(saleMovement),
        ...evening,
      ],
      truth: {
        *[Symbol.iterator]() {
          for (const [i, { productId, locationId }] of traits.items.entries()) {
            yield {
              productId,
              locationId,
              wanted: wanted.units[i]!,
              expected: wanted.expected[i]!,
              sold: sold.units[i]!,
              substituted: sold.substituted[i]!,
              lost: sold.lost[i]!,
              discount: wanted.discount[i]!,
              onHand: onHand[i]!,
            };
          }
        },
      },
    },
  };
}

const plainProduct = ({
  productId,
  name,
  category,
  brand,
  price,
  cost,
}: MarketTraits['products'][number]) => ({
  productId,
  name,
  category,
  brand,
  price,
  cost,
});

function shrink(
  { items }: MarketTraits,
  onHand: number[],
  { name }: MarketSettings,
  day: number,
  date: string,
): MovementFact[] {
  const movements: MovementFact[] = [];
  for (const [i, { productId, locationId, key }] of items.entries()) {
    if (onHand[i] === 0 || chanceAt(key, day, 4) >= SHRINKAGE) continue;
    const units = Math.min(onHand[i]!, 1 + Math.floor(chanceAt(key, day, 5) * MOST_SHRUNK));
    onHand[i]! -= units;
    movements.push({
      key: `simulated-shrinkage:${productId}:${locationId}:${day + 1}`,
      productId,
      locationId,
      date: timeAt(date, LOST_AT),
      quantityChange: -units,
      type: 'adjustment',
      reason: 'shrinkage',
      referenceId: `${name}-shrinkage-${day + 1}`,
    });
  }
  return movements;
}

/** A day that ended without stock says only that at least so much was wanted: nothing is learnt from too few sales. */
function learn(
  state: MarketState,
  sold: { readonly units: ArrayLike<number> },
  onHand: readonly number[],
): { readonly mean: number[]; readonly variance: number[] } {
  const mean = [...state.mean];
  const variance = [...state.variance];
  for (let i = 0; i < mean.length; i++) {
    if (onHand[i] === 0 && sold.units[i]! <= mean[i]!) continue;
    const next = learnSales({ mean: mean[i]!, variance: variance[i]! }, sold.units[i]!);
    mean[i] = next.mean;
    variance[i] = next.variance;
  }
  return { mean, variance };
}

function placeOrders(
  { seed, serviceLevel }: MarketSettings,
  { items, suppliers, supplierItems, supplierOf }: MarketTraits,
  belief: { readonly mean: readonly number[]; readonly variance: readonly number[] },
  day: number,
  onHand: readonly number[],
  onOrder: number[],
): PendingSupply[] {
  const placed: PendingSupply[] = [];
  const arrivals = suppliers.map((supplier, i) => {
    if (day % REVIEW_DAYS !== supplier.reviewDay) return undefined;
    const { leadTimeDays: mean, leadTimeDeviation: deviation } = supplier;
    const random = seededRandom(seedOf(seed, `lead/${i}/${day}`));
    const drawn = random.gamma((mean / deviation) ** 2) * (deviation ** 2 / mean);
    return day + Math.max(1, Math.round(drawn));
  });
  for (const [i, { product, category }] of items.entries()) {
    const arrives = arrivals[supplierOf(category)];
    if (arrives === undefined) continue;
    const about = { mean: belief.mean[i]!, variance: belief.variance[i]! };
    const quantity = buyerOrder(onHand[i]! + onOrder[i]!, about, supplierItems[product]!, serviceLevel);
    if (quantity === 0) continue;
    onOrder[i]! += quantity;
    placed.push([i, day, arrives, quantity]);
  }
  return placed;
}
