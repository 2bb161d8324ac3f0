import type { Functions, InvokeResult } from '../services.ts';

/** Calls a function, waiting for a free worker and for its answer `timeoutMs` in all; `undefined` when that is over. */
export async function invokeInTime(
  functions: Pick<Functions, 'invoke'>,
  functionArn: string,
  event: unknown,
  timeoutMs: number,
): Promise<InvokeResult | undefined> {
  const { promise: late, resolve } = Promise.withResolvers<undefined>();
  const timer = setTimeout(resolve, timeoutMs, undefined);
  try {
    const result = await Promise.race([functions.invoke(functionArn, event, { waitMs: timeoutMs }), late]);
    return result && !result.ok && result.errorType === 'TooManyRequestsException' ? undefined : result;
  } finally {
    clearTimeout(timer);
  }
}
