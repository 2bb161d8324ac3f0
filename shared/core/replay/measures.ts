import type { Tally } from './replay-stock.ts';
import { periodsAYear, type ReplayTerms } from './replay-terms.ts';

/** What a policy achieved over many series, and what it cost. */
export interface Measures {
  /** Share of the units asked for that were served at once; 1 without demand. */
  readonly fillRate: number;
  /** Share of replenishment cycles, from one arrival to the next, in which all demand was served. */
  readonly cycleService: number;
  /** Days of the periods in which some demand was not served, summed over the series. */
  readonly stockoutDays: number;
  /** Units on hand on average, summed over the series. */
  readonly averageStock: number;
  /** Cost of a year's sales over the average stock at cost; 0 without stock. */
  readonly turns: number;
  readonly orders: number;
  /** Keeping, and what was not sold in time. */
  readonly holdingCost: number;
  readonly orderingCost: number;
  readonly lostMargin: number;
  readonly totalCost: number;
}

/** Cost of a replay in money. */
export function totalCost({ holdingCost, spoiledCost, orderingCost, lostMargin }: Tally): number {
  return holdingCost + spoiledCost + orderingCost + lostMargin;
}

/** Sums tallies of different series over the same periods. */
export function measuresOf(tallies: readonly Tally[], terms: Pick<ReplayTerms, 'daysAPeriod'>): Measures {
  const sum = (of: (tally: Tally) => number): number => tallies.reduce((all, tally) => all + of(tally), 0);
  const demand = sum((tally) => tally.demand);
  const cycles = sum((tally) => tally.cycles);
  const atCost = sum((tally) => tally.stockAtCost / tally.periods);
  const soldAYear = sum((tally) => (tally.sold / tally.periods) * periodsAYear(terms));
  return {
    fillRate: demand > 0 ? sum((tally) => tally.served) / demand : 1,
    cycleService: cycles > 0 ? 1 - sum((tally) => tally.cyclesShort) / cycles : 1,
    stockoutDays: sum((tally) => tally.periodsShort) * terms.daysAPeriod,
    averageStock: sum((tally) => tally.stock / tally.periods),
    turns: atCost > 0 ? soldAYear / atCost : 0,
    orders: sum((tally) => tally.orders),
    holdingCost: sum((tally) => tally.holdingCost + tally.spoiledCost),
    orderingCost: sum((tally) => tally.orderingCost),
    lostMargin: sum((tally) => tally.lostMargin),
    totalCost: sum(totalCost),
  };
}
