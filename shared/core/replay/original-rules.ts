import type { Outlook } from './outlook.ts';
import type { ReplayCase } from './replay-case.ts';
import type { Decide } from './replay-stock.ts';
import { periodsAYear, type ReplayTerms } from './replay-terms.ts';

/** The rules of the systems that this one replaces. */
export const ORIGINAL_RULES = ['upper-bound-plus-15', 'thirty-day-times-1.2', 'z-formula'] as const;
export type OriginalRule = (typeof ORIGINAL_RULES)[number];

/** z of the safety stock, days of the assumed lead time, money an order and rate of keeping: constants of the rule. */
const Z = 1.65;
const ASSUMED_DAYS = 7;
const ORDER_MONEY = 50;
const KEEPING_RATE = 0.25;

export interface OriginalInput {
  readonly of: ReplayCase;
  readonly terms: ReplayTerms;
  /** Outlook in force, by period since the start. */
  readonly at: (t: number) => Outlook;
  /** First replayed period: reviews are counted from it. */
  readonly start: number;
  /** Multiplies the level or the reorder point and the quantity, to draw curves. Default 1. */
  readonly scale?: number;
}

/**
 * Each is read as kindly as its description allows: they look at the inventory position (the originals forgot what is on
 * order and would order again every day until it came), and means count periods without sales (one original left them out).
 *   upper-bound-plus-15   on a review, order up to 1.15 x the sum of the periods' upper 95 % bounds over lead time + review
 *   thirty-day-times-1.2  at or below the reorder point of the z-formula, order 1.2 x the forecast of thirty days
 *   z-formula             reorder point = mean daily x 7 + 1.65 sigma sqrt(7), order sqrt(2 D 50 / H), D = demand of a
 *                         year, H = 25 % of the newest unit cost above 0; mean and sigma of the last year of daily
 *                         (weekly) demand. What has never cost anything costs nothing to keep: then D is ordered
 */
export function originalRule(rule: OriginalRule, input: OriginalInput): Decide {
  const { of, terms, at, start, scale = 1 } = input;
  if (rule === 'upper-bound-plus-15') {
    return (t, position) =>
      (t - start) % terms.review === 0 ? Math.max(0, scale * 1.15 * at(t).summedUpper - position) : 0;
  }
  const stats = pastYear(of, terms);
  const costBefore = newestCost(of);
  return (t, position) => {
    const { mean, deviation } = stats(t);
    const periods = ASSUMED_DAYS / terms.daysAPeriod;
    const reorderPoint = scale * (mean * periods + Z * deviation * Math.sqrt(periods));
    if (position > reorderPoint || mean === 0) return 0;
    if (rule === 'thirty-day-times-1.2') return Math.max(0, scale * 1.2 * at(t).meanThirtyDays);
    const ofAYear = mean * periodsAYear(terms);
    const keeping = KEEPING_RATE * costBefore(t);
    return Math.ceil(scale * (keeping > 0 ? Math.sqrt((2 * ofAYear * ORDER_MONEY) / keeping) : ofAYear));
  };
}

/** Newest cost above 0 before t, 0 without one; asked for in ascending order. */
function newestCost({ cost }: ReplayCase): (t: number) => number {
  let next = 0;
  let newest = 0;
  return (t) => {
    for (; next < t; next++) if (cost[next]! > 0) newest = cost[next]!;
    return newest;
  };
}

/** Mean and deviation of the demand of the year before t; asked for in ascending order. */
function pastYear(
  { known }: ReplayCase,
  terms: ReplayTerms,
): (t: number) => { readonly mean: number; readonly deviation: number } {
  const year = Math.round(periodsAYear(terms));
  let count = 0;
  let sum = 0;
  let squares = 0;
  let next = 0;
  const add = (t: number, sign: 1 | -1): void => {
    const y = known[t]!;
    if (Number.isNaN(y)) return;
    count += sign;
    sum += sign * y;
    squares += sign * y * y;
  };
  return (t) => {
    for (; next < t; next++) {
      add(next, 1);
      if (next >= year) add(next - year, -1);
    }
    if (count === 0) return { mean: 0, deviation: 0 };
    const mean = sum / count;
    const variance = count > 1 ? Math.max(0, (squares - count * mean * mean) / (count - 1)) : 0;
    return { mean, deviation: Math.sqrt(variance) };
  };
}
