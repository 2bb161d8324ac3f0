import { shortagesOfUndos } from '../../shared/data/imports/imported-movements.ts';
import { reverseMovements } from '../../shared/data/ledger/ledger-reversals.ts';
import type { LockedStock } from '../../shared/data/ledger/ledger-store.ts';
import type { Statements } from '../../shared/data/sql/database.ts';

/** Movements of one call of reverseMovements. */
const REVERSALS = 2_000;

/**
 * Goods that were sold by the time their receipt was undone left a shortage behind. Booked anew they explain it, and it
 * goes: a receipt of ten and a sale of five are five, however often the receipt was undone in between.
 */
export async function endUndoShortages(
  tx: Statements,
  facts: readonly { readonly key: string; readonly generation: number }[],
  actor: string,
  stock: LockedStock,
): Promise<LockedStock> {
  const logIds = await shortagesOfUndos(tx, facts);
  let after = stock;
  for (let at = 0; at < logIds.length; at += REVERSALS) {
    const page = logIds.slice(at, at + REVERSALS);
    const reversed = await reverseMovements(tx, page, { actor, reason: 'the goods are booked again' });
    after = new Map([...after, ...reversed.stock]);
  }
  return after;
}
