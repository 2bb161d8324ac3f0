import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { splitTarget } from '../http/split-target.ts';
import type { WebSocketApiDefinition } from '../template/wiring.ts';
import { logTime } from './http-event.ts';

/** What every event of one connection repeats. */
export interface ConnectionFacts {
  readonly connectionId: string;
  readonly api: WebSocketApiDefinition;
  readonly connectedAt: number;
  readonly sourceIp: string;
  readonly userAgent: string;
  readonly host: string;
}

export type WebSocketEventType = 'CONNECT' | 'MESSAGE' | 'DISCONNECT';

/** The event by which a WebSocket API calls a function; `more` joins the request context. */
export function webSocketEvent(
  facts: ConnectionFacts,
  routeKey: string,
  eventType: WebSocketEventType,
  more: Readonly<Record<string, unknown>> = {},
) {
  const now = new Date();
  const requestId = randomBytes(12).toString('base64url');
  return {
    requestContext: {
      routeKey,
      eventType,
      extendedRequestId: requestId,
      requestTime: logTime(now),
      messageDirection: 'IN',
      stage: facts.api.stageName,
      connectedAt: facts.connectedAt,
      requestTimeEpoch: now.getTime(),
      identity: { sourceIp: facts.sourceIp, userAgent: facts.userAgent },
      requestId,
      domainName: facts.host,
      connectionId: facts.connectionId,
      apiId: facts.api.apiId,
      ...more,
    },
    ...(Object.keys(facts.api.stageVariables).length > 0 && { stageVariables: facts.api.stageVariables }),
    isBase64Encoded: false,
  };
}

/** Headers and query of the opening request, each once with the last value and once with all. */
export function openingParts(request: IncomingMessage) {
  const headers = new Map<string, string[]>();
  for (let i = 0; i < request.rawHeaders.length; i += 2) {
    const name = request.rawHeaders[i]!;
    headers.set(name, [...(headers.get(name) ?? []), request.rawHeaders[i + 1]!]);
  }
  const query = new Map<string, string[]>();
  for (const [name, value] of new URLSearchParams(splitTarget(request.url ?? '/')[1]))
    query.set(name, [...(query.get(name) ?? []), value]);
  return {
    headers: lastOf(headers),
    multiValueHeaders: Object.fromEntries(headers),
    ...(query.size > 0 && {
      queryStringParameters: lastOf(query),
      multiValueQueryStringParameters: Object.fromEntries(query),
    }),
  };
}

const lastOf = (values: ReadonlyMap<string, readonly string[]>) =>
  Object.fromEntries([...values].map(([name, all]) => [name, all.at(-1)!]));
