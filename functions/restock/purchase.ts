import { type RoundingStep, roundOrder } from '../../shared/core/inventory/policies/round-order.ts';
import { type SupplierItem, unitCostAt } from '../../shared/data/purchasing/supplier-item-store.ts';
import type { Assessment } from './assess-series.ts';

/** What would be ordered of one supplier, and how the wanted units became that. */
export interface Purchase {
  readonly item: SupplierItem;
  readonly assessment: Assessment;
  readonly steps: readonly RoundingStep[];
  /** Whole packs, at least the minimum; what is above the supplier's maximum is left for another order. */
  readonly quantity: number;
  readonly unitCost: string;
}

const YEAR_DAYS = 365;

/** The purchase of so many units of this supplier. */
export function purchaseOf(
  item: SupplierItem,
  assessment: Assessment,
  units: number,
  holdingRate: number,
): Purchase {
  const { quantity, steps } = roundOrder(units, {
    minimumQuantity: item.minimumQuantity,
    orderMultiple: item.orderMultiple,
    maximumQuantity: item.maximumQuantity,
    ...(item.priceBreaks.length > 0 && { priceBreaks: pricesOf(item) }),
    keeping: {
      dailyDemand: assessment.dailyDemand,
      holdingADay: (holdingRate * Number(item.unitCost)) / YEAR_DAYS,
      perOrder: Number(item.orderCost),
    },
  });
  return { item, assessment, steps, quantity, unitCost: unitCostAt(item, quantity) };
}

const pricesOf = ({ unitCost, priceBreaks }: SupplierItem) => [
  { from: 0, unitCost: Number(unitCost) },
  ...priceBreaks.map(([from, price]) => ({ from, unitCost: Number(price) })),
];

/**
 * The best supplier at the real quantity: of those that share the best priority the one with the least price of a unit
 * then, order cost included; of equal ones the one that delivers sooner. Each with the quantity that its own lead time needs.
 */
export function bestPurchase(purchases: readonly Purchase[]): Purchase | undefined {
  const price = ({ unitCost, quantity, item }: Purchase) =>
    Number(unitCost) + Number(item.orderCost) / quantity;
  let best: Purchase | undefined;
  for (const purchase of purchases) {
    if (purchase.quantity === 0) continue;
    const gap = best ? price(purchase) - price(best) : -1;
    if (!best || gap < -1e-9 || (gap < 1e-9 && purchase.item.leadTimeDays < best.item.leadTimeDays))
      best = purchase;
  }
  return best;
}
