import * as z from 'zod';
import { Fault } from '../../../shared/contracts/fault.ts';
import { unknownFields } from './body-schema.ts';
import type { User } from './route.ts';

/** The parts of an HTTP API event (payload format 2.0) that the API reads. */
export const HttpEvent = z.object({
  rawPath: z.string(),
  rawQueryString: z.string().default(''),
  headers: z.record(z.string(), z.string()).default({}),
  body: z.string().optional(),
  isBase64Encoded: z.boolean().default(false),
  requestContext: z.object({
    requestId: z.string(),
    domainName: z.string().optional(),
    http: z.object({ method: z.string(), sourceIp: z.string().default('') }),
    authorizer: z
      .object({ jwt: z.object({ claims: z.record(z.string(), z.string()) }).optional() })
      .optional(),
  }),
});
export type HttpEvent = z.infer<typeof HttpEvent>;

/** Who the gateway's authorizer says is calling; undefined without an access token. */
export function userOf(event: HttpEvent): User | undefined {
  const claims = event.requestContext.authorizer?.jwt?.claims;
  // An id token has the right signature, too, but is made for the client, not for us.
  if (claims?.token_use !== 'access' || claims.username === undefined) return undefined;
  const groups = /^\[(.*)\]$/.exec(claims['cognito:groups'] ?? '')?.[1] ?? '';
  return { username: claims.username, roles: groups.split(' ').filter((name) => name !== '') };
}

/** The body as the bytes that were sent, as signatures cover them. */
export function bodyBytes({ body = '', isBase64Encoded }: HttpEvent): Buffer {
  return Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8');
}

/** The body as text. */
export const bodyText = (event: HttpEvent): string => bodyBytes(event).toString();

/** The address that was asked, as its sender wrote it. */
export function urlOf({ headers, rawPath, rawQueryString, requestContext }: HttpEvent): string {
  const host = headers.host ?? requestContext.domainName ?? '';
  const protocol = headers['x-forwarded-proto'] ?? 'https';
  return `${protocol}://${host}${rawPath}${rawQueryString === '' ? '' : `?${rawQueryString}`}`;
}

/** The body as a value: a form by its content type, JSON otherwise; undefined when there is none. */
export function readBody(event: HttpEvent): unknown {
  const text = bodyText(event);
  if (text.trim() === '') return undefined;
  const type = (event.headers['content-type'] ?? '').split(';')[0]!.trim().toLowerCase();
  if (type === 'application/x-www-form-urlencoded') return Object.fromEntries(new URLSearchParams(text));
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Fault('invalid', 'The body is not JSON', { cause });
  }
}

/** The body in the schema's form, or Fault `invalid` naming each field that is wrong or that the schema does not know. */
export const checkedBody = <T>(schema: z.ZodType<T>, value: unknown): T =>
  checked(schema, value, 'body', unknownFields(schema, value));

/** The value in the schema's form, or Fault `invalid` naming each field that is wrong. */
export function checked<T>(
  schema: z.ZodType<T>,
  value: unknown,
  what: string,
  unknown: readonly string[] = [],
): T {
  const result = schema.safeParse(value);
  if (result.success && unknown.length === 0) return result.data;
  const wrong = (result.error?.issues ?? [])
    .filter(({ code }) => code !== 'unrecognized_keys' || unknown.length === 0)
    .map((issue) => ({ field: issue.path.join('.') || what, reason: issue.message }));
  const details = [...wrong, ...unknown.map((field) => ({ field, reason: 'is not known here' }))];
  throw new Fault('invalid', `Wrong ${what}: see errors`, { details });
}
