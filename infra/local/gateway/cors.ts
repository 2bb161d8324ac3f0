import type { IncomingHttpHeaders } from 'node:http';
import type { CorsDefinition } from '../template/wiring.ts';

/** The headers that the gateway adds to an answer for this origin; none when the origin is not allowed. */
export function corsHeaders(
  cors: CorsDefinition | undefined,
  request: IncomingHttpHeaders,
): Record<string, string> {
  const { origin } = request;
  if (!cors || origin === undefined) return {};
  const isAny = cors.allowOrigins.includes('*');
  if (!isAny && !cors.allowOrigins.includes(origin)) return {};
  return {
    'access-control-allow-origin': isAny && !cors.allowCredentials ? '*' : origin,
    ...(isAny ? {} : { vary: 'origin' }),
    ...(cors.allowCredentials && { 'access-control-allow-credentials': 'true' }),
    ...(cors.exposeHeaders.length > 0 && { 'access-control-expose-headers': cors.exposeHeaders.join(',') }),
  };
}

/** The answer's headers to a preflight, or undefined when the request is none or the API has no CORS settings. */
export function preflight(
  cors: CorsDefinition | undefined,
  method: string | undefined,
  request: IncomingHttpHeaders,
): Record<string, string> | undefined {
  const isPreflight =
    method === 'OPTIONS' && request.origin !== undefined && request['access-control-request-method'];
  if (!cors || !isPreflight) return undefined;
  const granted = corsHeaders(cors, request);
  if (Object.keys(granted).length === 0) return {};
  return {
    ...granted,
    'access-control-allow-methods': cors.allowMethods.join(','),
    'access-control-allow-headers': cors.allowHeaders.join(','),
    'access-control-max-age': String(cors.maxAgeSeconds),
  };
}
