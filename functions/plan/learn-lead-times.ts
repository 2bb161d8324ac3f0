import {
  type LeadTimeObservation,
  type LearntLeadTime,
  learnItemLeadTime,
} from '../../shared/core/inventory/policies/learn-lead-time.ts';
import {
  type LearntItem,
  MOST_OF_ITEM,
  readSeenLeadTimes,
  readStatedLeadTimes,
  replaceLearntLeadTimes,
  type SeenLeadTime,
  type StatedLeadTime,
} from '../../shared/data/purchasing/lead-time-store.ts';
import type { Statements } from '../../shared/data/sql/database.ts';

/** Deliveries of its other items that speak for an item, and deliveries that are kept as evidence. */
const MOST_OF_SUPPLIER = 200;
const KEPT_EVIDENCE = 5;

/**
 * Learns the lead time of every item of those suppliers that have delivered, as of a day: from its own deliveries, shrunk
 * to those of the supplier's other items in proportion to what is stated of each, and these to the stated terms.
 */
export async function learnLeadTimes(tx: Statements, asOf: string): Promise<void> {
  const seen = groupBy(await readSeenLeadTimes(tx, asOf), ({ supplierId }) => supplierId);
  const stated = groupBy(await readStatedLeadTimes(tx, [...seen.keys()]), ({ supplierId }) => supplierId);
  const learnt = [...seen].flatMap(([supplierId, ofSupplier]) =>
    learnSupplier(stated.get(supplierId) ?? [], ofSupplier),
  );
  await replaceLearntLeadTimes(tx, learnt);
}

/** What is learnt of the items of one supplier, from all that was seen of it. */
export function learnSupplier(items: readonly StatedLeadTime[], seen: readonly SeenLeadTime[]): LearntItem[] {
  const ofItem = groupBy(seen, ({ productId }) => productId);
  const statedDays = new Map(items.map(({ productId, meanDays }) => [productId, meanDays]));
  const linesOf = new Map<string, number>();
  for (const one of seen) linesOf.set(deliveryOf(one), (linesOf.get(deliveryOf(one)) ?? 0) + 1);
  const observations = new Set(seen.filter(({ received }) => received !== null).map(deliveryOf)).size;
  // an item leaves out its own of these, and has enough left
  const newest = [...seen]
    .sort((a, b) => a.ageDays - b.ageDays || a.purchaseOrderId - b.purchaseOrderId)
    .slice(0, MOST_OF_SUPPLIER + MOST_OF_ITEM);
  // Items without deliveries of their own differ by what is stated of them only.
  const unseen = new Map<string, LearntLeadTime>();
  return items.map((item) => {
    const own = ofItem.get(item.productId) ?? [];
    const key = `${item.meanDays}|${item.deviationDays}`;
    let learnt = own.length === 0 ? unseen.get(key) : undefined;
    if (!learnt) {
      const others = newest
        .filter(({ productId }) => productId !== item.productId)
        .slice(0, MOST_OF_SUPPLIER);
      learnt = learnItemLeadTime({
        ofItem: own.map((one) => observation(one, 1)),
        ofSupplier: others.map((one) =>
          observation(
            { ...one, weight: one.weight / linesOf.get(deliveryOf(one))! },
            scale(item.meanDays, statedDays.get(one.productId)),
          ),
        ),
        stated: {
          meanDays: item.meanDays,
          ...(item.deviationDays > 0 && { deviationDays: item.deviationDays }),
        },
      });
      if (own.length === 0) unseen.set(key, learnt);
    }
    const deliveries = own.filter(({ received }) => received !== null);
    return {
      supplierId: item.supplierId,
      productId: item.productId,
      observations,
      lateOpen: own.length - deliveries.length,
      meanDays: learnt.meanDays,
      deviationDays: learnt.deviationDays,
      evidence: deliveries.slice(0, KEPT_EVIDENCE).map((one) => ({
        purchase_order_id: one.purchaseOrderId,
        received: one.received!,
        days: one.days,
      })),
    };
  });
}

/** Products that came together are one proof of how long their supplier takes. */
const deliveryOf = ({ purchaseOrderId, received }: SeenLeadTime): string => `${purchaseOrderId} ${received}`;

/** A supplier that takes twice as long as stated for one item is expected to do so for others. */
const scale = (own: number, other: number | undefined): number =>
  own > 0 && other !== undefined && other > 0 ? own / other : 1;

const observation = (
  { received, days, ageDays, weight }: SeenLeadTime,
  factor: number,
): LeadTimeObservation => ({
  days: days * factor,
  ageDays,
  weight,
  ...(received === null && { isOpen: true }),
});

function groupBy<T>(all: readonly T[], keyOf: (one: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const one of all) {
    const others = groups.get(keyOf(one));
    if (others) others.push(one);
    else groups.set(keyOf(one), [one]);
  }
  return groups;
}
