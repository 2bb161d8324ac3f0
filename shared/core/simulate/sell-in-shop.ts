import { RETURN_REASONS } from '../inventory/return-reasons.ts';
import type { Random } from '../math/random.ts';
import type { SimulatedLoss, SimulatedReturn, SimulatedSale } from './day-events.ts';
import { timeAt } from './day-time.ts';
import type { Range, ShopSettings } from './settings.ts';
import type { ShopItem } from './shop-state.ts';

const OPENS = 8;
const CLOSES = 18;
const RETURNS_AT = 19;

/** What was sold on a day. */
export interface SoldDay {
  readonly sales: SimulatedSale[];
  readonly returns: SimulatedReturn[];
  readonly losses: SimulatedLoss[];
  /** For the trend: item and units of each sale. */
  readonly rows: (readonly [number, number])[];
  readonly wanted: ReadonlyMap<number, number>;
  /** Sold and kept. */
  readonly units: number;
}

/** Sells what the day's customers want as far as there is stock, and takes back what they do not keep. Changes `stock`. */
export function sellInShop(
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

const within = ({ lower, upper }: Range, random: Random): number =>
  lower + (upper - lower) * random.uniform();
