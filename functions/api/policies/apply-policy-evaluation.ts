import type {
  AppliedPolicies,
  ClassEvaluation,
  PolicyEvaluation,
} from '../../../shared/contracts/api/policy-evaluation.ts';
import { Fault } from '../../../shared/contracts/fault.ts';
import type { SeriesClass } from '../../../shared/contracts/policy.ts';
import { isSamePlan } from '../../../shared/core/replay/class-candidates.ts';
import { findEvaluation, noteApplied } from '../../../shared/data/policies/policy-evaluation-store.ts';
import { readClassPolicies } from '../../../shared/data/policies/policy-store.ts';
import type { Statements } from '../../../shared/data/sql/database.ts';
import { wordsOfPlan } from '../../train/words-of-class.ts';
import { found } from '../http/found.ts';
import { setClassPolicy } from './keep-policies.ts';

export interface ApplyAsked {
  readonly evaluationId: string;
  /** Undefined: those whose verdict is `change`. */
  readonly classes: readonly SeriesClass[] | undefined;
  readonly actor: string;
}

/**
 * Gives classes the policies that an evaluation found for them; review days stay. Asked for again it changes nothing.
 * Fault `conflict` while the evaluation runs, for a class without evidence or whose verdict is `keep`, and for one whose
 * policy is by now neither what was judged nor what was found.
 */
export async function applyPolicyEvaluation(
  tx: Statements,
  { evaluationId, classes, actor }: ApplyAsked,
): Promise<AppliedPolicies> {
  const evaluation = found(await findEvaluation(tx, evaluationId, true), 'policy evaluation', evaluationId);
  if (evaluation.status !== 'done')
    throw new Fault(
      'conflict',
      `Policy evaluation ${evaluationId} has judged ${evaluation.classes_done} of ${evaluation.classes} classes`,
    );
  const standing = await readClassPolicies(tx);
  const changed: SeriesClass[] = [];
  const unchanged: SeriesClass[] = [];
  const kept: SeriesClass[] = [];
  for (const result of asked(evaluation, classes)) {
    const { best, class: name } = result;
    if (!best) throw new Fault('conflict', `Class ${name} cannot be given a policy. ${result.words}`);
    const current = standing.get(name)!;
    if (isSamePlan(current, best)) {
      unchanged.push(name);
      continue;
    }
    if (!isSamePlan(current, result.standing))
      throw new Fault(
        'conflict',
        `Class ${name} has been changed to ${wordsOfPlan(current)} since it was judged: ask for a new evaluation`,
      );
    if (result.verdict === 'keep') {
      kept.push(name);
      continue;
    }
    const { kind, target } = best;
    await setClassPolicy(tx, name, { kind, target, review_days: current.reviewDays }, actor, whyOf(result));
    await noteApplied(tx, evaluationId, name, actor);
    changed.push(name);
  }
  if (kept.length > 0)
    throw new Fault(
      'conflict',
      `The verdict on ${kept.join(', ')} is keep: what was found for ${kept.length === 1 ? 'it' : 'them'} was surely dearer than what stands`,
    );
  const words =
    changed.length === 0
      ? 'Nothing to change.'
      : `From the next plan on ${changed.join(', ')} ${changed.length === 1 ? 'has' : 'have'} another policy. Forecasts are made as before.`;
  return { evaluation_id: evaluationId, changed, unchanged, words };
}

function asked(
  { results }: Pick<PolicyEvaluation, 'results'>,
  classes: readonly SeriesClass[] | undefined,
): ClassEvaluation[] {
  return results.filter((one) => (classes ? classes.includes(one.class) : one.verdict === 'change'));
}

/** Within the width of the column. */
function whyOf({ best, saving, series, standing, verdict }: ClassEvaluation): string {
  const { mean } = saving!;
  const less = `${Math.abs(mean).toFixed(2)} a year ${mean < 0 ? 'dearer' : 'cheaper'} than ${wordsOfPlan(standing)} over ${series} series`;
  const doubt = verdict === 'change' ? '' : ', not surely so';
  return `simulated: ${wordsOfPlan(best!)} is ${less}${doubt}`.slice(0, 255);
}
