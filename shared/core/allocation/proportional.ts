import { popularityOf } from '../sourcing/cold-allocation.ts';
import { withFairShare } from './fair-share.ts';
import { type SalesSignal, sellRate } from './sales-signal.ts';

/**
 * Ways to divide a total that need no forecast.
 *   popularity  by units sold
 *   speed       by sold / original stock
 *   average     the mean of both
 *   fair        evenly
 *   initial     by rating times reviews, for what has not sold yet
 */
export const PROPORTIONAL_STRATEGIES = ['popularity', 'speed', 'average', 'fair', 'initial'] as const;
export type ProportionalStrategy = (typeof PROPORTIONAL_STRATEGIES)[number];

/** What these ways ask of an item; each asks for its own part only. */
export interface ShareSignal {
  /** Units that left by sale, and units on hand after that. Default 0. */
  readonly sold?: number | undefined;
  readonly stock?: number | undefined;
  readonly rating?: number | null | undefined;
  readonly reviews?: number | null | undefined;
}

/**
 * The exact parts of `total`, fractions and all, in the order of the items; they sum to it. Items without a signal (no
 * stock and no sales, no rating) get the fair share first: `withFairShare`.
 */
export function proportionalShares(
  strategy: ProportionalStrategy,
  items: readonly ShareSignal[],
  total: number,
  options: { readonly isRounded?: boolean } = {},
): number[] {
  switch (strategy) {
    case 'fair':
      return withFairShare(
        items.map(() => 1),
        total,
        options,
      );
    case 'initial':
      return withFairShare(
        items.map(({ rating = null, reviews = null }) => popularityOf({ rating, reviews })),
        total,
        options,
      );
    case 'popularity':
      return withFairShare(popularityWeights(items), total, options);
    case 'speed':
      return withFairShare(items.map(rateOf), total, options);
    case 'average': {
      const byPopularity = withFairShare(popularityWeights(items), total, options);
      const bySpeed = withFairShare(items.map(rateOf), total, options);
      return byPopularity.map((share, i) => (share + bySpeed[i]!) / 2);
    }
  }
}

// An item that had nothing to sell says nothing about its popularity either.
const popularityWeights = (items: readonly ShareSignal[]): (number | undefined)[] =>
  items.map((item) => (rateOf(item) === undefined ? undefined : signalOf(item).sold));

const rateOf = (item: ShareSignal): number | undefined => sellRate(signalOf(item));

function signalOf({ sold = 0, stock = 0 }: ShareSignal): SalesSignal {
  if (!(sold >= 0 && stock >= 0)) throw new RangeError(`sold ${sold} and stock ${stock} are not negative`);
  return { sold, stock };
}
