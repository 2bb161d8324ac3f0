import { type Input, isRecord } from './read-input.ts';
import { SqsError } from './sqs-error.ts';

const MAXIMUM_ENTRIES = 10;

/** The answer to a batch: each entry is in one of the lists. */
export interface BatchResult {
  readonly Successful: readonly object[];
  readonly Failed: readonly object[];
}

/** The entries of a batch request, after the checks that refuse the batch as a whole. */
export function readEntries(input: Input): readonly Input[] {
  const entries = input.Entries;
  if (!Array.isArray(entries) || entries.length === 0) {
    throw new SqsError('EmptyBatchRequest', 'There should be at least one entry in the request.');
  }
  if (entries.length > MAXIMUM_ENTRIES) {
    const message = `Maximum number of entries per request are ${MAXIMUM_ENTRIES}. You have sent ${entries.length}.`;
    throw new SqsError('TooManyEntriesInBatchRequest', message);
  }
  const ids = new Set<string>();
  for (const entry of entries) {
    const id = isRecord(entry) ? entry.Id : undefined;
    if (typeof id !== 'string' || !/^[\w-]{1,80}$/.test(id)) {
      const message =
        'A batch entry id can only contain alphanumeric characters, hyphens and underscores, at most 80.';
      throw new SqsError('InvalidBatchEntryId', message);
    }
    if (ids.has(id)) throw new SqsError('BatchEntryIdsNotDistinct', `Id ${id} repeated.`);
    ids.add(id);
  }
  return entries;
}

/** Does the work of each entry by itself, so that one that is refused does not hold up the others. */
export function runBatch(entries: readonly Input[], work: (entry: Input) => object): BatchResult {
  const Successful: object[] = [];
  const Failed: object[] = [];
  for (const entry of entries) {
    try {
      Successful.push({ Id: entry.Id, ...work(entry) });
    } catch (error) {
      if (!(error instanceof SqsError)) throw error;
      Failed.push({ Id: entry.Id, SenderFault: true, Code: error.code, Message: error.message });
    }
  }
  return { Successful, Failed };
}
