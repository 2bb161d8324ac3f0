import type { Frequency } from '../../shared/core/calendar/period-grid.ts';

/** A set of histories and the terms under which orders are placed on it. */
export interface Setting {
  readonly name: string;
  readonly file: string;
  readonly frequency: Frequency;
  readonly missing: 'zero' | 'nan';
  readonly leadTime: number;
  readonly review: number;
  /** Columns of numbers that a planner knew ahead. Default none. */
  readonly known?: readonly string[];
}

/** Sets of real demand, with a week's lead time and a week between reviews. */
export const SETTINGS: readonly Setting[] = [
  {
    name: 'm5-daily',
    file: 'm5-daily-dev.csv.gz',
    frequency: 'daily',
    missing: 'zero',
    leadTime: 7,
    review: 7,
  },
  {
    name: 'm5-weekly',
    file: 'm5-weekly-dev.csv.gz',
    frequency: 'weekly',
    missing: 'zero',
    leadTime: 1,
    review: 1,
  },
  {
    name: 'orange-juice-weekly',
    file: 'orange-juice-weekly-dev.csv.gz',
    frequency: 'weekly',
    // A week without a row was not recorded.
    missing: 'nan',
    leadTime: 1,
    review: 1,
    known: ['price', 'deal', 'feature'],
  },
];

/** Economics of all settings, and the forecasters that the rules are tried with. */
export const ECONOMICS = { serviceLevel: 0.95, holdingRate: 0.25, margin: 0.4, orderCost: 0 } as const;
export const FORECASTERS = ['mix', 'snaive'] as const;
/** Cycle services of the textbook rules, scales of the original ones, and prices of a lost unit for `auto`'s curve. */
export const SERVICES = [0.6, 0.7, 0.8, 0.9, 0.95, 0.975, 0.99, 0.995] as const;
export const SCALES = [0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.15, 1.3, 1.5, 2] as const;
export const LOST_PRICES = [0.02, 0.04, 0.08, 0.15, 0.3, 0.6, 1, 2, 4, 10, 30, 100, 1000] as const;
