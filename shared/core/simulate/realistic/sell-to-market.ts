import { RETURN_REASONS, type ReturnReason } from '../../inventory/return-reasons.ts';
import type { SimulatedLoss, SimulatedSale } from '../day-events.ts';
import { timeAt } from '../day-time.ts';
import type { MarketSettings } from '../settings.ts';
import { chanceAt } from './chance-at.ts';
import type { WantedDay } from './day-demand.ts';
import type { MarketTraits } from './market-traits.ts';

/** Goods that will come back: day, item, units, price, the order line, and why. */
export type PendingReturn = readonly [
  due: number,
  item: number,
  quantity: number,
  price: number,
  orderId: string,
  line: number,
  reason: ReturnReason,
];

export interface SoldDay {
  readonly sales: SimulatedSale[];
  readonly losses: SimulatedLoss[];
  /** Units by item: sold at all, of these to customers of another product, and wanted but not served. */
  readonly units: Int32Array;
  readonly substituted: Int32Array;
  readonly lost: Int32Array;
  readonly comingBack: PendingReturn[];
}

const OPENS = 8;
const OPEN_HOURS = 12;
/** Lines of one order at most, and the chance that the next line is of the same order. */
const MOST_LINES = 4;
const SAME_ORDER = 0.4;
/** Returned goods come back after so many days. */
const SOONEST_BACK = 2;
const BACK_WITHIN = 12;
/** Cent, in ten-thousandths. */
const CENT = 100;

/**
 * Sells what is wanted as far as there is stock; of those who find none a share takes another product of the category
 * at the same place. One line a product, place and day, in orders of a few lines. Changes `onHand`.
 */
export function sellToMarket(
  { name, returnShare }: MarketSettings,
  traits: MarketTraits,
  wanted: WantedDay,
  onHand: number[],
  { day, date }: { readonly day: number; readonly date: string },
): SoldDay {
  const { items, products } = traits;
  const units = new Int32Array(items.length);
  const substituted = new Int32Array(items.length);
  const lost = new Int32Array(items.length);
  for (let i = 0; i < items.length; i++) {
    const served = Math.min(wanted.units[i]!, onHand[i]!);
    units[i] = served;
    onHand[i]! -= served;
    lost[i] = wanted.units[i]! - served;
  }
  for (let i = 0; i < items.length; i++)
    if (lost[i]! > 0) substitute(traits, i, day, onHand, units, substituted, lost);
  const sales: SimulatedSale[] = [];
  const losses: SimulatedLoss[] = [];
  const comingBack: PendingReturn[] = [];
  const dayName = String(day + 1).padStart(3, '0');
  let orders = 0;
  let line = 0;
  let place = '';
  let orderId = '';
  for (let i = 0; i < items.length; i++) {
    const { product, productId, locationId, key } = items[i]!;
    const price = Math.round((products[product]!.price * (1 - wanted.discount[i]!)) / CENT) * CENT;
    if (lost[i]! > 0)
      losses.push({
        lossId: `${name}-L${dayName}-${losses.length + 1}`,
        productId,
        locationId,
        quantity: lost[i]!,
        price,
      });
    const quantity = units[i]!;
    if (quantity === 0) continue;
    if (line === 0 || line === MOST_LINES || locationId !== place || chanceAt(key, day, 6) >= SAME_ORDER) {
      orderId = `${name}-O${dayName}-${++orders}`;
      line = 0;
      place = locationId;
    }
    line++;
    const comesBack = chanceAt(key, day, 7) < returnShare ? returnOf(key, day) : null;
    sales.push({
      saleId: `${orderId}:${line}`,
      orderId,
      line,
      productId,
      locationId,
      // lines of one order are of one time
      time: line === 1 ? timeAt(date, OPENS + (OPEN_HOURS * i) / items.length) : sales.at(-1)!.time,
      quantity,
      price,
      comesBack,
    });
    if (comesBack) comingBack.push([comesBack.day, i, quantity, price, orderId, line, comesBack.reason]);
  }
  return { sales, losses, units, substituted, lost, comingBack };
}

function returnOf(key: number, day: number): { readonly day: number; readonly reason: ReturnReason } {
  return {
    day: day + SOONEST_BACK + Math.floor(chanceAt(key, day, 8) * BACK_WITHIN),
    reason: RETURN_REASONS[Math.floor(chanceAt(key, day, 10) * RETURN_REASONS.length)]!,
  };
}

/** Some of those who found nothing take what is there of the category's next products. */
function substitute(
  { items, categories }: MarketTraits,
  missing: number,
  day: number,
  onHand: number[],
  units: Int32Array,
  substituted: Int32Array,
  lost: Int32Array,
): void {
  const { category, locationId, key } = items[missing]!;
  const exact = lost[missing]! * categories[category]!.substitution;
  let left = Math.floor(exact + chanceAt(key, day, 9));
  // Products of a category lie so many places apart, and those of another location begin where these end.
  const step = categories.length;
  for (let tries = 1; left > 0 && tries <= MOST_TRIES; tries++) {
    for (const other of [missing + tries * step, missing - tries * step]) {
      if (items[other]?.locationId !== locationId || onHand[other] === 0 || left === 0) continue;
      const taken = Math.min(left, onHand[other]!);
      onHand[other]! -= taken;
      units[other]! += taken;
      substituted[other]! += taken;
      lost[missing]! -= taken;
      left -= taken;
    }
  }
}

/** Neighbours on each side that a customer looks at. */
const MOST_TRIES = 3;
