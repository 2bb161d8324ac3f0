import type { IncomingMessage, ServerResponse } from 'node:http';
import { FAULT_STATUS, Fault } from '../../../shared/contracts/fault.ts';
import { answerJson } from '../http/answer-json.ts';
import { matchRoute } from '../http/match-route.ts';

export interface LocalRequest {
  /** Decoded values of the `{...}` parts of the route. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
}

/** Answers a private route with a JSON document; a `Fault` becomes its status with the message as text. */
export type LocalRoute = (request: LocalRequest) => unknown;

/** Private routes by key, such as `POST /_local/schedules/{name}/fire`. */
export type LocalRoutes = Readonly<Record<string, LocalRoute>>;

/** Answers a request under `/_local`. */
export async function answerLocal(
  routes: LocalRoutes,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://localhost');
  const keys = Object.keys(routes).map((routeKey) => ({ routeKey }));
  const match = matchRoute(keys, request.method ?? 'GET', url.pathname);
  try {
    if (!match) throw new Fault('missing', `no ${request.method} ${url.pathname} here`);
    const document = await routes[match.route.routeKey]!({
      parameters: match.pathParameters,
      query: url.searchParams,
    });
    answerJson(response, 200, document ?? null);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    response.writeHead(FAULT_STATUS[error.kind], { 'content-type': 'text/plain' }).end(error.message);
  }
}
