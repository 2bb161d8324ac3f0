import type { Policy } from '../../shared/contracts/policy.ts';
import { addDays, daysBetween } from '../../shared/core/calendar/add-days.ts';
import { drawFutures } from '../../shared/core/forecast/draw-futures.ts';
import type { Futures } from '../../shared/core/forecast/futures.ts';
import { initialStockRule } from '../../shared/core/inventory/initial-stock-rule.ts';
import { type ProtectionDemand, protectionDemand } from '../../shared/core/inventory/lead-time-demand.ts';
import { economicOrder, fitPolicyToSorted } from '../../shared/core/inventory/policies/fit-policy.ts';
import { limitedRule } from '../../shared/core/inventory/policies/limited-rule.ts';
import { meanUndershoot } from '../../shared/core/inventory/policies/look-levels.ts';
import {
  orderOf,
  orderUpToOf,
  type PolicyRule,
  reorderPointOf,
} from '../../shared/core/inventory/policies/policy-rule.ts';
import { MOST_COVER_DAYS } from '../../shared/core/inventory/policies/round-order.ts';
import {
  levelByCycleService,
  sampleLoss,
  sampleMean,
} from '../../shared/core/inventory/policies/sample-levels.ts';
import type { CalendarTerms } from '../../shared/core/inventory/policies/supply-calendar.ts';
import { seedOf } from '../../shared/core/math/random.ts';
import type { FittedSeries } from '../../shared/data/forecasts/forecast-store.ts';
import { seriesName } from '../../shared/data/forecasts/series-store.ts';
import type { InventoryPosition } from '../../shared/data/ledger/position-store.ts';
import type { PlanSettings } from '../../shared/data/planning/setting-store.ts';
import type { SupplierItem } from '../../shared/data/purchasing/supplier-item-store.ts';
import type { Supply } from '../../shared/data/purchasing/supply-store.ts';
import { marginOf } from './margin-of.ts';
import { lastOrderDay, type OrderTiming, orderTiming } from './order-timing.ts';

export interface SeriesInput {
  readonly series: FittedSeries;
  readonly position: InventoryPosition;
  /** What is to come, and when. Adds up to `position.onOrder`. */
  readonly supply: readonly Supply[];
  /** Units that will not be sold before they expire. */
  readonly expiring: number;
  readonly policy: Policy;
  readonly className: string | undefined;
  /** Price of a unit; null where the catalogue has none. */
  readonly price: number | null;
  /** That of the catalogue's prices. */
  readonly currency: string;
  /** When the location takes goods in; without it, every day. */
  readonly receiving?: Pick<CalendarTerms, 'receivingWeekdays' | 'receivingClosed'> | undefined;
  /** Whether something is suggested already: a rule with reviews keeps it up to date between them. */
  readonly isStanding: boolean;
  readonly settings: PlanSettings;
  /** The last day whose demand is known. */
  readonly asOf: string;
  /** The first day on which people can act on the plan; without it, the day after `asOf`. */
  readonly actionDay?: string | undefined;
  /** The `asOf` of the last plan of an earlier day that was done; without one, every review is due. */
  readonly reviewedTo?: string | undefined;
}

/** What happens before goods come that are ordered now. */
export interface RiskBefore {
  /** Supply that comes by their day. */
  readonly inTime: number;
  readonly stockoutProbability: number;
  /** Of the expected shortage, units that are missed before their day. */
  readonly shortageBefore: number;
}

/** What a series needs if it is replenished from this source, before any rounding. */
export interface Assessment extends RiskBefore {
  readonly position: number;
  readonly timing: OrderTiming;
  readonly rule: PolicyRule;
  /** What the rule would be without the limits that a person set. */
  readonly fitted: PolicyRule;
  /** Null: only what is promised is ordered. */
  readonly reorderPoint: number | null;
  readonly orderUpTo: number;
  /** Units that the highest level that a person set is above it; infinite without one. */
  readonly headroom: number;
  /** Units that an order is cut to where the economic one would last too long; null where it would not. */
  readonly mostOrder: number | null;
  readonly safetyStock: number | null;
  readonly isReviewDay: boolean;
  /** Units that the rule wants now. */
  readonly wanted: number;
  readonly paths: number;
  /** Mean demand until the goods of this chance to order are there, of the next one, and of the next review. */
  readonly leadMean: number;
  readonly lookMean: number;
  readonly protectionMean: number;
  /** Mean units that the position is below the reorder point when a look finds that it is reached. */
  readonly undershootMean: () => number;
  readonly dailyDemand: number;
  /** Supply by the end of the protection interval. */
  readonly inProtection: number;
  /** Units of demand by the end of the protection interval that nothing covers, on average. */
  readonly expectedShortage: number;
  /** The risk of the days before goods of a day can serve demand. */
  readonly riskBefore: (day: string) => RiskBefore;
  /** By the mean forecast, on stock and supply by their days; null beyond two years. */
  readonly stockoutDate: () => string | null;
  /** The last day on which an order still comes before that, the first chance where there is none. */
  readonly orderBy: () => string;
  /** Demand over the protection interval, ascending. */
  readonly protection: Float64Array;
  /** Whole units that demand before goods of a day stays within, with the probability that is asked for. */
  readonly askedUntil: (day: string) => number;
}

