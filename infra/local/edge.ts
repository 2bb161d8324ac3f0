import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answerLocal, type LocalRoutes } from './edge/local-routes.ts';
import { type ServiceName, serviceOf } from './edge/service-of.ts';
import { isLoopbackHost } from './http/loopback-host.ts';
import type { Closable, EdgeService } from './services.ts';

export interface EdgeOptions {
  /** 0 takes a free one. */
  readonly port: number;
  readonly services: Readonly<Record<ServiceName, EdgeService>>;
  /** Private routes under `/_local/`. */
  readonly local: LocalRoutes;
  /** Told about errors of the edge and its services; refusals are answers. */
  readonly report?: (error: unknown) => void;
}

export interface Edge extends Closable {
  readonly port: number;
  /** `http://127.0.0.1:PORT`, without a slash at the end. */
  readonly url: string;
}

const STOP_LIMIT_MS = 500;

/** Every AWS API of the local runtime on one port of 127.0.0.1. */
export async function startEdge(options: EdgeOptions): Promise<Edge> {
  const report = options.report ?? ((error: unknown) => console.error(error));
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const isLocal = request.url?.startsWith('/_local/') ?? false;
    const service = isLocal ? undefined : serviceOf(request);
    if (!isLoopbackHost(request.headers.host)) return refuse(request, response, 403, 'Forbidden');
    // Pages from elsewhere may use presigned addresses of S3, which carry their own proof, and nothing else.
    if (service !== 's3' && isCrossSite(request)) return refuse(request, response, 403, 'Forbidden');
    if (isLocal) return answerLocal(options.local, request, response);
    if (service === undefined)
      return refuse(request, response, 400, 'This AWS API is not served on this machine');
    await options.services[service].handle(request, response);
  };
  // Uploads of large objects may take long.
  const server = createServer({ keepAlive: true, requestTimeout: 0 }, (request, response) => {
    answer(request, response).catch((error: unknown) => {
      if (request.errored || response.destroyed) return;
      report(error);
      if (response.headersSent) response.destroy();
      else refuse(request, response, 500, 'Internal failure', 'InternalFailure');
    });
  });
  server.keepAliveTimeout = 65_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, '127.0.0.1', () => resolve());
  });
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeIdleConnections();
      const timer = setTimeout(() => server.closeAllConnections(), STOP_LIMIT_MS);
      await closed;
      clearTimeout(timer);
    },
  };
}

function isCrossSite(request: IncomingMessage): boolean {
  const { origin } = request.headers;
  if (origin !== undefined) return !URL.canParse(origin) || !isLoopbackHost(new URL(origin).host);
  return request.headers['sec-fetch-site'] === 'cross-site';
}

function refuse(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  message: string,
  type = 'AccessDeniedException',
): void {
  request.resume();
  response
    .writeHead(status, { 'content-type': 'application/json', 'x-amzn-errortype': type })
    .end(JSON.stringify({ __type: type, message }));
}
