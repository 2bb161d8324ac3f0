import * as z from 'zod';
import { PolicyEvaluationOrder } from '../messages.ts';
import { PolicyKindName, PolicyTarget, SeriesClass } from '../policy.ts';
import { Day } from './page.ts';

/** POST /policies/evaluations: what is left out is the settings' service level, 60 series a class and three years. */
export const NewPolicyEvaluation = z.strictObject({
  service_level: PolicyEvaluationOrder.shape.serviceLevel.optional(),
  series_a_class: PolicyEvaluationOrder.shape.seriesAClass.default(60),
  weeks: PolicyEvaluationOrder.shape.weeks.default(156),
});

/** POST /policies/evaluations/{id}/apply: without classes, those whose verdict is `change`. */
export const ApplyPolicyEvaluation = z.strictObject({
  classes: z.array(SeriesClass).min(1).max(9).optional(),
});

const Plan = z.object({ kind: PolicyKindName, target: PolicyTarget });

/** What a policy came to in the replay, of the series of the sample together. */
const JudgedPolicy = Plan.extend({
  /** Whose expectations it was replayed with. Plans forecast in their own way: only the policy can be applied. */
  forecaster: z.string(),
  yearly_cost: z.number(),
  /** 95 % interval over series. */
  yearly_cost_low: z.number(),
  yearly_cost_high: z.number(),
  fill_rate: z.number(),
  cycle_service: z.number(),
  /** Units, and days of a year in which some demand was not served, summed over series. */
  average_stock: z.number(),
  stockout_days: z.number(),
  /** On the earlier periods that the choice was made on. */
  earlier_yearly_cost: z.number(),
});
export type JudgedPolicy = z.infer<typeof JudgedPolicy>;

/** One class as it is stored. */
export const ClassEvaluation = z.object({
  class: SeriesClass,
  /** `change`: cheaper beyond chance. `unclear`: not surely cheaper or dearer. `keep`: what stands is to stay. */
  verdict: z.enum(['change', 'unclear', 'keep', 'no-evidence']),
  /** In a sentence or three for a planner. */
  words: z.string(),
  /** Series of the class that follow its policy, and those that were replayed: of a sample, with supplier, cost and history. */
  series_in_class: z.int(),
  series: z.int(),
  /** Of the class: too young to be tried, or with too long a lead time. */
  too_young: z.int(),
  /** Of the sample, which is drawn from the others: without a supplier or a cost, and not replayed for want of time. */
  without_cost: z.int(),
  out_of_time: z.int(),
  /** What the class had when it was judged. */
  standing: Plan.extend({ review_days: z.int() }),
  now: JudgedPolicy.nullable(),
  best: JudgedPolicy.nullable(),
  /** Yearly cost of now less that of best. */
  saving: z.object({ mean: z.number(), low: z.number(), high: z.number() }).nullable(),
  reaches_service: z.boolean(),
  others: z.array(JudgedPolicy),
});
export type ClassEvaluation = z.infer<typeof ClassEvaluation>;

/** GET /policies/evaluations: one evaluation. */
export const PolicyEvaluationRow = z.object({
  evaluation_id: z.string(),
  status: z.enum(['running', 'done']),
  classes_done: z.int(),
  classes: z.literal(9),
  as_of: Day,
  service_level: z.number(),
  series_a_class: z.int(),
  weeks: z.int(),
  holding_rate: z.number(),
  requested_by: z.string(),
  created_at: z.string(),
  finished_at: z.string().nullable(),
});
export type PolicyEvaluationRow = z.infer<typeof PolicyEvaluationRow>;

/** GET /policies/evaluations/{id} */
export const PolicyEvaluation = PolicyEvaluationRow.extend({
  words: z.string(),
  results: z.array(
    ClassEvaluation.extend({ applied_by: z.string().nullable(), applied_at: z.string().nullable() }),
  ),
});
export type PolicyEvaluation = z.infer<typeof PolicyEvaluation>;

/** What applying an evaluation did. */
export const AppliedPolicies = z.object({
  evaluation_id: z.string(),
  /** Classes whose policy is another one now, and those that had it already. */
  changed: z.array(SeriesClass),
  unchanged: z.array(SeriesClass),
  words: z.string(),
});
export type AppliedPolicies = z.infer<typeof AppliedPolicies>;
