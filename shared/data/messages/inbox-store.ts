import type { Statements } from '../sql/database.ts';

/**
 * Claims a message for a consumer inside the transaction that holds its effect.
 * False means that the effect is already committed: do nothing.
 */
export async function claim(tx: Statements, consumer: string, messageKey: string): Promise<boolean> {
  const { updated } = await tx.write(
    `INSERT IGNORE INTO inbox (consumer, message_key) VALUES (:consumer, :messageKey)`,
    { consumer, messageKey },
  );
  return updated === 1;
}
