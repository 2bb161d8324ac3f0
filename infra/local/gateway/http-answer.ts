import { validateHeaderName, validateHeaderValue } from 'node:http';
import * as z from 'zod';

/** An HTTP answer, ready to be sent. */
export interface HttpAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly cookies: readonly string[];
  readonly body: Buffer;
}

const Structured = z.object({
  statusCode: z.coerce.number().int().min(100).max(599),
  headers: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).nullish(),
  cookies: z.array(z.string()).nullish(),
  body: z.string().nullish(),
  isBase64Encoded: z.boolean().nullish(),
});

/**
 * What a function's result of payload format 2.0 means: with a `statusCode` it says everything itself; any other
 * value is the JSON body of a 200. A structure that the gateway cannot send is the function's error.
 */
export function httpAnswer(result: unknown): HttpAnswer {
  if (result === null || typeof result !== 'object' || !('statusCode' in result)) {
    const text = typeof result === 'string' ? result : JSON.stringify(result ?? null);
    return {
      status: 200,
      headers: { 'content-type': 'application/json' },
      cookies: [],
      body: Buffer.from(text),
    };
  }
  const parsed = Structured.safeParse(result);
  if (!parsed.success || !areSendable(parsed.data.headers ?? {}))
    return gatewayAnswer(500, 'Internal Server Error');
  const { statusCode, headers, cookies, body, isBase64Encoded } = parsed.data;
  const bytes = Buffer.from(body ?? '', isBase64Encoded ? 'base64' : 'utf8');
  const given = Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), String(value)]);
  return {
    status: statusCode,
    headers: {
      ...(bytes.length > 0 && { 'content-type': 'text/plain;charset=UTF-8' }),
      ...Object.fromEntries(given),
    },
    cookies: cookies ?? [],
    body: bytes,
  };
}

function areSendable(headers: Readonly<Record<string, unknown>>): boolean {
  try {
    for (const [name, value] of Object.entries(headers)) {
      validateHeaderName(name);
      validateHeaderValue(name, String(value));
    }
    return true;
  } catch {
    return false;
  }
}

/** One of the gateway's own answers: `{"message": ...}`. */
export function gatewayAnswer(
  status: number,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): HttpAnswer {
  return {
    status,
    headers: { 'content-type': 'application/json', ...headers },
    cookies: [],
    body: Buffer.from(JSON.stringify({ message })),
  };
}
