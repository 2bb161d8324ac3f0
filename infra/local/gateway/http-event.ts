import type { IncomingMessage } from 'node:http';
import { ACCOUNT } from '../account.ts';
import { decode } from '../http/match-route.ts';
import { splitTarget } from '../http/split-target.ts';

/** What the gateway knows of a request besides its bytes. */
export interface HttpEventFacts {
  readonly apiId: string;
  readonly stage: string;
  readonly stageVariables: Readonly<Record<string, string>>;
  readonly routeKey: string;
  readonly pathParameters: Readonly<Record<string, string>>;
  readonly authorizer:
    | { readonly claims: Readonly<Record<string, string>>; readonly scopes: readonly string[] | null }
    | undefined;
  readonly requestId: string;
  readonly now: Date;
}

/** The event of payload format 2.0 by which an HTTP API calls a function. */
export function httpEvent(request: IncomingMessage, body: Buffer, facts: HttpEventFacts) {
  const [path, query] = splitTarget(request.url ?? '/');
  const { cookie, ...sent } = headersOf(request);
  const headers = { ...sent, ...forwardingHeaders(request, sent['x-forwarded-for']) };
  const parameters = queryParameters(query);
  const isText = body.length === 0 || isTextual(sent['content-type'], sent['content-encoding']);
  return {
    version: '2.0',
    routeKey: facts.routeKey,
    rawPath: decode(path),
    rawQueryString: query,
    ...(cookie === undefined ? {} : { cookies: cookie.split(/;\s*/) }),
    headers,
    ...(parameters && { queryStringParameters: parameters }),
    requestContext: {
      accountId: ACCOUNT,
      apiId: facts.apiId,
      ...(facts.authorizer && { authorizer: { jwt: facts.authorizer } }),
      domainName: (sent.host ?? '').replace(/:\d+$/, ''),
      domainPrefix: facts.apiId,
      http: {
        method: request.method ?? 'GET',
        path: decode(path),
        protocol: `HTTP/${request.httpVersion}`,
        sourceIp: request.socket.remoteAddress ?? '127.0.0.1',
        userAgent: sent['user-agent'] ?? '',
      },
      requestId: facts.requestId,
      routeKey: facts.routeKey,
      stage: facts.stage,
      time: logTime(facts.now),
      timeEpoch: facts.now.getTime(),
    },
    ...(Object.keys(facts.pathParameters).length > 0 && { pathParameters: facts.pathParameters }),
    ...(Object.keys(facts.stageVariables).length > 0 && { stageVariables: facts.stageVariables }),
    ...(body.length > 0 && { body: body.toString(isText ? 'utf8' : 'base64') }),
    isBase64Encoded: !isText,
  };
}

/** These concern one hop, not the function behind the gateway. */
const HOP_BY_HOP = new Set(['connection', 'keep-alive', 'transfer-encoding', 'te', 'trailer', 'upgrade']);

/** Header names in lower case; the values of a repeated header joined with commas. */
function headersOf(request: IncomingMessage): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, values] of Object.entries(request.headersDistinct))
    if (values && !HOP_BY_HOP.has(name)) headers[name] = values.join(name === 'cookie' ? '; ' : ',');
  return headers;
}

function forwardingHeaders({ socket }: IncomingMessage, before: string | undefined) {
  const address = socket.remoteAddress ?? '127.0.0.1';
  return {
    'x-forwarded-for': before === undefined ? address : `${before}, ${address}`,
    'x-forwarded-port': String(socket.localPort ?? ''),
    'x-forwarded-proto': 'http',
  };
}

/** Decoded query values, those of a repeated name joined with commas; undefined when there are none. */
function queryParameters(query: string): Record<string, string> | undefined {
  const joined = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(query))
    joined.set(name, joined.has(name) ? `${joined.get(name)},${value}` : value);
  return joined.size > 0 ? Object.fromEntries(joined) : undefined;
}

/** Whether a body travels as text: everything else is base64 in the event. */
function isTextual(contentType: string | undefined, encoding: string | undefined): boolean {
  if (encoding !== undefined && encoding !== 'identity') return false;
  const type = (contentType ?? '').split(';')[0]!.trim().toLowerCase();
  return /^text\/|^application\/(json|javascript|xml|x-amz-json-1\.[01])$|\+(json|xml)$/.test(type);
}

/** Such as `12/Mar/2020:19:03:58 +0000`. */
export function logTime(now: Date): string {
  const month = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ')[now.getUTCMonth()];
  const [day, time] = now.toISOString().split('T') as [string, string];
  return `${day.slice(8)}/${month}/${day.slice(0, 4)}:${time.slice(0, 8)} +0000`;
}
