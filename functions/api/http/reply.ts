/** An answer in the form in which an HTTP API of payload format 2.0 takes it. */
export interface Reply {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly isBase64Encoded?: boolean;
}

/** A JSON answer, which nobody but its asker may keep. */
export function jsonReply(statusCode: number, body: unknown, headers: Readonly<Record<string, string>> = {}) {
  return {
    statusCode,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store', ...headers },
    body: JSON.stringify(body),
  } satisfies Reply;
}

/** Whether a route answered with a reply of its own, such as another status than its usual one. */
export const isReply = (result: unknown): result is Reply =>
  typeof result === 'object' && result !== null && 'statusCode' in result && 'headers' in result;
