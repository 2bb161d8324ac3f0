import { createHash } from 'node:crypto';
import { Fault } from '../../../shared/contracts/fault.ts';
import { claimKey, keepAnswer, readAnswer } from '../../../shared/data/messages/idempotency-store.ts';
import type { Statements } from '../../../shared/data/sql/database.ts';
import type { Reply } from './reply.ts';

/** A request that its sender may repeat. */
export interface Asking {
  readonly username: string;
  readonly key: string;
  /** All that makes it this request. */
  readonly request: string;
}

const MAX_KEY = 200;

/**
 * Runs a request once for its key, in the transaction of its effect: a repetition gets the first answer, another
 * request under the same key is Fault `invalid`. A refused request leaves its key free.
 */
export async function askOnce(
  tx: Statements,
  { username, key, request }: Asking,
  run: (tx: Statements) => Promise<Reply>,
): Promise<Reply> {
  if (key.length === 0 || key.length > MAX_KEY)
    throw new Fault('invalid', `Idempotency-Key must have 1 to ${MAX_KEY} characters`);
  const hash = createHash('sha256').update(request).digest('hex');
  if (await claimKey(tx, username, key, hash)) {
    const reply = await run(tx);
    await keepAnswer(tx, username, key, reply.statusCode, reply.body);
    return reply;
  }
  const kept = await readAnswer(tx, username, key);
  if (kept?.requestHash !== hash)
    throw new Fault('invalid', 'This Idempotency-Key was used for another request');
  return {
    statusCode: kept.status,
    headers: {
      'content-type': 'application/json',
      'cache-control': 'no-store',
      'idempotency-replayed': 'true',
    },
    body: kept.body,
  };
}
