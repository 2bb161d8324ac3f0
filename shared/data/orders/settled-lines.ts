import * as z from 'zod';
import { json, type Statements } from '../sql/database.ts';

const Id = z.object({ sale_id: z.string() });

/** Lines that are history: goods of them came back, or somebody cancelled them after they were sold. */
export interface SettledLines {
  readonly returned: ReadonlySet<string>;
  readonly cancelled: ReadonlySet<string>;
}

/**
 * Which of these lines an import must not change any more, nor an undo. A file that tells a cancellation books the line
 * anew without a movement; one whose booking has its sale was cancelled by a person or a shop. Read after the lines are
 * held. At most 4,000 at once.
 */
export async function settledLines(tx: Statements, saleIds: readonly string[]): Promise<SettledLines> {
  if (saleIds.length === 0) return { returned: new Set(), cancelled: new Set() };
  const ids = json(saleIds);
  const returned = await tx.select(
    Id,
    `SELECT DISTINCT r.sale_id
       FROM JSON_TABLE(:ids, '$[*]' COLUMNS (id VARCHAR(128) PATH '$')) AS j
       JOIN order_return_line r ON r.sale_id = j.id`,
    { ids },
  );
  const cancelled = await tx.select(
    Id,
    `SELECT STRAIGHT_JOIN s.sale_id
       FROM JSON_TABLE(:ids, '$[*]' COLUMNS (id VARCHAR(128) PATH '$')) AS j
       JOIN sales s FORCE INDEX (PRIMARY) ON s.sale_id = j.id AND s.kind = 'cancelled'
       JOIN inventory_log l ON l.movement_key = CONCAT('sale:', s.sale_id,
                               CASE WHEN s.generation = 1 THEN '' ELSE CONCAT('#', s.generation) END)`,
    { ids },
  );
  return {
    returned: new Set(returned.map((row) => row.sale_id)),
    cancelled: new Set(cancelled.map((row) => row.sale_id)),
  };
}
