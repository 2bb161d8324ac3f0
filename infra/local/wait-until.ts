import { setTimeout as sleep } from 'node:timers/promises';

export interface WaitOptions {
  readonly limitMs: number;
  /** What is waited for, in the message of the error. */
  readonly what: string;
  readonly signal?: AbortSignal;
  readonly everyMs?: number;
}

/** Polls a condition until it holds; throws when the limit is reached or the signal aborts. */
export async function waitUntil(
  holds: () => Promise<boolean> | boolean,
  options: WaitOptions,
): Promise<void> {
  const deadline = Date.now() + options.limitMs;
  while (!(await holds())) {
    options.signal?.throwIfAborted();
    if (Date.now() > deadline)
      throw new Error(`waited ${options.limitMs / 1000} s in vain for ${options.what}`);
    await sleep(options.everyMs ?? 100, undefined, options.signal ? { signal: options.signal } : {});
  }
}
