import type { Policy } from '../../shared/contracts/policy.ts';
import { addDays, daysBetween } from '../../shared/core/calendar/add-days.ts';
import type { LeadTime } from '../../shared/core/inventory/lead-time-demand.ts';
import {
  arrivalDate,
  type CalendarTerms,
  nextOrderDate,
  orderByDate,
  type SupplyCalendar,
  supplyCalendar,
} from '../../shared/core/inventory/policies/supply-calendar.ts';
import type { SupplierItem } from '../../shared/data/purchasing/supplier-item-store.ts';

/** When an order can be placed and comes, and for how long stock must last. */
export interface OrderTiming {
  /** The first day on which people can act on the plan and the source takes an order. */
  readonly orderDay: string;
  /** When an order of that day should be on the shelf. */
  readonly expectedDate: string;
  /** From placing an order to having it, the days for safety included. */
  readonly leadTime: LeadTime;
  readonly reviewDays: number;
  /** Days of demand beyond the lead time until the goods of `orderDay` are there, */
  readonly waitDays: number;
  /** until those of the next chance are there: a day later, where one may order every day, */
  readonly lookDays: number;
  /** and until those of the next review are there. */
  readonly protectionDays: number;
  readonly calendar: SupplyCalendar;
}

export interface TimingOptions {
  /** The last day whose demand is known. */
  readonly asOf: string;
  /** The first day on which people can act on the plan. */
  readonly actionDay: string;
  readonly receiving?: Pick<CalendarTerms, 'receivingWeekdays' | 'receivingClosed'> | undefined;
}

/**
 * The timing of an order from this source, on the calendars of both ends. Demand begins the day after `asOf`, orders are
 * placed from the morning of the action day on, and the evening before is the same. Before a shutdown the next chance is
 * far away, and what has to last until its goods are there is ordered ahead.
 */
export function orderTiming(
  { asOf, actionDay, receiving = {} }: TimingOptions,
  item: SupplierItem,
  policy: Policy,
): OrderTiming {
  const leadTime = {
    meanDays: item.leadTimeDays + policy.safetyLeadDays,
    deviationDays: item.leadTimeDeviationDays,
  };
  const whole = Math.ceil(leadTime.meanDays - 1e-9);
  const calendar = supplyCalendar({ ...item.calendar, ...receiving });
  const arrival = (day: string): string => arrivalDate(day, leadTime.meanDays, calendar);
  const orderDay = nextOrderDate(actionDay, calendar);
  const tomorrow = addDays(asOf, 1);
  const morning = orderDay > tomorrow ? orderDay : tomorrow;
  // what comes in the morning serves the day
  const beyondLead = (day: string): number => Math.max(0, daysBetween(tomorrow, arrival(day)) - whole);
  const waitDays = beyondLead(orderDay);
  const lookDays = beyondLead(nextOrderDate(addDays(morning, 1), calendar));
  const review = nextOrderDate(addDays(morning, policy.reviewDays), calendar);
  return {
    orderDay,
    expectedDate: arrival(orderDay),
    leadTime,
    reviewDays: policy.reviewDays,
    waitDays,
    lookDays: Math.max(waitDays, lookDays),
    protectionDays: Math.max(waitDays, lookDays, beyondLead(review)),
    calendar,
  };
}

/** The last day, never before `orderDay`, whose order is there by the day on which it is needed. */
export function lastOrderDay(needDate: string, { orderDay, leadTime, calendar }: OrderTiming): string {
  const last = orderByDate(needDate, leadTime.meanDays, calendar);
  return last !== null && last > orderDay ? last : orderDay;
}
