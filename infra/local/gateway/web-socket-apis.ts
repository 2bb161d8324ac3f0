import { randomBytes } from 'node:crypto';
import { type IncomingMessage, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { isLoopbackHost } from '../http/loopback-host.ts';
import { splitTarget } from '../http/split-target.ts';
import type { Closable, EdgeService, Functions } from '../services.ts';
import type { WebSocketApiDefinition } from '../template/wiring.ts';
import { askConnect } from './ask-connect.ts';
import { type Connection, serveConnection } from './connection.ts';
import { connectionsService, parseConnectionsPath } from './connections-service.ts';
import type { GatewayLimits } from './limits.ts';
import { tellDisconnect } from './tell-disconnect.ts';
import type { ConnectionFacts } from './web-socket-event.ts';

export interface WebSocketApis extends Closable {
  readonly connections: EdgeService;
  isConnectionsPath(target: string): boolean;
  /** Answers an upgrade request: the `$connect` route decides, its status is the refusal. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
}

export interface WebSocketOptions {
  readonly apis: readonly WebSocketApiDefinition[];
  readonly functions: Pick<Functions, 'invoke'>;
  readonly limits: GatewayLimits;
  readonly report: (error: unknown) => void;
}

/** The WebSocket APIs of the template; the path of each is its stage: `/<stageName>`. */
export function openWebSocketApis({ apis, functions, limits, report }: WebSocketOptions): WebSocketApis {
  const open = new Map<string, Connection>();
  const opening = new Set<Duplex>();
  const protocols = new WeakMap<IncomingMessage, string>();
  const server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    maxPayload: limits.maxMessageBytes,
    handleProtocols: (_offered, request) => protocols.get(request) ?? false,
  });

  const accept = async (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const [path] = splitTarget(request.url ?? '/');
    const api = apis.find(({ stageName }) => path === `/${stageName}` || path === `/${stageName}/`);
    if (!isLoopbackHost(request.headers.host) || !api) return refuse(socket, 403, 'Forbidden');
    if (open.size + opening.size > limits.maxConnections) return refuse(socket, 429, 'Too Many Requests');
    const facts = factsOf(api, request);
    const decision = await askConnect(facts, request, functions, limits);
    if (!decision.ok) return refuse(socket, decision.status, decision.message);
    if (decision.protocol !== undefined) protocols.set(request, decision.protocol);
    let isOpen = false;
    server.handleUpgrade(request, socket, head, (accepted) => {
      isOpen = true;
      const connection = serveConnection(accepted, facts, functions, limits, report);
      open.set(facts.connectionId, connection);
      accepted.once('close', () => open.delete(facts.connectionId));
    });
    // The function counts a connection that never opened: tell it that it has ended.
    if (!isOpen) await tellDisconnect(facts, functions, limits, 1006, 'Never opened');
  };

  return {
    connections: connectionsService((stageName, id) => {
      const connection = open.get(id);
      return connection?.facts.api.stageName === stageName ? connection : undefined;
    }, limits),
    isConnectionsPath: (target) => {
      const asked = parseConnectionsPath(target);
      return asked !== undefined && apis.some(({ stageName }) => stageName === asked.stageName);
    },
    upgrade(request, socket, head) {
      // A client that goes away meanwhile is no error of ours.
      socket.on('error', () => {});
      opening.add(socket);
      accept(request, socket, head)
        .catch((error: unknown) => {
          report(error);
          refuse(socket, 500, 'Internal server error');
        })
        .finally(() => opening.delete(socket));
    },
    async close() {
      for (const socket of opening) socket.destroy();
      const connections = [...open.values()];
      for (const connection of connections) connection.end(1001, 'Going away');
      const grace = Promise.withResolvers<void>();
      const timer = setTimeout(grace.resolve, limits.closeGraceMs);
      await Promise.race([Promise.all(connections.map(({ gone }) => gone)), grace.promise]);
      clearTimeout(timer);
      for (const connection of connections) connection.cut();
    },
  };
}

function factsOf(api: WebSocketApiDefinition, request: IncomingMessage): ConnectionFacts {
  return {
    api,
    connectionId: `${randomBytes(11).toString('base64url')}=`,
    connectedAt: Date.now(),
    sourceIp: request.socket.remoteAddress ?? '127.0.0.1',
    userAgent: request.headers['user-agent'] ?? '',
    host: (request.headers.host ?? '').replace(/:\d+$/, ''),
  };
}

function refuse(socket: Duplex, status: number, message: string): void {
  const body = JSON.stringify({ message });
  socket.end(
    [
      `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Refused'}`,
      'connection: close',
      'content-type: application/json',
      `content-length: ${Buffer.byteLength(body)}`,
      '',
      body,
    ].join('\r\n'),
  );
}
