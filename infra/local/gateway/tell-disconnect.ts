import type { Functions } from '../services.ts';
import { invokeInTime } from './invoke-in-time.ts';
import type { GatewayLimits } from './limits.ts';
import { type ConnectionFacts, webSocketEvent } from './web-socket-event.ts';

/** Calls the `$disconnect` function, if there is one; whatever it answers, the connection has ended. */
export async function tellDisconnect(
  facts: ConnectionFacts,
  functions: Pick<Functions, 'invoke'>,
  limits: GatewayLimits,
  disconnectStatusCode: number,
  disconnectReason: string,
): Promise<void> {
  const route = facts.api.routes.find(({ routeKey }) => routeKey === '$disconnect');
  if (!route) return;
  const event = webSocketEvent(facts, '$disconnect', 'DISCONNECT', {
    disconnectStatusCode,
    disconnectReason,
  });
  await invokeInTime(functions, route.functionArn, event, limits.webSocketTimeoutMs);
}
