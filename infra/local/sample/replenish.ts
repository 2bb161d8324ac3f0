import { addDays } from '../../../shared/core/calendar/add-days.ts';
import type { ArticleHistory } from './read-history.ts';
import type { SampleSupplier } from './suppliers.ts';

/** How the invented buyer works: looks every `REVIEW_DAYS`, and knows the coming demand up to a seeded error. */
const REVIEW_DAYS = 14;
/** Cover above lead time and review, in days. */
const SPARE_DAYS = 14;
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
 * Invents the supply of one article under an (s, S) rule over its real sales: at each review, position at or below the
 * demand until the next review can arrive -> order up to that plus spare. `roll(low, high)` is a seeded whole number.
 * What would arrive after the last day is left out.
 */
export function inventSupply(
  history: Pick<ArticleHistory, 'netByDay' | 'correctionsByDay'>,
  firstDay: string,
  days: number,
  terms: Terms,
  roll: (low: number, high: number) => number,
): Supply {
  const net = Array.from({ length: days }, (_, day) => history.netByDay.get(addDays(firstDay, day)) ?? 0);
  const { leadTimeDays, leadTimeDeviation } = terms.supplier;
  const demand = (from: number, length: number) => {
    let units = 0;
    for (let day = from; day < from + length; day++) units += Math.max(net[expectedDay(day, days)]!, 0);
    return units;
  };
  const wobble = (units: number) => Math.ceil((units * roll(105, 130)) / 100);

  const opening =
    wobble(demand(0, leadTimeDays + leadTimeDeviation + REVIEW_DAYS + SPARE_DAYS)) +
    roll(0, terms.minimumQuantity);
  const arrivals = new Array<number>(days).fill(0);
  let onHand = opening;
  let onOrder = 0;
  for (let day = 0; day < days; day++) {
    onHand += arrivals[day]!;
    onOrder -= arrivals[day]!;
    if (day % REVIEW_DAYS === 0) {
      const reorderLevel = demand(day, leadTimeDays + leadTimeDeviation + REVIEW_DAYS);
      const upTo = wobble(demand(day, leadTimeDays + leadTimeDeviation + 2 * REVIEW_DAYS + SPARE_DAYS));
      if (onHand + onOrder <= reorderLevel && upTo > onHand + onOrder) {
        const quantity = roundOrder(upTo - onHand - onOrder, terms);
        const late = roll(-leadTimeDeviation, leadTimeDeviation);
        const arrival = day + Math.max(1, leadTimeDays + late);
        onOrder += quantity;
        if (arrival < days) arrivals[arrival]! += quantity;
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

function expectedDay(day: number, days: number): number {
  return day < days ? day : day - EXPECTED_REPEAT_DAYS * Math.ceil((day - days + 1) / EXPECTED_REPEAT_DAYS);
}

function roundOrder(units: number, { minimumQuantity, orderMultiple }: Terms): number {
  return Math.ceil(Math.max(units, minimumQuantity) / orderMultiple) * orderMultiple;
}
