import { addDays } from '../calendar/add-days.ts';
import { sampleCeiling } from '../math/sample-quantile.ts';
import type { ExplanationNumber } from './explanation.ts';
import { inventoryPosition, type StockState } from './position.ts';
import { ceilToMultiple } from './round-quantity.ts';

/** What a decision about one product at one location needs. */
export interface ReorderInput extends StockState {
  /** Equally likely demands (units) over the lead time. */
  readonly leadTimeDemand: ArrayLike<number>;
  /** Equally likely demands (units) over the protection interval, lead time + review. */
  readonly protectionDemand: ArrayLike<number>;
  /** Probability, 0.5 to below 1, that the stock lasts until the delivery. */
  readonly serviceLevel: number;
  readonly minimumQuantity: number;
  readonly orderMultiple: number;
  /** Money a unit, a decimal string. */
  readonly unitCost: string;
  readonly leadTimeDays: number;
  readonly reviewDays: number;
  readonly asOf: string;
}

/** What follows from it, whether or not something is to be ordered. */
export interface ReorderAdvice {
  /** `order`: the position has reached the reorder point; `none`: it has not, and `quantity` is 0. */
  readonly kind: 'order' | 'none';
  readonly quantity: number;
  /** Today when due; else the day on which the position is expected to reach the reorder point; null: never. */
  readonly orderBy: string | null;
  /** When an order placed today should be there. */
  readonly expectedDate: string;
  readonly position: number;
  readonly reorderPoint: number;
  readonly orderUpTo: number;
  readonly safetyStock: number;
  /** Days that the position lasts at the expected demand; null without demand. */
  readonly daysOfCover: number | null;
  /** Probability that demand exceeds the position before an order placed today arrives. */
  readonly stockoutProbability: number;
  readonly explanation: readonly ExplanationNumber[];
}

/** Farthest day that is worth naming. */
const MOST_DAYS = 3650;

/**
 * Decides what to order now, by an (s, S) rule on the inventory position with simulated demand:
 *   reorder point s = smallest whole S with P(lead-time demand <= s) >= service level
 *   order-up-to S  = the same over the protection interval, never below s
 *   order when position <= s and position < S: ceilToMultiple(max(S - position, minimum), multiple)
 * Silver, Pyke & Thomas (2017), chapter 6. Every number is listed in `explanation`; the quantity follows from them.
 */
export function suggestOrder(input: ReorderInput): ReorderAdvice {
  assertReorderInput(input);
  const lead = summary(input.leadTimeDemand, input.serviceLevel);
  const protection = summary(input.protectionDemand, input.serviceLevel);
  const position = inventoryPosition(input);
  const reorderPoint = Math.max(0, Math.ceil(lead.quantile - 1e-9));
  const orderUpTo = Math.max(reorderPoint, Math.ceil(protection.quantile - 1e-9));
  const isDue = position <= reorderPoint && position < orderUpTo;
  const shortBy = Math.max(0, orderUpTo - position);
  const quantity = isDue ? ceilToMultiple(Math.max(shortBy, input.minimumQuantity), input.orderMultiple) : 0;
  const days = input.leadTimeDays + input.reviewDays;
  const dailyDemand = days > 0 ? Math.max(0, protection.mean) / days : 0;
  const advice = {
    kind: isDue ? ('order' as const) : ('none' as const),
    quantity,
    orderBy: isDue ? input.asOf : dayReached(input.asOf, position - reorderPoint, dailyDemand),
    expectedDate: addDays(input.asOf, Math.ceil(input.leadTimeDays)),
    position,
    reorderPoint,
    orderUpTo,
    safetyStock: reorderPoint - lead.mean,
    daysOfCover: dailyDemand > 0 ? Math.max(0, position) / dailyDemand : null,
    stockoutProbability: shareAbove(input.leadTimeDemand, position),
  };
  const means = { lead: lead.mean, protection: protection.mean, dailyDemand };
  return { ...advice, explanation: explain(input, advice, means) };
}

