import { allocate } from '../allocation/allocate.ts';
import { restockTotal } from '../allocation/restock-total.ts';
import { addDays } from '../calendar/add-days.ts';
import type { MovementFact } from '../inventory/book-movements.ts';
import { RETURN_REASONS } from '../inventory/return-reasons.ts';
import { type Random, seededRandom, seedOf } from '../math/random.ts';
import { drawnUnits } from '../sourcing/cold-allocation.ts';
import {
  type DayEvents,
  type DayTruth,
  returnMovement,
  type SimulatedLoss,
  type SimulatedProduct,
  type SimulatedReturn,
  type SimulatedSale,
  saleMovement,
} from './day-events.ts';
import { timeAt } from './day-time.ts';
import { type InventedProduct, inventCategory } from './invent-category.ts';
import type { Range, ShopSettings } from './settings.ts';

/** A product in the shop. */
export interface ShopItem {
  readonly productId: string;
  readonly locationId: string;
  readonly price: number;
  readonly stock: number;
}

/** The shop when a day begins: all that the days after it depend on. */
export interface ShopState {
  readonly demand: 'original';
  readonly items: readonly ShopItem[];
  /** Categories that are still to come, by their number in the listing. */
  readonly unseen: readonly number[];
  /** Newest sales, oldest first: number of the item, and units. */
  readonly trend: readonly (readonly [item: number, units: number])[];
}

const OPENS = 8;
const CLOSES = 18;
const RETURNS_AT = 19;
const RESTOCKS_AT = 20;

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
  const sold = sellDay(grown.items, stock, settings, day, date, chance);
  const trend = [...state.trend, ...sold.rows].slice(-settings.trendRows);
  const receipts = restockDay(grown.items, stock, trend, sold.units, settings, day, date, chance('restock'));
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

interface Grown {
  readonly items: readonly ShopItem[];
  readonly unseen: readonly number[];
  readonly products: readonly SimulatedProduct[];
  readonly openings: readonly MovementFact[];
}

function growCatalogue(
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

interface SoldDay {
  readonly sales: SimulatedSale[];
  readonly returns: SimulatedReturn[];
  readonly losses: SimulatedLoss[];
  /** For the trend: item and units of each sale. */
  readonly rows: (readonly [number, number])[];
  readonly wanted: ReadonlyMap<number, number>;
  /** Sold and kept. */
  readonly units: number;
}

function sellDay(
  items: readonly ShopItem[],
  stock: number[],
  settings: ShopSettings,
  day: number,
  date: string,
  chance: (what: string) => Random,
): SoldDay {
  const chosen = chooseItems(items.length, settings.sellingShare, chance('products'));
  const orders = ordersOf(chosen, stock, settings, chance('sales'));
  const refunds = chance('refunds');
  const dayName = String(day + 1).padStart(3, '0');
  const sales: SimulatedSale[] = [];
  const returns: SimulatedReturn[] = [];
  const losses: SimulatedLoss[] = [];
  const rows: (readonly [number, number])[] = [];
  const wanted = new Map<number, number>();
  let units = 0;
  for (const [n, { item, quantity }] of orders.entries()) {
    const { productId, locationId, price } = items[item]!;
    const orderId = `${settings.name}-O${dayName}-${n + 1}`;
    wanted.set(item, (wanted.get(item) ?? 0) + quantity);
    const served = Math.min(quantity, stock[item]!);
    const isRefunded = refunds.uniform() < settings.refundShare;
    const reason = RETURN_REASONS[refunds.integer(RETURN_REASONS.length)]!;
    if (served < quantity)
      losses.push({ lossId: `${orderId}-lost`, productId, locationId, quantity: quantity - served, price });
    if (served === 0) continue;
    stock[item]! -= served;
    units += served;
    rows.push([item, served]);
    const saleId = `${orderId}:1`;
    const time = timeAt(date, OPENS + ((CLOSES - OPENS) * n) / orders.length);
    const comesBack = isRefunded ? { day, reason } : null;
    sales.push({ saleId, orderId, line: 1, productId, locationId, time, quantity: served, price, comesBack });
    if (!isRefunded) continue;
    const back = { saleId, orderId, productId, locationId, quantity: served, refund: served * price, reason };
    returns.push({ ...back, returnId: `${orderId}-R`, time: timeAt(date, RETURNS_AT) });
  }
  // goods that come back can be sold tomorrow
  const itemOf = new Map(items.map(({ productId }, i) => [productId, i]));
  for (const { productId, quantity } of returns) {
    stock[itemOf.get(productId)!]! += quantity;
    // and need not be bought again
    units -= quantity;
  }
  return { sales, returns, losses, rows, wanted, units };
}

/** A share of the items, drawn from the range, each at most once, in the order of the catalogue. */
function chooseItems(count: number, share: Range, random: Random): number[] {
  const many = Math.min(count, Math.round(count * within(share, random)));
  const all = Array.from({ length: count }, (_, i) => i);
  for (let i = 0; i < many; i++) {
    const other = i + random.integer(count - i);
    [all[i], all[other]] = [all[other]!, all[i]!];
  }
  return all.slice(0, many).sort((a, b) => a - b);
}

/** Orders of one product after the other, until they want the day's share of its stock. */
function ordersOf(
  chosen: readonly number[],
  stock: readonly number[],
  { soldShare, quantityShares }: ShopSettings,
  random: Random,
): { readonly item: number; readonly quantity: number }[] {
  const orders: { item: number; quantity: number }[] = [];
  for (const item of chosen) {
    const target = Math.ceil(stock[item]! * within(soldShare, random));
    for (let asked = 0; asked < target; ) {
      const quantity = drawQuantity(quantityShares, random.uniform());
      orders.push({ item, quantity });
      asked += quantity;
    }
  }
  return orders;
}

/** Units that a customer takes: 1 with the first chance, 2 with the second, and so on. */
export function drawQuantity(shares: readonly number[], uniform: number): number {
  let sum = 0;
  let last = 1;
  for (const [i, share] of shares.entries()) {
    if (share > 0) last = i + 1;
    sum += share;
    if (uniform < sum) return i + 1;
  }
  // what rounding of the sum leaves
  return last;
}

function restockDay(
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

const within = ({ lower, upper }: Range, random: Random): number =>
  lower + (upper - lower) * random.uniform();
const wholeIn = ({ lower, upper }: Range, random: Random): number =>
  lower + random.integer(upper - lower + 1);
