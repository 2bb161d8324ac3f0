import * as z from 'zod';
import type { Database, Statements } from '../../../shared/data/sql/database.ts';

const Movement = z.object({ what: z.string() });
const Demand = z.object({ what: z.string() });

/** The movements in the order of the ledger, as `85123A sale -6 -> 4`. */
export async function movementsIn(database: Database): Promise<string[]> {
  const rows = await database.select(
    Movement,
    `SELECT CONCAT(product_id, ' ', change_type, ' ', quantity_change, ' -> ', stock_level) AS what
       FROM inventory_log
      ORDER BY log_id`,
  );
  return rows.map((row) => row.what);
}

/** Daily demand, as `85123A 2010-12-01: 6 in 1 for 15.3000`. */
export async function demandIn(database: Pick<Statements, 'select'>): Promise<string[]> {
  const rows = await database.select(
    Demand,
    `SELECT CONCAT(product_id, ' ', date, ': ', quantity, ' in ', sale_lines, ' for ', revenue) AS what
       FROM demand
      ORDER BY product_id, date`,
  );
  return rows.map((row) => row.what);
}
