import type { IncomingMessage } from 'node:http';
import * as z from 'zod';
import type { Functions } from '../services.ts';
import { invokeInTime } from './invoke-in-time.ts';
import type { GatewayLimits } from './limits.ts';
import { type ConnectionFacts, openingParts, webSocketEvent } from './web-socket-event.ts';

/** Either the connection may open, with the subprotocol that the function chose, or the status of the refusal. */
export type ConnectDecision =
  | { readonly ok: true; readonly protocol: string | undefined }
  | { readonly ok: false; readonly status: number; readonly message: string };

const ConnectAnswer = z.object({
  statusCode: z.coerce.number().int().min(100).max(599),
  headers: z.record(z.string(), z.unknown()).nullish(),
});

/** Asks the `$connect` function whether a connection may open. Without that route it may. */
export async function askConnect(
  facts: ConnectionFacts,
  request: IncomingMessage,
  functions: Pick<Functions, 'invoke'>,
  limits: GatewayLimits,
): Promise<ConnectDecision> {
  const route = facts.api.routes.find(({ routeKey }) => routeKey === '$connect');
  if (!route) return { ok: true, protocol: undefined };
  const event = { ...openingParts(request), ...webSocketEvent(facts, '$connect', 'CONNECT') };
  const result = await invokeInTime(functions, route.functionArn, event, limits.webSocketTimeoutMs);
  if (!result) return { ok: false, status: 504, message: 'Endpoint request timed out' };
  const answer = ConnectAnswer.safeParse(result.ok ? result.payload : undefined);
  if (!answer.success) return { ok: false, status: 502, message: 'Internal server error' };
  const { statusCode, headers } = answer.data;
  if (statusCode < 200 || statusCode > 299) return { ok: false, status: statusCode, message: 'Refused' };
  const protocol = Object.entries(headers ?? {}).find(
    ([name]) => name.toLowerCase() === 'sec-websocket-protocol',
  )?.[1];
  return { ok: true, protocol: protocol === undefined ? undefined : String(protocol) };
}
