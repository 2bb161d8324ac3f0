import type { InvokeResult } from '../services.ts';

/**
 * The ids of a batch that failed. A thrown error, an answer of the wrong shape, or an id that is not in the batch
 * fails all of it; no answer, or no list in it, is success.
 */
export function failedMessages(
  result: InvokeResult,
  reportsFailures: boolean,
  messageIds: readonly string[],
): ReadonlySet<string> {
  const all = new Set(messageIds);
  if (!result.ok) return all;
  if (!reportsFailures || result.payload === null || result.payload === undefined) return new Set();
  if (typeof result.payload !== 'object') return all;
  const failures = (result.payload as { batchItemFailures?: unknown }).batchItemFailures;
  if (failures === null || failures === undefined) return new Set();
  if (!Array.isArray(failures)) return all;
  const ids = failures.map((failure: { itemIdentifier?: unknown } | null) => failure?.itemIdentifier);
  return ids.every((id) => typeof id === 'string' && all.has(id)) ? new Set(ids as string[]) : all;
}
