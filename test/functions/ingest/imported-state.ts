import * as z from 'zod';
import { undoImport } from '../../../functions/ingest/undo-import.ts';
import type { Statements } from '../../../shared/data/sql/database.ts';
import type { Drops } from './drop-file.ts';
import { demandIn } from './ledger-facts.ts';

const Text = z.object({ what: z.string() });

/** What tests of undone imports look at: any text column called `what`, the stock that is left, the demand that is left. */
export function readsOf(database: Pick<Statements, 'select'>) {
  const read = async (sql: string) => (await database.select(Text, sql)).map((row) => row.what);
  return {
    read,
    levels: () =>
      read(
        `SELECT CONCAT(product_id, ' ', stock_level) AS what
           FROM stock
          WHERE stock_level <> 0
          ORDER BY product_id`,
      ),
    demand: () => demandIn(database),
  };
}

/** Undoes an import as its queue would ask for it. */
export const undoOf = (drops: Drops, importId: string, remainingMs = 900_000) =>
  undoImport(
    drops.needs,
    { type: 'ImportUndoRequested', importId, actor: 'ann', reason: 'the wrong file' },
    () => remainingMs,
  );
