import * as z from 'zod';
import { Explanation } from '../explanation.ts';
import { AskedTarget, DayRange, PolicyKindName, PolicyTarget, SeriesClass } from '../policy.ts';
import { unitsInput } from './inputs.ts';
import { Day, Money } from './page.ts';

const reason = z.string().trim().min(1).max(255);

/** The quantity that the person saw: 409 where it is another by now. */
const seenQuantity = unitsInput.optional();

/** POST /suggestions/{id}/dismiss, /reopen, /order: the reason may be left out. */
export const DecisionReason = z
  .object({ reason: reason.nullable().default(null), seen_quantity: seenQuantity })
  .default({ reason: null });
/** POST /suggestions/{id}/snooze */
export const SnoozeSuggestion = z.object({
  until: Day,
  reason: reason.nullable().default(null),
  seen_quantity: seenQuantity,
});
/** POST /suggestions/{id}/edit: another quantity, and why. */
export const EditSuggestion = z.object({
  quantity: unitsInput.refine((units) => units >= 1, 'must be 1 or more; to order nothing, dismiss it'),
  reason,
  seen_quantity: seenQuantity,
});

/** GET /suggestions/why: what is made of a series now, and why nothing is suggested where nothing is. */
export const WhySuggested = z.object({
  product_id: z.string(),
  location_id: z.string(),
  as_of: Day,
  run_id: z.string().nullable(),
  /** One word for it. */
  answer: z.enum([
    'suggested',
    'enough',
    'no_review_day',
    'transfer',
    'dismissed',
    'snoozed',
    /** Somebody made less of it and ordered that. */
    'ordered',
    'not_stocked',
    /** Wanted by the policy, but its stock is dead, or the supplier's minimum would last too long to pay. */
    'dead_stock',
    'not_worth',
    /** Wanted, but the supplier's minimum, packs and maximum leave no quantity to be ordered. */
    'not_sold',
    'no_supplier',
    'no_forecast',
    'not_planned',
  ]),
  /** The same in a sentence. */
  words: z.string(),
  /** The suggestion that stands for it, open or not. */
  suggestion_id: z.int().nullable(),
  /** The day on which the reorder point is reached by the mean forecast; null when never, or reached already. */
  next_order_by: Day.nullable(),
  explanation: Explanation.nullable(),
});
export type WhySuggested = z.infer<typeof WhySuggested>;

/** A policy as it is kept, and as people set it. */
const PolicyShown = z.object({
  kind: PolicyKindName,
  target: PolicyTarget,
  review_days: z.int().min(1).max(91),
});
export const PolicyInput = PolicyShown.extend({ target: AskedTarget });

/** GET /policies: one class. */
export const ClassPolicyRow = PolicyShown.extend({
  class: SeriesClass,
  /** Whether people have set it; otherwise it is what the product comes with, and why says for which reason. */
  is_set: z.boolean(),
  why: z.string(),
  /** Series in it by the newest plan, and their revenue of a year. */
  series: z.int(),
  yearly_value: Money,
});
export type ClassPolicyRow = z.infer<typeof ClassPolicyRow>;

/** PUT /policies/{product_id}/{location_id}: what is null or left out stays with the class. */
export const ItemPolicyInput = z
  .object({
    kind: PolicyKindName.nullable().default(null),
    target: AskedTarget.nullable().default(null),
    review_days: z.int().min(1).max(91).nullable().default(null),
    minimum: z.int().min(0).max(1_000_000_000).nullable().default(null),
    maximum: z.int().min(0).max(1_000_000_000).nullable().default(null),
    safety_lead_days: z.number().min(0).max(365).nullable().default(null),
    starts_on: Day.default('1000-01-01'),
    ends_on: Day.nullable().default(null),
    reason: reason.nullable().default(null),
  })
  .refine(({ minimum, maximum }) => minimum === null || maximum === null || minimum <= maximum, {
    message: 'is below the minimum',
    path: ['maximum'],
  })
  .refine(({ starts_on, ends_on }) => ends_on === null || starts_on <= ends_on, {
    message: 'is before starts_on',
    path: ['ends_on'],
  });

/** One override of an item: the one that began last holds. */
export const ItemPolicyRow = z.object({
  product_id: z.string(),
  location_id: z.string(),
  kind: PolicyKindName.nullable(),
  target: PolicyTarget.nullable(),
  review_days: z.int().nullable(),
  minimum: z.int().nullable(),
  maximum: z.int().nullable(),
  safety_lead_days: z.number().nullable(),
  starts_on: Day,
  ends_on: Day.nullable(),
  reason: z.string().nullable(),
});
export type ItemPolicyRow = z.infer<typeof ItemPolicyRow>;

/** GET /policies/{product_id}/{location_id}: what holds on the business day, and every override. */
export const ItemPolicyDetail = z.object({
  product_id: z.string(),
  location_id: z.string(),
  class: SeriesClass.nullable(),
  /** Since when it is in its class, and in which it was before. */
  class_since: Day.nullable(),
  class_before: SeriesClass.nullable(),
  effective: PolicyShown.extend({
    minimum: z.int().nullable(),
    maximum: z.int().nullable(),
    safety_lead_days: z.number(),
    source: z.string(),
  }),
  overrides: z.array(ItemPolicyRow),
});
export type ItemPolicyDetail = z.infer<typeof ItemPolicyDetail>;

const weekdays = z
  .array(z.int().min(1).max(7))
  .max(7)
  .transform((days) => [...new Set(days)].sort((a, b) => a - b));
const ranges = z.array(DayRange).max(200);

/** GET, PUT /suppliers/{id}/calendar: empty lists are every day. */
export const SupplierCalendar = z.strictObject({
  /** ISO weekdays, Monday 1, on which it takes orders. */
  order_weekdays: weekdays.default([]),
  /** When it neither takes orders nor works on them. */
  shutdowns: ranges.default([]),
});
export type SupplierCalendar = z.infer<typeof SupplierCalendar>;

/** GET, PUT /locations/{id}/receiving-calendar */
export const ReceivingCalendar = z.strictObject({
  weekdays: weekdays.default([]),
  closed: ranges.default([]),
});
export type ReceivingCalendar = z.infer<typeof ReceivingCalendar>;

/** GET /lead-times: one item of a supplier. */
export const LeadTimeRow = z.object({
  supplier_id: z.string(),
  product_id: z.string(),
  /** As the terms of supply say. */
  stated: z.object({ mean_days: z.number(), deviation_days: z.number() }),
  /** What plans use: as deliveries have shown; null while there are none. */
  learnt: z
    .object({
      mean_days: z.number(),
      deviation_days: z.number(),
      /** Deliveries of the supplier that it was learnt from, and open orders that are late already. */
      deliveries: z.int(),
      late_open: z.int(),
      /** The newest deliveries of the item itself: the order and its days. */
      evidence: z.array(z.object({ purchase_order_id: z.int(), received: Day, days: z.int() })),
      updated_at: z.string(),
    })
    .nullable(),
});
export type LeadTimeRow = z.infer<typeof LeadTimeRow>;
