import { type AbcClass, type AbcRank, classifyAbc } from '../inventory/policies/abc-xyz.ts';

export const ABC_CLASSES = ['A', 'B', 'C'] as const;

/** What one product sold in a period, and in the one of the same length before; money in ten-thousandths. */
export interface AbcItem {
  readonly category: string | null;
  readonly revenue: number;
  readonly units: number;
  /** Null where the period before is not known. */
  readonly revenueBefore: number | null;
}

export interface AbcRow<T extends AbcItem> {
  readonly item: T;
  readonly revenue: AbcRank;
  readonly volume: AbcRank;
  /** Among the products of its category. */
  readonly inCategory: AbcRank;
  /** By the revenue of the period before; null where that is not known. */
  readonly before: AbcClass | null;
}

/**
 * Every product with its classes by revenue, by units, within its category, and by the revenue of the period before: each
 * has exactly one of each, and those that sold nothing are C. Most revenue first, ties in the order of the input. The
 * product that crosses a cut belongs to the better class (`classifyAbc`).
 */
export function analyseAbc<T extends AbcItem>(items: readonly T[]): AbcRow<T>[] {
  const revenue = classifyAbc(items.map((item) => item.revenue));
  const volume = classifyAbc(items.map((item) => item.units));
  const isKnown = items.some((item) => (item.revenueBefore ?? 0) > 0);
  const before = isKnown ? classifyAbc(items.map((item) => item.revenueBefore ?? 0)) : undefined;
  const inCategory = new Map<T, AbcRank>();
  for (const some of Map.groupBy(items, ({ category }) => category).values())
    for (const [i, rank] of classifyAbc(some.map((item) => item.revenue)).entries())
      inCategory.set(some[i]!, rank);
  return items
    .map((item, i) => ({
      item,
      revenue: revenue[i]!,
      volume: volume[i]!,
      inCategory: inCategory.get(item)!,
      before: before?.[i]?.abc ?? null,
    }))
    .sort((a, b) => a.revenue.rank - b.revenue.rank);
}

/** What to do with a class. */
export const ABC_ADVICE: Readonly<Record<AbcClass, { readonly title: string; readonly advice: string[] }>> = {
  A: {
    title: 'Little to look after, most of the revenue',
    advice: [
      'Keep a high service level and look at stock every week: a stockout costs most here',
      'Agree lead times with suppliers, and read the reasons of each suggestion',
      'Count them often',
    ],
  },
  B: {
    title: 'The middle',
    advice: [
      'Let the policy of the class order, and look at exceptions',
      'Watch what moves to A or C from period to period',
    ],
  },
  C: {
    title: 'Most products, little revenue',
    advice: [
      'Order seldom, with little safety stock',
      'Look through what is slow or dead, and what need not be stocked at all',
    ],
  },
};
