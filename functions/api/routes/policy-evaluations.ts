import * as z from 'zod';
import { pageQuery } from '../../../shared/contracts/api/inputs.ts';
import { pageOf } from '../../../shared/contracts/api/page.ts';
import {
  AppliedPolicies,
  ApplyPolicyEvaluation,
  NewPolicyEvaluation,
  PolicyEvaluation,
  PolicyEvaluationRow,
} from '../../../shared/contracts/api/policy-evaluation.ts';
import { listEvaluations } from '../../../shared/data/policies/policy-evaluation-store.ts';
import { messageKey } from '../http/message-key.ts';
import { READERS } from '../http/roles.ts';
import { route } from '../http/route.ts';
import { applyPolicyEvaluation } from '../policies/apply-policy-evaluation.ts';
import { policyEvaluation, requestPolicyEvaluation } from '../policies/request-policy-evaluation.ts';

const byId = z.object({ id: z.string().max(64) });

export const policyEvaluationRoutes = [
  route({
    method: 'POST',
    path: '/policies/evaluations',
    summary:
      'Replay the past of a sample of each class through policies and say which would have been cheapest; goes on in the background and changes nothing',
    roles: ['planner'],
    body: NewPolicyEvaluation,
    answer: PolicyEvaluation,
    status: 202,
    effect: 'creates',
    run: ({ trainQueue }, { db, body, user, askingKey }) =>
      requestPolicyEvaluation(
        { db, trainQueue },
        { evaluationId: messageKey(askingKey), body, requestedBy: user.username },
      ),
  }),
  route({
    method: 'GET',
    path: '/policies/evaluations',
    summary: 'Evaluations of policies, newest first',
    roles: READERS,
    query: z.object(pageQuery(50)),
    answer: pageOf(PolicyEvaluationRow),
    run: (_, { db, query }) => listEvaluations(db, query),
  }),
  route({
    method: 'GET',
    path: '/policies/evaluations/{id}',
    summary: 'What policies would have cost, class by class, beside what stands',
    roles: READERS,
    params: byId,
    answer: PolicyEvaluation,
    run: (_, { db, params: { id } }) => policyEvaluation(db, id),
  }),
  route({
    method: 'POST',
    path: '/policies/evaluations/{id}/apply',
    summary:
      'Give classes the policies that were found for them, from the next plan on; without classes those that are surely cheaper',
    roles: ['planner'],
    params: byId,
    body: ApplyPolicyEvaluation,
    answer: AppliedPolicies,
    run: (_, { db, params: { id }, body, user }) =>
      applyPolicyEvaluation(db, { evaluationId: id, classes: body.classes, actor: user.username }),
  }),
];
