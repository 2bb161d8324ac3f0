import { createHash } from 'node:crypto';
import type { BookedMovement } from '../../shared/core/inventory/book-movements.ts';
import { ledgerLine } from '../../shared/core/simulate/ledger-lines.ts';

/**
 * A hash of a ledger that grows day by day: SHA-256 of the hash before and the lines of the day, numbered from 1 in each.
 * The same days in whatever chunks give the same.
 */
export function chainLedger(before: string, movements: readonly BookedMovement[]): string {
  const hash = createHash('sha256').update(before);
  for (const [i, movement] of movements.entries()) hash.update(`${ledgerLine(i + 1, movement)}\n`);
  return hash.digest('hex');
}
