import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { matchRoute, type RouteMatch } from '../http/match-route.ts';
import { BodyTooLarge, readBody } from '../http/read-body.ts';
import { splitTarget } from '../http/split-target.ts';
import type { Functions } from '../services.ts';
import type { HttpApiDefinition, HttpRoute } from '../template/wiring.ts';
import { authorize, type TokenKeys } from './authorize.ts';
import { corsHeaders, preflight } from './cors.ts';
import { gatewayAnswer, type HttpAnswer, httpAnswer } from './http-answer.ts';
import { type HttpEventFacts, httpEvent } from './http-event.ts';
import { invokeInTime } from './invoke-in-time.ts';
import type { GatewayLimits } from './limits.ts';

/** What an HTTP API needs to answer. */
export interface HttpApiNeeds {
  readonly api: HttpApiDefinition;
  readonly functions: Pick<Functions, 'invoke'>;
  readonly tokens: TokenKeys;
  readonly limits: GatewayLimits;
}

/** Answers one request as the HTTP API of the template would: its own refusals, or what the route's function says. */
export async function answerHttpApi(needs: HttpApiNeeds, request: IncomingMessage): Promise<HttpAnswer> {
  const { api, limits } = needs;
  const cors = preflight(api.cors, request.method, request.headers);
  if (cors) return { status: 204, headers: cors, cookies: [], body: Buffer.alloc(0) };
  const requestId = randomBytes(12).toString('base64url');
  const answer = await answerRoute(needs, request, requestId).catch((error: unknown) => {
    if (error instanceof BodyTooLarge) return gatewayAnswer(413, 'Request Entity Too Large');
    throw error;
  });
  if (answer.body.length > limits.maxBodyBytes) return gatewayAnswer(500, 'Internal Server Error');
  const added = { ...corsHeaders(api.cors, request.headers), 'apigw-requestid': requestId };
  return { ...answer, headers: { ...withoutCors(answer.headers, api), ...added } };
}

/** An API with CORS settings ignores the function's own CORS headers. */
function withoutCors(headers: HttpAnswer['headers'], { cors }: HttpApiDefinition): HttpAnswer['headers'] {
  if (!cors) return headers;
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !name.startsWith('access-control-')));
}

async function answerRoute(
  needs: HttpApiNeeds,
  request: IncomingMessage,
  requestId: string,
): Promise<HttpAnswer> {
  const { api, tokens, limits } = needs;
  if (headerBytes(request) > limits.maxHeaderBytes)
    return gatewayAnswer(431, 'Request Header Fields Too Large');
  const now = new Date();
  const match = routeOf(api, request);
  if (!match) return gatewayAnswer(404, 'Not Found');
  const { route, pathParameters } = match;
  const allowed = route.authorizer && authorize(request.headers.authorization, route.authorizer, tokens, now);
  if (allowed && !allowed.ok)
    return gatewayAnswer(allowed.status, allowed.status === 401 ? 'Unauthorized' : 'Forbidden', {
      'www-authenticate': allowed.challenge,
    });
  const { apiId, stageName: stage, stageVariables } = api;
  const authorizer = allowed && { claims: allowed.claims, scopes: allowed.scopes };
  const { routeKey } = route;
  const facts = { apiId, stage, stageVariables, routeKey, pathParameters, authorizer, requestId, now };
  return callFunction(needs, route, request, facts);
}

async function callFunction(
  { functions, limits }: HttpApiNeeds,
  route: HttpRoute,
  request: IncomingMessage,
  facts: HttpEventFacts,
): Promise<HttpAnswer> {
  const event = httpEvent(request, await readBody(request, limits.maxBodyBytes), facts);
  if (Buffer.byteLength(JSON.stringify(event)) > limits.maxEventBytes)
    return gatewayAnswer(413, 'Request Entity Too Large');
  const result = await invokeInTime(functions, route.functionArn, event, route.timeoutMs);
  if (!result) return gatewayAnswer(503, 'Service Unavailable');
  return result.ok ? httpAnswer(result.payload) : gatewayAnswer(500, 'Internal Server Error');
}

/** The route of a request; a stage other than `$default` is the first part of every path. */
function routeOf(api: HttpApiDefinition, request: IncomingMessage): RouteMatch<HttpRoute> | undefined {
  const [path] = splitTarget(request.url ?? '/');
  const prefix = api.stageName === '$default' ? '' : `/${api.stageName}`;
  if (path !== prefix && !path.startsWith(`${prefix}/`)) return undefined;
  return matchRoute(api.routes, request.method ?? 'GET', path.slice(prefix.length) || '/');
}

const headerBytes = ({ method, url, rawHeaders }: IncomingMessage) =>
  rawHeaders.reduce((bytes, text) => bytes + Buffer.byteLength(text), `${method} ${url}`.length);
