import { addDays } from '../../calendar/add-days.ts';
import type { MovementFact } from '../../inventory/book-movements.ts';
import type { SimulatedReturn, SimulatedSupply } from '../day-events.ts';
import { timeAt } from '../day-time.ts';
import type { MarketSettings } from '../settings.ts';
import type { MarketState, PendingSupply } from './market-state.ts';
import type { MarketTraits } from './market-traits.ts';
import { buyerLevels } from './replenish.ts';
import type { PendingReturn } from './sell-to-market.ts';

const ARRIVES_AT = 6;
const RETURNS_AT = 7;

/** First stock of every item: up to the level to which its buyer orders. Changes `onHand`. */
export function stockUp(
  { mean, variance }: MarketState,
  { serviceLevel }: MarketSettings,
  { items, supplierItems }: MarketTraits,
  onHand: number[],
  date: string,
): MovementFact[] {
  const openings: MovementFact[] = [];
  for (const [i, { product, productId, locationId }] of items.entries()) {
    const belief = { mean: mean[i]!, variance: variance[i]! };
    const { orderUpTo } = buyerLevels(belief, supplierItems[product]!, serviceLevel);
    if (orderUpTo === 0) continue;
    onHand[i] = orderUpTo;
    openings.push({
      key: `opening:${productId}:${locationId}`,
      productId,
      locationId,
      date: timeAt(date, 0),
      quantityChange: orderUpTo,
      type: 'opening',
      reason: 'first stock of an invented product',
      referenceId: null,
    });
  }
  return openings;
}

/** What suppliers bring today, and what is still under way. Changes `onHand` and `onOrder`. */
export function takeSupplies(
  state: MarketState,
  { name, startDate }: MarketSettings,
  { items, suppliers, supplierOf }: MarketTraits,
  day: number,
  onHand: number[],
  onOrder: number[],
  movements: MovementFact[],
): { readonly pending: PendingSupply[]; readonly came: SimulatedSupply[] } {
  const pending: PendingSupply[] = [];
  const came: SimulatedSupply[] = [];
  for (const supply of state.supplies) {
    const [item, ordered, arrives, quantity] = supply;
    if (arrives > day) {
      pending.push(supply);
      continue;
    }
    const { productId, locationId, category } = items[item]!;
    const supplier = supplierOf(category);
    const reference = `${name}-PO${ordered + 1}-${supplier + 1}`;
    const arrivedOn = addDays(startDate, day);
    onHand[item]! += quantity;
    onOrder[item]! -= quantity;
    came.push({
      reference,
      supplierId: suppliers[supplier]!.supplierId,
      productId,
      locationId,
      orderedOn: addDays(startDate, ordered),
      arrivedOn,
      quantity,
    });
    movements.push({
      key: `simulated-receipt:${productId}:${locationId}:${ordered + 1}`,
      productId,
      locationId,
      date: timeAt(arrivedOn, ARRIVES_AT),
      quantityChange: quantity,
      type: 'receipt',
      reason: null,
      referenceId: reference,
    });
  }
  return { pending, came };
}

/** What customers bring back today, and what they will. Changes `onHand`. */
export function takeReturns(
  returns: readonly PendingReturn[],
  { items }: MarketTraits,
  day: number,
  date: string,
  onHand: number[],
): { readonly pending: PendingReturn[]; readonly came: SimulatedReturn[] } {
  const pending: PendingReturn[] = [];
  const came: SimulatedReturn[] = [];
  for (const back of returns) {
    const [due, item, quantity, price, orderId, line, reason] = back;
    if (due > day) {
      pending.push(back);
      continue;
    }
    const { productId, locationId } = items[item]!;
    onHand[item]! += quantity;
    came.push({
      returnId: `${orderId}-R${line}`,
      saleId: `${orderId}:${line}`,
      orderId,
      productId,
      locationId,
      time: timeAt(date, RETURNS_AT),
      quantity,
      refund: quantity * price,
      reason,
    });
  }
  return { pending, came };
}
