import { allocateByValue, type ValueBound, type ValuedItem } from './allocate-by-value.ts';
import { type Limits, type Lot, limitedBy, perUnit, RESOURCES, type Resource } from './limits.ts';
import { PROPORTIONAL_STRATEGIES, proportionalShares, type ShareSignal } from './proportional.ts';
import { shareOut } from './share-out.ts';

/** `value` is by marginal gain; the others are proportions. */
export const ALLOCATION_STRATEGIES = ['value', ...PROPORTIONAL_STRATEGIES] as const;
export type AllocationStrategy = (typeof ALLOCATION_STRATEGIES)[number];

/**
 * One item that wants a part: its lot sizes and what a unit uses; for `popularity`, `speed` and `average` units sold and
 * in stock; for `initial` rating and reviews; for `value` what a unit earns and its demand.
 */
export interface AllocationItem extends Lot, ShareSignal {
  readonly value?: ValuedItem['value'] | undefined;
}

export interface AllocationInput {
  readonly strategy: AllocationStrategy;
  /** At least one of them, or every item says its most. */
  readonly limits: Limits;
  readonly items: readonly AllocationItem[];
}

export interface Allocation {
  /** Units of each item, in the order of the items. */
  readonly quantities: number[];
  /** What they use of each resource, limited or not. */
  readonly used: { readonly [resource in Resource]: number };
  /** What is left of the limited ones. */
  readonly left: { readonly [resource in Resource]?: number };
  /** With strategy `value`: what it is worth, and the most it could be. */
  readonly value?: ValueBound | undefined;
}

/**
 * Divides what is limited among items. Quantities are whole, allowed by each item's lot, and keep every limit; with a
 * limit of units, no lots and no most, proportional quantities sum to it exactly. The same input gives the same answer.
 */
export function allocate({ strategy, limits, items }: AllocationInput): Allocation {
  const limited = limitedBy(limits);
  if (limited.length === 0 && items.some((item) => item.most === undefined))
    throw new RangeError('an allocation has a limit, or every item a most');
  const byValue = strategy === 'value' ? allocateByValue(items.map(withValue), limits) : undefined;
  const quantities = byValue?.quantities ?? (items.length === 0 ? [] : inProportion(strategy, items, limits));
  const used = Object.fromEntries(
    RESOURCES.map((resource) => [
      resource,
      quantities.reduce((sum, quantity, i) => sum + quantity * perUnit(items[i]!, resource), 0),
    ]),
  ) as Record<Resource, number>;
  const left = Object.fromEntries(
    limited.map((resource) => [resource, Math.max(0, limits[resource]! - used[resource])]),
  );
  return { quantities, used, left, ...(byValue && { value: byValue.bound }) };
}

function inProportion(
  strategy: AllocationStrategy,
  items: readonly AllocationItem[],
  limits: Limits,
): number[] {
  if (strategy === 'value') throw new RangeError('value is no proportion');
  const weights = proportionalShares(strategy, items, limits.units ?? 1, {
    isRounded: limits.units !== undefined,
  });
  return shareOut(items, weights, limits);
}

function withValue(item: AllocationItem, index: number): ValuedItem {
  if (!item.value) throw new RangeError(`item ${index} says nothing of its value`);
  return { ...item, value: item.value };
}
