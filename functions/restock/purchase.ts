import {
  MOST_COVER_DAYS,
  type RoundingStep,
  roundOrder,
  worthOfLift,
} from '../../shared/core/inventory/policies/round-order.ts';
import { type SupplierItem, unitCostAt } from '../../shared/data/purchasing/supplier-item-store.ts';
import { type Assessment, isReviewed, type SeriesInput } from './assess-series.ts';
import { marginOf } from './margin-of.ts';

/** What would be ordered of one supplier, and how the wanted units became that. */
export interface Purchase {
  readonly item: SupplierItem;
  readonly assessment: Assessment;
  readonly steps: readonly RoundingStep[];
  /** Whole packs, at least the minimum; what is above the supplier's maximum is left for another order. */
  readonly quantity: number;
  readonly unitCost: string;
  /** Why nothing is bought although something is wanted. */
  readonly held: Held | null;
}

/** What is wanted and not bought. */
export interface Held {
  readonly kind: 'dead' | 'not-worth' | 'not-sold';
  readonly units: number;
  readonly why: string;
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
  const held =
    steps.length > 0 && quantity === 0
      ? { kind: 'not-sold' as const, units, why: `the supplier sells no such quantity: ${steps.at(-1)!.why}` }
      : null;
  return { item, assessment, steps, quantity, unitCost: unitCostAt(item, quantity), held };
}

/**
 * The purchase, or nothing where the supplier's minimum or packs make it last so long that it does not pay. Who waits
 * for goods gets them, and a minimum that a person set is kept at any cost.
 */
export function ifItPays(
  purchase: Purchase,
  input: SeriesInput,
  units: number,
  fromElsewhere: number,
): Purchase {
  const { item, assessment, quantity, unitCost } = purchase;
  if (assessment.position < 0 || input.policy.minimum !== null) return purchase;
  const worth = worthOfLift({
    wanted: units,
    quantity,
    position: assessment.position + fromElsewhere,
    dailyDemand: assessment.dailyDemand,
    margin: marginOf(input, item, Number(unitCost)),
    holdingADay: (input.settings.holding_rate * Number(unitCost)) / YEAR_DAYS,
  });
  if (!worth || worth.earns >= worth.keeps) return purchase;
  const days = Number.isFinite(worth.days) ? `${Math.round(worth.days)} days` : 'for ever';
  const why = `${liftOf(purchase)}, which would last ${days}: what is sold of that in ${MOST_COVER_DAYS} days, or wanted anyway, earns ${worth.earns.toFixed(2)}, and keeping the rest would cost ${Number.isFinite(worth.keeps) ? worth.keeps.toFixed(2) : 'more than that'}`;
  return { ...purchase, quantity: 0, held: { kind: 'not-worth', units, why } };
}

const liftOf = ({ item, steps }: Purchase): string =>
  steps.some(({ rule }) => rule === 'minimum')
    ? `the supplier's minimum is ${item.minimumQuantity}`
    : `it comes in packs of ${item.orderMultiple}`;

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
