import type { Policy } from '../../shared/contracts/policy.ts';
import { addDays, daysBetween } from '../../shared/core/calendar/add-days.ts';
import type { LeadTime } from '../../shared/core/inventory/lead-time-demand.ts';
import {
  arrivalDate,
  type CalendarTerms,
  nextOrderDate,
  protectionInterval,
  supplyCalendar,
} from '../../shared/core/inventory/policies/supply-calendar.ts';
import type { SupplierItem } from '../../shared/data/supplier-item-store.ts';

/** When an order can be placed and comes, and for how long stock must last. */
export interface OrderTiming {
  /** The first day, today or later, on which the source takes an order. */
  readonly orderDay: string;
  /** When an order of that day should be on the shelf. */
  readonly expectedDate: string;
  /** From placing an order to having it, the days for safety included. */
  readonly leadTime: LeadTime;
  readonly reviewDays: number;
  /** Days that the calendars add until the order of the next chance after today is there; 0 without calendars. */
  readonly waitDays: number;
  /** The same for the order of the review after this one. */
  readonly reviewWaitDays: number;
}

/**
 * The timing of an order from this source as of a day, on the calendars of both ends. Before a shutdown the next chance
 * is far away, and what has to last until its goods are there is ordered ahead.
 */
export function orderTiming(
  asOf: string,
  item: SupplierItem,
  policy: Policy,
  receiving: Pick<CalendarTerms, 'receivingWeekdays' | 'receivingClosed'> = {},
): OrderTiming {
  const { reviewDays } = policy;
  const leadTime = {
    meanDays: item.leadTimeDays + policy.safetyLeadDays,
    deviationDays: item.leadTimeDeviationDays,
  };
  const whole = Math.ceil(leadTime.meanDays - 1e-9);
  const terms = { ...item.calendar, ...receiving };
  if (Object.keys(terms).length === 0)
    return {
      orderDay: asOf,
      expectedDate: addDays(asOf, whole),
      leadTime,
      reviewDays,
      waitDays: 0,
      reviewWaitDays: 0,
    };
  const calendar = supplyCalendar(terms);
  const interval = protectionInterval(asOf, leadTime.meanDays, reviewDays, calendar);
  const nextChance = nextOrderDate(addDays(asOf, 1), calendar);
  const nextArrival = arrivalDate(nextChance, leadTime.meanDays, calendar);
  return {
    orderDay: interval.orderDate,
    expectedDate: interval.arrivalDate,
    leadTime,
    reviewDays,
    waitDays: Math.max(0, daysBetween(asOf, nextArrival) - 1 - whole),
    reviewWaitDays: Math.max(0, interval.protectionDays - whole - reviewDays),
  };
}
