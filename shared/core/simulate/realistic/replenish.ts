import { ceilToMultiple } from '../../inventory/round-quantity.ts';
import { normalQuantile } from '../../math/normal.ts';
import type { SimulatedSupplierItem } from '../day-events.ts';
import { REVIEW_DAYS } from './market-traits.ts';

/** What the buyer believes of demand: mean and variance of a day. */
export interface Belief {
  readonly mean: number;
  readonly variance: number;
}

/** Weight of the newest day in the belief. */
const LEARNING = 0.03;
/** Days of demand that an order covers beyond the reorder point. */
const CYCLE_DAYS = 14;

/**
 * Reorder point and order-up-to level of the simulated buyer, for demand over lead time and review:
 *   s = (L + R) m + z sqrt((L + R) v + d^2 m^2),   S = s + 14 m, both whole and rounded up
 */
export function buyerLevels(
  { mean, variance }: Belief,
  { leadTimeDays, leadTimeDeviation }: SimulatedSupplierItem,
  serviceLevel: number,
): { readonly reorderPoint: number; readonly orderUpTo: number } {
  const days = leadTimeDays + REVIEW_DAYS;
  const deviation = Math.sqrt(days * variance + leadTimeDeviation ** 2 * mean ** 2);
  const point = Math.max(0, days * mean + normalQuantile(serviceLevel) * deviation);
  return { reorderPoint: Math.ceil(point), orderUpTo: Math.ceil(point + CYCLE_DAYS * mean) };
}

/** Units to order at this position (on hand + on order): 0 above the reorder point. */
export function buyerOrder(
  position: number,
  belief: Belief,
  item: SimulatedSupplierItem,
  serviceLevel: number,
): number {
  const { reorderPoint, orderUpTo } = buyerLevels(belief, item, serviceLevel);
  if (position > reorderPoint || orderUpTo === 0 || position >= orderUpTo) return 0;
  return ceilToMultiple(Math.max(orderUpTo - position, item.minimumQuantity), item.orderMultiple);
}

/**
 * The belief after one more day of sales: exponentially weighted mean and variance, to six decimals, which keeps the state
 * of a large market small.
 */
export function learnSales({ mean, variance }: Belief, sold: number): Belief {
  const error = sold - mean;
  return {
    mean: toMillionths(mean + LEARNING * error),
    variance: toMillionths((1 - LEARNING) * (variance + LEARNING * error * error)),
  };
}

const toMillionths = (value: number): number => Math.round(value * 1e6) / 1e6;
