import type { IncomingMessage } from 'node:http';
import * as z from 'zod';
import type { Functions } from '../services.ts';
import { invokeInTime } from './invoke-in-time.ts';
import { type ConnectionFacts, openingParts, webSocketEvent } from './web-socket-event.ts';

const Policy = z.object({
  principalId: z.string(),
  policyDocument: z.object({
    Statement: z.array(z.object({ Effect: z.enum(['Allow', 'Deny']) })).min(1),
  }),
  context: z.record(z.string(), z.unknown()).optional(),
});

/** What a REQUEST authorizer decided: the caller's context, or the status by which the upgrade is refused. */
export type AuthorizerDecision =
  | { readonly ok: true; readonly context: Readonly<Record<string, unknown>> }
  | { readonly ok: false; readonly status: 401 | 403 | 500; readonly message: string };

/** Asks the `$connect` route's authorizer function. Throwing `Unauthorized` is a 401, a Deny a 403, the rest a 500. */
export async function askAuthorizer(
  functions: Pick<Functions, 'invoke'>,
  functionArn: string,
  facts: ConnectionFacts,
  request: IncomingMessage,
  timeoutMs: number,
): Promise<AuthorizerDecision> {
  const [, , , region, account] = functionArn.split(':');
  const { apiId, stageName } = facts.api;
  const event = {
    type: 'REQUEST',
    methodArn: `arn:aws:execute-api:${region}:${account}:${apiId}/${stageName}/$connect`,
    ...openingParts(request),
    ...webSocketEvent(facts, '$connect', 'CONNECT'),
  };
  const result = await invokeInTime(functions, functionArn, event, timeoutMs);
  if (result && !result.ok && result.errorMessage === 'Unauthorized')
    return { ok: false, status: 401, message: 'Unauthorized' };
  const policy = Policy.safeParse(result?.ok ? result.payload : undefined);
  if (!policy.success) return { ok: false, status: 500, message: 'Internal server error' };
  const { principalId, policyDocument, context } = policy.data;
  if (policyDocument.Statement.some((statement) => statement.Effect === 'Deny'))
    return {
      ok: false,
      status: 403,
      message: 'User is not authorized to access this resource with an explicit deny',
    };
  return { ok: true, context: { ...context, principalId } };
}
