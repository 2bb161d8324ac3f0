import { type RoundingStep, roundOrder } from '../../shared/core/inventory/policies/round-order.ts';
import { type SupplierItem, unitCostAt } from '../../shared/data/purchasing/supplier-item-store.ts';
import { type Assessment, isReviewed } from './assess-series.ts';

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
      mostUnits: units + assessment.headroom,
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

/** A supplier, and what a series needs if it is replenished from there. */
export interface Source {
  readonly item: SupplierItem;
  readonly assessment: Assessment;
}

/**
 * The source whose units cost least in the long run, of equal ones the one that delivers sooner: price, order cost and
 * keeping, at what it would be asked for now, or at its usual order while that is less. Whether it wants anything yet has
 * no say: the source that takes longest wants first, and would always win.
 */
export function bestSource(sources: readonly Source[], fromElsewhere: number, holdingRate: number): Source {
  let best = sources[0]!;
  if (sources.length === 1) return best;
  let least = Number.POSITIVE_INFINITY;
  for (const source of sources) {
    const cost = costOfUnit(source, fromElsewhere, holdingRate);
    const isSooner = source.item.leadTimeDays < best.item.leadTimeDays;
    if (cost < least - 1e-9 || (cost < least + 1e-9 && isSooner)) {
      best = source;
      least = cost;
    }
  }
  return best;
}

/**
 * Price and order cost of a unit at an order of q units, and keeping the stock that waits for each, which is on average
 *   S - E[D over L] - q' + q / 2,   q' = the usual order before rounding
 */
function costOfUnit({ item, assessment }: Source, fromElsewhere: number, holdingRate: number): number {
  const { wanted, rule, orderUpTo, leadMean, lookMean, protectionMean, dailyDemand } = assessment;
  const next = isReviewed(rule) ? protectionMean : lookMean;
  const usual = Math.max(1, orderUpTo - (assessment.reorderPoint ?? orderUpTo), next - leadMean);
  const units = Math.max(usual, wanted - fromElsewhere);
  const { quantity, unitCost } = purchaseOf(item, assessment, units, holdingRate);
  if (quantity === 0) return Number.POSITIVE_INFINITY;
  const kept = Math.max(0, orderUpTo - leadMean - usual) + quantity / 2;
  // where nothing is kept, nothing is to be paid for it
  const rate = assessment.reorderPoint === null || !(dailyDemand > 0) ? 0 : holdingRate / dailyDemand;
  const keeping = (rate * Number(unitCost) * kept) / YEAR_DAYS;
  return Number(unitCost) + Number(item.orderCost) / quantity + keeping;
}
