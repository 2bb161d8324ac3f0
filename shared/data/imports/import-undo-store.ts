import * as z from 'zod';
import type { Statements } from '../sql/database.ts';
import { importActor } from './imported-movements.ts';

const Undo = z.object({
  import_id: z.string(),
  import_no: z.int(),
  object_key: z.string(),
  format: z.string().nullable(),
  status: z.string(),
  log_before: z.int().nullable(),
  undo_below: z.int().nullable(),
  undone_by: z.string().nullable(),
  undo_reason: z.string().nullable(),
  counts: z.string().nullable(),
});
export type UndoJob = z.infer<typeof Undo>;

const COLUMNS = `import_id, import_no, object_key, format, status, log_before, undo_below, undone_by, undo_reason,
                 counts`;

/** Begins the undo of an import that is done, or that failed half-way; one that has begun goes on. The import as it is then. */
export async function beginUndo(
  tx: Statements,
  importId: string,
  undo: { readonly actor: string; readonly reason: string },
): Promise<UndoJob | undefined> {
  await tx.write(
    `UPDATE import_job
        SET status = 'undoing', stage = 'undoing', undone_by = :actor, undo_reason = :reason
      WHERE import_id = :importId AND log_before IS NOT NULL
        AND (status = 'done' OR status = 'failed' AND chunks_done > 0)`,
    { importId, ...undo },
  );
  const [job] = await tx.select(Undo, `SELECT ${COLUMNS} FROM import_job WHERE import_id = :importId`, {
    importId,
  });
  return job;
}

/** Holds the import until the transaction ends; its state, or undefined when nothing is to be undone any more. */
export async function lockUndo(tx: Statements, importId: string): Promise<UndoJob | undefined> {
  const [job] = await tx.select(
    Undo,
    `SELECT ${COLUMNS} FROM import_job WHERE import_id = :importId AND status = 'undoing' FOR UPDATE`,
    { importId },
  );
  return job;
}

const Movement = z.object({ log_id: z.int() });
const Newest = z.object({ newest: z.int().nullable() });

/** The movement after the newest that the import may have written. */
export async function endOfMovements(db: Statements, importId: string): Promise<number> {
  const [row] = await db.select(
    Newest,
    `SELECT MAX(log_upto) AS newest FROM import_chunk WHERE import_id = :importId`,
    { importId },
  );
  return (row?.newest ?? 0) + 1;
}

/** Why a movement was taken back by an import that told a later state of its order. */
export const CORRECTED = 'corrected by a later state of the order';

/** The keys under which a line `s` is booked now, and the shortages before them. */
const BOOKINGS = ['sale', 'return', 'adjustment']
  .flatMap((type) => ['', ':shortage'].map((end) => [type, end] as const))
  .map(
    ([type, end]) =>
      `CONCAT('${type}:', s.sale_id, CASE WHEN s.generation = 1 THEN '' ELSE CONCAT('#', s.generation) END, '${end}')`,
  )
  .join(', ');

/**
 * Movements of an import that are to be taken back, newest first, below `below`. Those by which it corrected lines are
 * left: what the line was before is booked anew, or was undone itself. So are those of lines that stand: another import
 * told them later and found the same stock, or what became of them keeps them from being undone.
 */
export async function movementsToUndo(
  db: Statements,
  { import_id: importId, log_before: after }: UndoJob,
  below: number,
  limit: number,
): Promise<number[]> {
  const rows = await db.select(
    Movement,
    `SELECT l.log_id
       FROM inventory_log l
      WHERE l.log_id > :after AND l.log_id < :below AND l.actor = :actor
        AND NOT (l.change_type = 'reversal' AND l.reason = :corrected)
        AND NOT EXISTS (SELECT 1
                          FROM sales s
                         WHERE s.sale_id = l.reference_id AND s.kind <> 'undone'
                           AND l.movement_key IN (${BOOKINGS}))
      ORDER BY l.log_id DESC
      LIMIT :limit`,
    { after, below, limit, actor: importActor(importId), corrected: CORRECTED },
  );
  return rows.map((row) => row.log_id);
}

/** Movements from `below` on are done. */
export async function saveUndone(tx: Statements, importId: string, below: number): Promise<void> {
  await tx.write(`UPDATE import_job SET undo_below = :below WHERE import_id = :importId`, {
    importId,
    below,
  });
}

/** Ends an undo; `remark` = what it could not take back. */
export async function endUndo(tx: Statements, importId: string, remark: string | null): Promise<void> {
  await tx.write(
    `UPDATE import_job
        SET status = 'undone', stage = NULL, undone_at = CURRENT_TIMESTAMP(3),
            detail = COALESCE(:remark, detail)
      WHERE import_id = :importId AND status = 'undoing'`,
    { importId, remark: remark === null ? null : remark.slice(0, 1000) },
  );
}

const Counted = z.object({
  product_id: z.string(),
  warehouse: z.string(),
  date: z.string(),
  movement_key: z.string(),
});
/** Counts that are named where there may be many. */
const NAMED = 5;

/**
 * Counts of stock by others, booked after movements of this import at the same place and time or earlier: each booked the
 * difference to a level that these movements had made. The first few, in words.
 */
export async function countsAfter(
  db: Statements,
  job: { readonly import_id: string; readonly log_before: number | null },
): Promise<readonly string[]> {
  const rows = await db.select(
    Counted,
    `SELECT c.product_id, c.warehouse, CAST(c.date AS CHAR) AS date, c.movement_key
       FROM inventory_log c
       LEFT JOIN inventory_log r ON r.reverses_log_id = c.log_id
      WHERE (c.movement_key LIKE 'count:%' OR c.movement_key LIKE 'stock-count:%')
        AND c.log_id > :after AND c.actor <> :actor AND c.change_type <> 'reversal'
        AND NOT (c.change_type = 'adjustment' AND c.movement_key LIKE '%:shortage') AND r.log_id IS NULL
        AND EXISTS (SELECT 1
                      FROM inventory_log m
                      LEFT JOIN inventory_log v ON v.reverses_log_id = m.log_id
                     WHERE m.product_id = c.product_id AND m.warehouse = c.warehouse AND m.date <= c.date
                       AND m.log_id > :after AND m.log_id < c.log_id AND m.actor = :actor
                       AND m.change_type <> 'reversal' AND v.log_id IS NULL)
      ORDER BY c.log_id
      LIMIT ${NAMED}`,
    { after: job.log_before, actor: importActor(job.import_id) },
  );
  return rows.map(({ product_id: product, warehouse, date, movement_key: key }) => {
    const [kind, by] = key.split(':');
    return `${product} at ${warehouse} on ${date.slice(0, 10)} (${kind === 'count' ? 'import' : 'count'} ${by})`;
  });
}
