import { randomUUID } from 'node:crypto';
import type { Engine } from './engine.ts';
import type { Queue } from './queue-table.ts';
import { SqsError } from './sqs-error.ts';

/** A message in the hands of the receiver who holds its newest handle. */
export interface HeldMessage {
  readonly number: number;
  readonly visibleAt: number;
  readonly firstReceivedAt: number;
}

/** A fresh handle for the message of this number, and the part of it that the row remembers. */
export function makeReceipt(queue: Queue, number: number): { handle: string; receipt: string } {
  const receipt = randomUUID();
  return { handle: Buffer.from(`${queue.name}/${number}/${receipt}`).toString('base64'), receipt };
}

/** The message of a handle; undefined when it is gone or was received again since. */
export function findHeld(engine: Engine, queue: Queue, handle: string): HeldMessage | undefined {
  const parts = Buffer.from(handle, 'base64').toString().split('/');
  const [name, number, receipt] = parts;
  if (parts.length !== 3 || name !== queue.name || !/^\d{1,15}$/.test(number!)) {
    const shown = handle.slice(0, 60);
    throw new SqsError(
      'ReceiptHandleIsInvalid',
      `The input receipt handle "${shown}" is not a valid receipt handle.`,
    );
  }
  return engine.sqlite.get<HeldMessage>(
    `SELECT number, visible_at AS visibleAt, first_received_at AS firstReceivedAt
       FROM messages WHERE number = ? AND queue = ? AND receipt = ?`,
    Number(number),
    queue.name,
    receipt!,
  );
}
