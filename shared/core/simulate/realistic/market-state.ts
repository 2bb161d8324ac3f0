import type { PendingReturn } from './sell-to-market.ts';

/** An order under way: item, day it was placed, day it comes, units. */
export type PendingSupply = readonly [item: number, ordered: number, arrives: number, quantity: number];

/** The market when a day begins. Lists by item number. */
export interface MarketState {
  readonly demand: 'realistic';
  readonly onHand: readonly number[];
  readonly onOrder: readonly number[];
  readonly mean: readonly number[];
  readonly variance: readonly number[];
  /** Logarithm of the shock to all demand, then of that to each category. */
  readonly shocks: readonly number[];
  readonly supplies: readonly PendingSupply[];
  readonly returns: readonly PendingReturn[];
}
