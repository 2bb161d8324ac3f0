import type * as z from 'zod';
import type { Queue } from '../../../shared/aws/queue.ts';
import type {
  NewPolicyEvaluation,
  PolicyEvaluation,
} from '../../../shared/contracts/api/policy-evaluation.ts';
import { Fault } from '../../../shared/contracts/fault.ts';
import type { PolicyEvaluationRequested } from '../../../shared/contracts/messages.ts';
import { readBusinessDay } from '../../../shared/data/planning/business-day.ts';
import { readPlanSettings } from '../../../shared/data/planning/setting-store.ts';
import { hasClasses } from '../../../shared/data/policies/class-sample-store.ts';
import {
  findEvaluation,
  forgetOldEvaluations,
  openEvaluation,
} from '../../../shared/data/policies/policy-evaluation-store.ts';
import type { Statements } from '../../../shared/data/sql/database.ts';
import { found } from '../http/found.ts';

export interface RequestEvaluationNeeds {
  readonly db: Statements;
  readonly trainQueue: Queue;
}

export interface EvaluationAsked {
  readonly evaluationId: string;
  readonly body: z.output<typeof NewPolicyEvaluation>;
  readonly requestedBy: string;
}

/** Asks for an evaluation of the policies of all classes as of the business day. Fault `conflict` where it could say nothing. */
export async function requestPolicyEvaluation(
  { db, trainQueue }: RequestEvaluationNeeds,
  { evaluationId, body, requestedBy }: EvaluationAsked,
): Promise<PolicyEvaluation> {
  const settings = await readPlanSettings(db);
  if (settings.policies === 'uniform')
    throw new Fault('conflict', 'The setting policies is "uniform": no series follows the policy of a class');
  const asOf = await readBusinessDay(db);
  if (asOf === undefined || !(await hasClasses(db)))
    throw new Fault('conflict', 'No series is in a class yet: a plan puts them there');
  const order = {
    asOf,
    serviceLevel: body.service_level ?? settings.service_level,
    seriesAClass: body.series_a_class,
    weeks: body.weeks,
    seed: settings.seed,
    holdingRate: settings.holding_rate,
  };
  await openEvaluation(db, { evaluationId, order, requestedBy });
  await forgetOldEvaluations(db);
  const message = { type: 'PolicyEvaluationRequested' as const, evaluationId, requestedBy, order };
  await trainQueue.send([message satisfies PolicyEvaluationRequested]);
  return policyEvaluation(db, evaluationId);
}

/** An evaluation with its progress in words. Fault `missing` for an unknown one. */
export async function policyEvaluation(db: Statements, evaluationId: string): Promise<PolicyEvaluation> {
  const evaluation = found(await findEvaluation(db, evaluationId), 'policy evaluation', evaluationId);
  const { status, classes_done, classes, results } = evaluation;
  const cheaper = results.filter(({ verdict }) => verdict === 'change').map((one) => one.class);
  const told = cheaper.length > 0 ? `a cheaper policy for ${cheaper.join(', ')}` : 'no surely cheaper policy';
  const words =
    status === 'running'
      ? `${classes_done} of ${classes} classes are judged; so far there is ${told}.`
      : `All classes are judged; there is ${told}. Nothing changes until somebody applies it.`;
  return { ...evaluation, words };
}
