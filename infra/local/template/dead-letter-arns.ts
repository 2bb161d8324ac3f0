import type { QueueDefinition } from '../services.ts';

/** The queues that take what others could not deliver. */
export function deadLetterArns(queues: readonly QueueDefinition[]): ReadonlySet<string> {
  return new Set(queues.flatMap(({ redrive }) => (redrive ? [redrive.deadLetterArn] : [])));
}
