import type { WorkerFailure } from './worker-messages.ts';

/** What a caller learns of anything that was thrown: type, message and stack. */
export function failureOf(thrown: unknown): WorkerFailure {
  if (thrown instanceof Error) {
    return {
      errorType: thrown.name === 'Error' ? thrown.constructor.name : thrown.name,
      errorMessage: thrown.message,
      stack: (thrown.stack ?? '').split('\n'),
    };
  }
  return { errorType: typeof thrown, errorMessage: textOf(thrown), stack: [] };
}

function textOf(thrown: unknown): string {
  return typeof thrown === 'string' ? thrown : (JSON.stringify(thrown) ?? String(thrown));
}
