import { daysBetween } from '../../shared/core/calendar/add-days.ts';
import type { SupplierItem } from '../../shared/data/purchasing/supplier-item-store.ts';
import { arrivalOf, type SeriesInput } from './assess-series.ts';
import type { Source } from './purchase.ts';

/**
 * Units that a location has above what it needs itself: free there, above its order-up-to level with all supply that is not
 * late, and not needed before one of its arrivals. Its position stops it from ordering until the goods are there, however
 * late that is, so what it stands on must last.
 */
export function spareUnits(input: SeriesInput, { item, assessment }: Source): number {
  const { position, expiring, asOf } = input;
  const free = position.onHand - position.committed - expiring;
  let there = free;
  let spare = free;
  for (const { day, quantity } of arrivalsOf(input, item)) {
    if (day < asOf) continue;
    spare = Math.min(spare, there - assessment.askedUntil(day));
    there += quantity;
  }
  return Math.max(0, Math.min(spare, there - assessment.orderUpTo));
}

/** Supply in the order in which it comes; what is late first. */
const arrivalsOf = (input: SeriesInput, item: SupplierItem): { day: string; quantity: number }[] =>
  input.supply
    .map((one) => ({ day: arrivalOf(one, input, item), quantity: one.quantity }))
    .sort((a, b) => daysBetween(b.day, a.day));
