import type { Engine } from './engine.ts';
import type { Queue } from './queue-table.ts';
import { findHeld } from './receipt-handle.ts';
import { SqsError } from './sqs-error.ts';

const MAXIMUM_VISIBILITY_MS = 43_200_000;

/** Deletes the message of this handle; a handle of an earlier receive changes nothing and is no error. */
export function deleteMessage(engine: Engine, queue: Queue, handle: string): void {
  const held = findHeld(engine, queue, handle);
  if (held === undefined) return;
  if (queue.settings.isFifo && held.visibleAt <= engine.now()) {
    throw notUsable(handle, 'The receipt handle has expired.');
  }
  engine.sqlite.run('DELETE FROM messages WHERE number = ?', held.number);
  // The group of the message may go on.
  if (queue.settings.isFifo) engine.waiters.wake(queue.name);
}

/** Hides the message of this handle for `seconds` from now; 0 shows it at once. */
export function changeVisibility(engine: Engine, queue: Queue, handle: string, seconds: number): void {
  const held = findHeld(engine, queue, handle);
  if (held === undefined) {
    throw notUsable(handle, 'Message does not exist or is not available for visibility timeout change.');
  }
  const now = engine.now();
  if (held.visibleAt <= now) {
    throw new SqsError('MessageNotInflight', 'The specified message is not in flight.');
  }
  const visibleAt = now + seconds * 1_000;
  if (visibleAt - held.firstReceivedAt > MAXIMUM_VISIBILITY_MS) {
    throw notUsable(handle, 'Total VisibilityTimeout for the message is beyond the limit [43200 seconds].');
  }
  engine.sqlite.run('UPDATE messages SET visible_at = ? WHERE number = ?', visibleAt, held.number);
  engine.waiters.wake(queue.name);
}

function notUsable(handle: string, reason: string): SqsError {
  const shown = handle.slice(0, 60);
  return new SqsError(
    'InvalidParameterValue',
    `Value ${shown} for parameter ReceiptHandle is invalid. Reason: ${reason}`,
  );
}
