import { addDays } from '../../../shared/core/calendar/add-days.ts';
import type { ArticleHistory } from './read-history.ts';
import type { SampleSupplier } from './suppliers.ts';

/** How the invented buyer works: looks at each article every `REVIEW_DAYS`, and orders for `CYCLE_DAYS` at a time. */
const REVIEW_DAYS = 14;
const CYCLE_DAYS = 28;
/** Safety stock in deviations of demand: 2.05 covers 98 % of a normal one. */
const SAFETY_FACTOR = 2.05;
/** How far the buyer trusts the level of demand itself, as a share of it. */
const LEVEL_ERROR = 0.3;
/** The buyer leaves this many days before the last one: what comes to its level after that is left to order. */
const UNATTENDED_DAYS = 14;
/** Beyond the last day the buyer expects the last eight weeks again. */
const EXPECTED_REPEAT_DAYS = 56;

export interface Terms {
  readonly supplier: SampleSupplier;
  readonly minimumQuantity: number;
  readonly orderMultiple: number;
}

export interface Supply {
  readonly opening: number;
  readonly receipts: readonly { readonly date: string; readonly quantity: number }[];
}

/**
 * Invents the supply of one article by periodic review with safety stock, over its real sales:
 *   reorder level = demand over lead time and review + safety stock
 *   at a review, position <= reorder level -> order up to that level plus the demand of a cycle
 * The buyer knows the coming demand up to a seeded error; `roll(low, high)` is a seeded whole number. The last orders
 * are hurried so that all have come by the last day: whoever takes over starts with nothing on the way.
 */
export function inventSupply(
  history: Pick<ArticleHistory, 'netByDay' | 'correctionsByDay'>,
  firstDay: string,
  days: number,
  { supplier, ...lot }: Terms,
  roll: (low: number, high: number) => number,
): Supply {
  const net = Array.from({ length: days }, (_, day) => history.netByDay.get(addDays(firstDay, day)) ?? 0);
  const { leadTimeDays, leadTimeDeviation } = supplier;
  const coverDays = leadTimeDays + REVIEW_DAYS;
  const safetyStock = safetyStockOf(net, coverDays, leadTimeDeviation);
  const demand = (from: number, length: number) => {
    let units = 0;
    for (let day = from; day < from + length; day++) units += Math.max(net[expectedDay(day, days)]!, 0);
    return Math.ceil((units * roll(85, 115)) / 100);
  };

  const opening = demand(0, coverDays) + safetyStock + roll(0, demand(0, CYCLE_DAYS) + lot.minimumQuantity);
  const firstReview = roll(0, REVIEW_DAYS - 1);
  const arrivals = new Array<number>(days).fill(0);
  let onHand = opening;
  let onOrder = 0;
  for (let day = 0; day < days; day++) {
    onHand += arrivals[day]!;
    onOrder -= arrivals[day]!;
    if (day % REVIEW_DAYS === firstReview && day < days - UNATTENDED_DAYS) {
      const reorderLevel = demand(day, coverDays) + safetyStock;
      const upTo = reorderLevel + demand(day + coverDays, CYCLE_DAYS);
      if (onHand + onOrder <= reorderLevel && upTo > onHand + onOrder) {
        const quantity = roundOrder(upTo - onHand - onOrder, lot);
        const wanted = day + Math.max(1, leadTimeDays + roll(-leadTimeDeviation, leadTimeDeviation));
        const arrival = wanted < days ? wanted : roll(day + 1, days - 1);
        onOrder += quantity;
        arrivals[arrival]! += quantity;
      }
    }
    const correction = history.correctionsByDay.get(addDays(firstDay, day)) ?? 0;
    onHand = Math.max(0, onHand - net[day]! + correction);
  }
  const receipts = arrivals.flatMap((quantity, day) =>
    quantity > 0 ? [{ date: addDays(firstDay, day), quantity }] : [],
  );
  return { opening, receipts };
}

/**
 * Units against the ups and downs of weekly demand, its level, and the lead time; W weeks of mean m and deviation s:
 *   z sqrt(W s^2 + (W m e)^2 + (m s_L)^2)
 */
function safetyStockOf(net: readonly number[], coverDays: number, leadTimeDeviation: number): number {
  const sales = Array.from({ length: Math.floor(net.length / 7) }, (_, week) =>
    net.slice(week * 7, week * 7 + 7).reduce((sum, units) => sum + Math.max(units, 0), 0),
  );
  const mean = sales.reduce((sum, units) => sum + units, 0) / sales.length;
  const variance = sales.reduce((sum, units) => sum + (units - mean) ** 2, 0) / sales.length;
  const weeks = coverDays / 7;
  const level = weeks * mean * LEVEL_ERROR;
  const lateness = (leadTimeDeviation / 7) * mean;
  return Math.ceil(SAFETY_FACTOR * Math.hypot(Math.sqrt(weeks * variance), level, lateness));
}

function expectedDay(day: number, days: number): number {
  return day < days ? day : day - EXPECTED_REPEAT_DAYS * Math.ceil((day - days + 1) / EXPECTED_REPEAT_DAYS);
}

function roundOrder(units: number, { minimumQuantity, orderMultiple }: Omit<Terms, 'supplier'>): number {
  return Math.ceil(Math.max(units, minimumQuantity) / orderMultiple) * orderMultiple;
}
