import * as z from 'zod';
import { MOST_SERVICE } from '../../contracts/policy.ts';
import type { Statements } from '../sql/database.ts';
import { readSettings } from './read-settings.ts';

/** The settings that a plan depends on, with their defaults. They are stored with the run. */
export const PlanSettings = z.object({
  /** Pretend that this is the last day whose demand is known; else the last day with demand. */
  as_of: z.iso.date().optional(),
  /** Share of replenishment cycles that should end without a stockout. */
  service_level: z.coerce.number().min(0.5).max(0.999).default(0.95),
  /** Days from one look at the stock to the next. */
  review_days: z.coerce.number().int().min(1).max(91).default(7),
  /** `by-class`: the policy of the ABC-XYZ class of a series; `uniform`: the two above for all. An item's own always wins. */
  policies: z.enum(['by-class', 'uniform']).default('by-class'),
  /** Cost of keeping a unit for a year, as a share of what it costs. */
  holding_rate: z.coerce.number().min(0.001).max(5).default(0.25),
  /** Days until goods from another location are there, and whether such transfers are suggested at all. */
  transfer_days: z.coerce.number().min(0).max(91).default(2),
  transfers: z.enum(['suggest', 'off']).default('suggest'),
  /** Start of every drawing of random numbers: the same seed makes the same plan. */
  seed: z.coerce.number().int().min(0).max(2_147_483_647).default(1),
  /** Country whose holidays the model of many series knows: `GB`, or a part of one, `US-CA`. Default: none. */
  holidays: z
    .string()
    .regex(/^[A-Z]{2}(-[A-Z0-9]{1,3})?$/, 'is no country such as GB, nor a part of one such as US-CA')
    .optional(),
});
export type PlanSettings = z.infer<typeof PlanSettings>;

/** As they may be now: runs of earlier days may have asked for more. */
const AskedSettings = PlanSettings.extend({
  service_level: PlanSettings.shape.service_level.refine((value) => value <= MOST_SERVICE, {
    message: `is above ${MOST_SERVICE}: simulated futures tell nothing of shortages as rare as that`,
  }),
});

/** The plan's settings; a value that makes no sense is a Fault `invalid` that names it. */
export const readPlanSettings = (db: Statements): Promise<PlanSettings> =>
  readSettings(db, AskedSettings, 'the plan');
