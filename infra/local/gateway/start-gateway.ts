import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isLoopbackHost } from '../http/loopback-host.ts';
import type { Closable, EdgeService, Functions } from '../services.ts';
import type { HttpApiDefinition, WebSocketApiDefinition } from '../template/wiring.ts';
import type { TokenKeys } from './authorize.ts';
import { gatewayAnswer, type HttpAnswer } from './http-answer.ts';
import { answerHttpApi } from './http-api.ts';
import { GATEWAY_LIMITS, type GatewayLimits } from './limits.ts';
import { openWebSocketApis } from './web-socket-apis.ts';

export interface GatewayOptions {
  /** 0 takes a free one. */
  readonly port: number;
  readonly httpApi: HttpApiDefinition;
  readonly webSocketApis: readonly WebSocketApiDefinition[];
  readonly functions: Pick<Functions, 'invoke'>;
  readonly tokens: TokenKeys;
  readonly limits?: Partial<GatewayLimits>;
  /** Told about errors of the gateway itself; those of functions are answers. */
  readonly report?: (error: unknown) => void;
}

export interface Gateway extends Closable {
  readonly port: number;
  /** `http://127.0.0.1:PORT`, without a slash at the end. */
  readonly url: string;
  /** The @connections API, for the edge port; the gateway's own port serves it too. */
  readonly connections: EdgeService;
}

/** How much of a refused body is read and dropped, so that the sender sees the refusal and not a broken pipe. */
const MAX_DRAIN_BYTES = 64 * 1024 * 1024;

/** The HTTP API and the WebSocket APIs of the template on one port of 127.0.0.1. */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const { httpApi: api, functions, tokens } = options;
  const limits = { ...GATEWAY_LIMITS, ...options.limits };
  const report = options.report ?? ((error: unknown) => console.error(error));
  const sockets = openWebSocketApis({ apis: options.webSocketApis, functions, limits, report });

  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    if (!isLoopbackHost(request.headers.host)) return send(response, gatewayAnswer(403, 'Forbidden'));
    if (sockets.isConnectionsPath(request.url ?? '/')) return sockets.connections.handle(request, response);
    const result = await answerHttpApi({ api, functions, tokens, limits }, request);
    await drain(request);
    send(response, result);
  };

  const server = createServer({ keepAlive: true, maxHeaderSize: 32 * 1024, requestTimeout: 60_000 });
  server.on('request', (request, response) => {
    answer(request, response).catch((error: unknown) => {
      if (request.errored || response.destroyed) return;
      report(error);
      if (response.headersSent) response.destroy();
      else send(response, gatewayAnswer(500, 'Internal Server Error'));
    });
  });
  server.on('upgrade', (request, socket, head) => sockets.upgrade(request, socket, head));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(options.port, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;

  return {
    port,
    url: `http://127.0.0.1:${port}`,
    connections: sockets.connections,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeIdleConnections();
      const cut = setTimeout(() => server.closeAllConnections(), limits.closeGraceMs);
      await Promise.all([closed, sockets.close()]);
      clearTimeout(cut);
    },
  };
}

function send(response: ServerResponse, { status, headers, cookies, body }: HttpAnswer): void {
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  if (cookies.length > 0) response.setHeader('set-cookie', [...cookies]);
  if (status !== 204 && status !== 304) response.setHeader('content-length', body.length);
  response.writeHead(status).end(body);
}

async function drain(request: IncomingMessage): Promise<void> {
  let bytes = 0;
  if (request.readableEnded || Number(request.headers['content-length'] ?? 0) > MAX_DRAIN_BYTES) return;
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_DRAIN_BYTES) return;
  }
}
