import type { WebSocket } from 'ws';
import type { Functions } from '../services.ts';
import { invokeInTime } from './invoke-in-time.ts';
import type { GatewayLimits } from './limits.ts';
import { selectRoute } from './select-route.ts';
import { tellDisconnect } from './tell-disconnect.ts';
import { type ConnectionFacts, webSocketEvent } from './web-socket-event.ts';

/** An open connection, as the @connections API sees it. */
export interface Connection {
  readonly facts: ConnectionFacts;
  lastActiveAt(): number;
  /** Resolves when the bytes are handed to the system. */
  send(data: Buffer): Promise<void>;
  end(code: number, reason: string): void;
  /** Ends without the other side's consent. */
  cut(): void;
  /** Resolves when the `$disconnect` function has answered. */
  readonly gone: Promise<void>;
}

const GOING_AWAY = 1001;

/** Serves one accepted socket: messages to their routes, idle and life limits, `$disconnect` at the end. */
export function serveConnection(
  socket: WebSocket,
  facts: ConnectionFacts,
  functions: Pick<Functions, 'invoke'>,
  limits: GatewayLimits,
  report: (error: unknown) => void,
): Connection {
  let lastActiveAt = Date.now();
  let inFlight = 0;
  const idle = setTimeout(() => socket.close(GOING_AWAY, 'Going away'), limits.webSocketIdleMs);
  const life = setTimeout(() => socket.close(GOING_AWAY, 'Going away'), limits.webSocketLifeMs);
  const touch = () => {
    lastActiveAt = Date.now();
    idle.refresh();
  };

  const waiting: (() => Promise<void>)[] = [];
  const work = () => {
    while (inFlight < limits.maxMessagesInFlight && waiting.length > 0) {
      inFlight += 1;
      waiting.shift()!()
        .catch(report)
        .finally(() => {
          inFlight -= 1;
          work();
        });
    }
    // What one packet brought is read already; nothing more comes while some of it waits.
    if (waiting.length > 0) socket.pause();
    else socket.resume();
  };
  socket.on('message', (data: Buffer, isBinary) => {
    touch();
    waiting.push(async () => {
      const answer = await answerMessage(facts, functions, limits, data, isBinary);
      if (answer !== undefined) socket.send(answer);
    });
    work();
  });
  // Protocol errors end in `close`; without a listener they would end the process.
  socket.on('error', () => {});
  const gone = new Promise<void>((resolve) => {
    socket.once('close', (code, reason) => {
      clearTimeout(idle);
      clearTimeout(life);
      tellDisconnect(facts, functions, limits, code, String(reason)).catch(report).finally(resolve);
    });
  });

  return {
    facts,
    gone,
    lastActiveAt: () => lastActiveAt,
    send(data) {
      touch();
      return new Promise((resolve, reject) =>
        socket.send(data, { binary: false }, (error) => (error ? reject(error) : resolve())),
      );
    },
    end: (code, reason) => socket.close(code, reason),
    cut: () => socket.terminate(),
  };
}

/** What goes back over the socket, if anything: the function's own answer where the route has one, or a refusal. */
async function answerMessage(
  facts: ConnectionFacts,
  functions: Pick<Functions, 'invoke'>,
  limits: GatewayLimits,
  data: Buffer,
  isBinary: boolean,
): Promise<string | undefined> {
  const { connectionId } = facts;
  const text = data.toString();
  const route = selectRoute(facts.api, text);
  const event = webSocketEvent(facts, route?.routeKey ?? '$default', 'MESSAGE', { messageId: connectionId });
  const { requestId } = event.requestContext;
  if (!route) return JSON.stringify({ message: 'Forbidden', connectionId, requestId });
  const body = isBinary ? data.toString('base64') : text;
  const call = { ...event, body, isBase64Encoded: isBinary };
  const result = await invokeInTime(functions, route.functionArn, call, limits.webSocketTimeoutMs);
  const failure = (message: string) => JSON.stringify({ message, connectionId, requestId });
  if (!result) return failure('Endpoint request timed out');
  if (!result.ok) return failure('Internal server error');
  const answer = result.payload as { body?: unknown } | null;
  return route.answers && typeof answer?.body === 'string' ? answer.body : undefined;
}