function assertReorderInput(input: ReorderInput): void {
  if (!(input.serviceLevel >= 0.5 && input.serviceLevel < 1)) {
    throw new RangeError(`service level ${input.serviceLevel} is outside 0.5..1`);
  }
  if (!(input.minimumQuantity >= 0)) throw new RangeError(`minimum quantity ${input.minimumQuantity}`);
  if (!(input.leadTimeDays >= 0) || !(input.reviewDays >= 0)) throw new RangeError('days are not negative');
  if (!Number.isFinite(inventoryPosition(input))) throw new RangeError('the position is not a number');
}

function summary(demand: ArrayLike<number>, level: number): { mean: number; quantile: number } {
  const sorted = Float64Array.from(demand).sort();
  let sum = 0;
  for (const value of sorted) sum += value;
  if (!Number.isFinite(sum)) throw new RangeError('a demand sample holds numbers only');
  return { mean: sum / sorted.length, quantile: sampleCeiling(sorted, level) };
}

function shareAbove(sample: ArrayLike<number>, limit: number): number {
  let above = 0;
  for (let i = 0; i < sample.length; i++) if (sample[i]! > limit) above++;
  return above / sample.length;
}

function dayReached(asOf: string, surplus: number, dailyDemand: number): string | null {
  if (!(dailyDemand > 0)) return null;
  const days = Math.floor(Math.max(0, surplus) / dailyDemand);
  return days > MOST_DAYS ? null : addDays(asOf, days);
}

function explain(
  input: ReorderInput,
  advice: Omit<ReorderAdvice, 'explanation'>,
  means: { readonly lead: number; readonly protection: number; readonly dailyDemand: number },
): ExplanationNumber[] {
  const rows: [name: string, value: number | string | null, unit: string, from: string][] = [
    ['onHand', input.onHand, 'units', 'stock ledger'],
    ['onOrder', input.onOrder, 'units', 'approved purchase orders not yet received'],
    ['committed', input.committed, 'units', 'orders not yet shipped'],
    ['position', advice.position, 'units', 'onHand + onOrder - committed'],
    ['serviceLevel', input.serviceLevel, 'probability', 'settings'],
    ['leadTimeDays', input.leadTimeDays, 'days', 'supplier item'],
    ['reviewDays', input.reviewDays, 'days', 'settings'],
    ['demandPaths', input.leadTimeDemand.length, 'paths', 'simulated from the forecast'],
    ['leadTimeDemandMean', means.lead, 'units', 'mean of simulated demand over the lead time'],
    ['protectionDemandMean', means.protection, 'units', 'mean of simulated demand over lead time + review'],
    ['reorderPoint', advice.reorderPoint, 'units', 'serviceLevel quantile of demand over the lead time'],
    ['safetyStock', advice.safetyStock, 'units', 'reorderPoint - leadTimeDemandMean'],
    ['orderUpTo', advice.orderUpTo, 'units', 'serviceLevel quantile of demand over lead time + review'],
    ['minimumQuantity', input.minimumQuantity, 'units', 'supplier item'],
    ['orderMultiple', input.orderMultiple, 'units', 'supplier item'],
    [
      'quantity',
      advice.quantity,
      'units',
      advice.kind === 'order'
        ? 'position <= reorderPoint: ceilToMultiple(max(orderUpTo - position, minimumQuantity), orderMultiple)'
        : '0, as position > reorderPoint or position >= orderUpTo',
    ],
    ['unitCost', input.unitCost, 'money', 'supplier item'],
    ['dailyDemand', means.dailyDemand, 'units/day', 'protectionDemandMean / (leadTimeDays + reviewDays)'],
    ['daysOfCover', advice.daysOfCover, 'days', 'max(0, position) / dailyDemand'],
    [
      'stockoutProbability',
      advice.stockoutProbability,
      'probability',
      'share of paths with lead-time demand > position',
    ],
    [
      'orderBy',
      advice.orderBy,
      'date',
      advice.kind === 'order'
        ? 'as of today: the reorder point is reached'
        : 'today + floor(max(0, position - reorderPoint) / dailyDemand)',
    ],
  ];
  return rows.flatMap(([name, value, unit, from]) => (value === null ? [] : [{ name, value, unit, from }]));
}
