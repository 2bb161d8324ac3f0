import * as z from 'zod';
import type { Statements } from '../sql/database.ts';
import { readLongText } from '../sql/long-text.ts';

const Row = z
  .object({ request_hash: z.string(), status_code: z.int() })
  .transform((row) => ({ requestHash: row.request_hash, status: row.status_code }));

/** The answer that a key got. */
export type KeptAnswer = z.infer<typeof Row> & { readonly body: string };

/** Claims a key inside the transaction of its effect; false when it is used. Waits for another that is claiming it. */
export async function claimKey(
  tx: Statements,
  username: string,
  key: string,
  requestHash: string,
): Promise<boolean> {
  const { updated } = await tx.write(
    `INSERT IGNORE INTO idempotency (username, idempotency_key, request_hash, status_code, body)
     VALUES (:username, :key, :requestHash, 0, '')`,
    { username, key, requestHash },
  );
  return updated === 1;
}

/** Keeps the answer beside the claim, in the same transaction. */
export async function keepAnswer(
  tx: Statements,
  username: string,
  key: string,
  status: number,
  body: string,
): Promise<void> {
  await tx.write(
    `UPDATE idempotency
        SET status_code = :status, body = :body
      WHERE username = :username AND idempotency_key = :key`,
    { username, key, status, body },
  );
}

/** How long a key is remembered, and how many answers are forgotten at once. */
const KEPT_DAYS = 7;
const FORGOTTEN_AT_ONCE = 500;

/** Forgets answers that nobody will ask for again. */
export async function forgetOldAnswers(db: Statements): Promise<void> {
  await db.write(
    `DELETE FROM idempotency
      WHERE created_at < DATE_SUB(UTC_TIMESTAMP(3), INTERVAL ${KEPT_DAYS} DAY)
      ORDER BY created_at
      LIMIT ${FORGOTTEN_AT_ONCE}`,
  );
}

const OF_KEY = 'username = :username AND idempotency_key = :key';

/** The answer that a key got, if it is used; read inside a transaction. */
export async function readAnswer(
  tx: Statements,
  username: string,
  key: string,
): Promise<KeptAnswer | undefined> {
  const [row] = await tx.select(
    Row,
    `SELECT request_hash, status_code
       FROM idempotency
      WHERE ${OF_KEY}`,
    { username, key },
  );
  const body = await readLongText(tx, {
    table: 'idempotency',
    column: 'body',
    condition: OF_KEY,
    params: { username, key },
  });
  return row && { ...row, body: body! };
}