/** Reviews are counted from a Monday, so that weekly ones fall on Mondays. */
const FIRST_REVIEW = '1970-01-05';
/** Days that are walked to find the day on which stock is used up. */
const MOST_DAYS = 730;
const YEAR_DAYS = 365;

/** What the policy of a series makes of its forecast, its stock and the terms of one source. Pure. */
export function assessSeries(input: SeriesInput, item: SupplierItem): Assessment {
  const { series, position: state, policy, settings, asOf } = input;
  const timing = orderTiming(
    { asOf, actionDay: actionDayOf(input), receiving: input.receiving },
    item,
    policy,
  );
  const { leadTime, waitDays, lookDays, protectionDays } = timing;
  const futures = drawFutures(series, {
    days: leadTime.meanDays + 4 * leadTime.deviationDays + protectionDays,
    seed: seedOf(settings.seed, seriesName(series)),
  });
  const demand = protectionDemand(futures, {
    leadTime,
    waitDays,
    lookDays,
    reviewDays: protectionDays,
    periodDays: series.periodDays,
  });
  const { lead, look, protection, betweenLooks, betweenReviews } = demand;
  const [leadMean, lookMean, protectionMean] = [lead, look, protection].map(sampleMean) as [
    number,
    number,
    number,
  ];
  const days = leadTime.meanDays + protectionDays;
  const dailyDemand = Math.max(0, protectionMean) / days;
  const initialStock = initialStockOf(series);
  const cost = costOf(input, item);
  const mostOrder = MOST_COVER_DAYS * dailyDemand;
  const fitted =
    initialStock !== null
      ? initialStockRule(policy.kind, initialStock)
      : fitPolicyToSorted(policy.kind, {
          leadTimeDemand: lead,
          lookDemand: look,
          protectionDemand: protection,
          betweenLooks,
          betweenReviews,
          meanDemandAPeriod: dailyDemand,
          mostOrder,
          cost,
          target: policy.target,
        });
  const rule = limitedRule(fitted, policy, protectionMean - lookMean);
  const position = state.onHand + state.onOrder - state.committed - input.expiring;
  const isReviewDay =
    input.isStanding || !isReviewed(rule) || isReviewDue(input.reviewedTo, asOf, policy.reviewDays);
  const reorderPoint = reorderPointOf(rule);
  const free = state.onHand - state.committed - input.expiring;
  let day: string | null | undefined;
  // asked for five times where something is suggested, and never where nothing is
  const runsOut = (): string | null => {
    if (day === undefined) day = stockoutDate(input, meanOf(futures), free, item);
    return day;
  };
  // by cost nothing is asked for but what the rule gives
  const service = (): number =>
    policy.target.kind === 'cost'
      ? 1 - shareAbove(isReviewed(rule) ? protection : look, reorderPoint ?? 0)
      : policy.target.value;
  const risks = new Map<string, RiskBefore>();
  const riskOf = (day: string, demand: Float64Array): RiskBefore => {
    const inTime = supplyBy(input, day, item);
    return {
      inTime,
      stockoutProbability: shareAbove(demand, free + inTime),
      shortageBefore: sampleLoss(demand, free + inTime),
    };
  };
  const inProtection = supplyBy(input, addDays(asOf, Math.ceil(days)), item);
  return {
    position,
    timing,
    rule,
    fitted,
    reorderPoint,
    orderUpTo: orderUpToOf(rule),
    headroom: Math.max(0, (policy.maximum ?? Number.POSITIVE_INFINITY) - orderUpToOf(rule)),
    mostOrder: mostOrder < economicOrder(cost, dailyDemand) ? mostOrder : null,
    safetyStock: reorderPoint === null ? null : reorderPoint - leadMean,
    isReviewDay,
    wanted: orderOf(rule, position, isReviewDay),
    paths: futures.count,
    leadMean,
    lookMean,
    protectionMean,
    undershootMean: () => undershootOf(rule, demand),
    dailyDemand,
    ...riskOf(timing.expectedDate, lead),
    inProtection,
    expectedShortage: sampleLoss(protection, free + inProtection),
    // several transfers for one need come on one day
    riskBefore(day) {
      const known = risks.get(day) ?? riskOf(day, demandBefore(input, futures, day));
      risks.set(day, known);
      return known;
    },
    stockoutDate: runsOut,
    orderBy: () => lastOrderDay(runsOut() ?? asOf, timing),
    protection,
    askedUntil: (day) =>
      reorderPoint === null ? 0 : levelByCycleService(demandBefore(input, futures, day), service()),
  };
}

/** Units of demand that are served if an order is placed now, and not without one. */
export const avertableUnits = ({ expectedShortage, shortageBefore }: Assessment): number =>
  Math.max(0, expectedShortage - shortageBefore);

/** The first day on which people can act on what is made of the series. */
export const actionDayOf = ({ actionDay, asOf }: SeriesInput): string => actionDay ?? addDays(asOf, 1);

/** Units that a product began with of which nothing else is known; null where its forecast says more. */
export const initialStockOf = ({ lowConfidence }: SeriesInput['series']): number | null =>
  lowConfidence?.basis === 'initial-stock' ? (lowConfidence.initial_stock ?? 0) : null;

function costOf(input: SeriesInput, item: SupplierItem) {
  const unitCost = Number(item.unitCost);
  const holding = (input.settings.holding_rate * unitCost) / YEAR_DAYS;
  return {
    order: Number(item.orderCost),
    // goods that cost nothing cost next to nothing to keep
    holdingAPeriodUnit: Math.max(holding, 1e-6),
    shortageUnit: marginOf(input, item, unitCost),
  };
}

/** Rules that look on reviews only. */
export const isReviewed = ({ kind }: PolicyRule): boolean => kind.startsWith('R-') || kind === 'newsvendor';

/** Whether a review falls between the day after which the last plan was acted on and that of this one, a missed night or not. */
function isReviewDue(reviewedTo: string | undefined, asOf: string, reviewDays: number): boolean {
  if (reviewedTo === undefined) return true;
  const reviews = (day: string): number => Math.floor((daysBetween(FIRST_REVIEW, day) + 1) / reviewDays);
  return reviews(asOf) > reviews(reviewedTo);
}

function undershootOf(rule: PolicyRule, { betweenLooks, betweenReviews }: ProtectionDemand): number {
  switch (rule.kind) {
    case 's-S':
    case 's-Q':
    case 'min-max':
      return meanUndershoot(betweenLooks);
    case 'R-s-S':
      return meanUndershoot(betweenReviews);
    default:
      return 0;
  }
}

/** Supply that is expected by a day. What is late already has no day, and does not count; what has no day comes in a lead time. */
export function supplyBy(input: SeriesInput, day: string, item: SupplierItem): number {
  let units = 0;
  for (const one of input.supply) {
    const when = arrivalOf(one, input, item);
    if (when >= input.asOf && when <= day) units += one.quantity;
  }
  return units;
}

/** When supply should be there, as somebody said, else as such supply usually takes. */
export function arrivalOf(
  { from, expected }: Supply,
  { asOf, settings }: SeriesInput,
  item: SupplierItem,
): string {
  return (
    expected ?? addDays(asOf, Math.ceil(from === 'transfer' ? settings.transfer_days : item.leadTimeDays))
  );
}

/** Demand of the days before goods of a day can serve it, ascending. */
function demandBefore(input: SeriesInput, futures: Futures, day: string): Float64Array {
  const meanDays = Math.max(0, daysBetween(addDays(input.asOf, 1), day));
  const { periodDays } = input.series;
  const leadTime = { meanDays, deviationDays: 0 };
  return protectionDemand(futures, { leadTime, lookDays: 0, reviewDays: 0, periodDays }).lead;
}

/** Mean demand of each period. */
function meanOf({ count, periods, values }: Futures): Float64Array {
  return Float64Array.from({ length: periods }, (_, h) =>
    Math.max(0, sampleMean(values.subarray(h * count, (h + 1) * count))),
  );
}

function stockoutDate(
  input: SeriesInput,
  mean: Float64Array,
  free: number,
  item: SupplierItem,
): string | null {
  const { series, supply, asOf } = input;
  const later = sampleMean(mean);
  if (!(later > 0)) return free < 0 ? asOf : null;
  const arrivals = new Map<number, number>();
  for (const one of supply) {
    const when = arrivalOf(one, input, item);
    // late supply may come any day: it is no reason to feel safe
    if (when < asOf) continue;
    const day = daysBetween(asOf, when);
    arrivals.set(day, (arrivals.get(day) ?? 0) + one.quantity);
  }
  let left = free;
  for (let day = 0; day <= MOST_DAYS; day++) {
    left += arrivals.get(day) ?? 0;
    // a unit is used up when less than one thousandth of it is left
    if (left <= 1e-3) return addDays(asOf, day);
    left -= (mean[Math.floor(day / series.periodDays)] ?? later) / series.periodDays;
  }
  return null;
}

function shareAbove(sorted: Float64Array, limit: number): number {
  let above = 0;
  for (let i = sorted.length - 1; i >= 0 && sorted[i]! > limit; i--) above++;
  return above / sorted.length;
}
