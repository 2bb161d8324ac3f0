import * as z from 'zod';
import type { LedgerMovement } from '../../contracts/api/ledger.ts';
import { Fault } from '../../contracts/fault.ts';
import { flagColumn, Total, timeColumn, where } from '../sql/columns.ts';
import type { Param, Statements } from '../sql/database.ts';
import { toSqlTime } from '../sql/sql-time.ts';

export interface LedgerFilter {
  readonly productId?: string | undefined;
  readonly locationIds?: readonly string[] | undefined;
  readonly type?: string | undefined;
  readonly referenceId?: string | undefined;
  readonly movementKeys?: readonly string[] | undefined;
  readonly reversesLogId?: number | undefined;
  /** Effective times, from inclusive, to exclusive. */
  readonly effectiveFrom?: string | undefined;
  readonly effectiveTo?: string | undefined;
}

export interface LedgerPage {
  /** Movements recorded before this one; left out, from the newest on. */
  readonly before?: number | undefined;
  readonly limit: number;
  /** Whether to count all that the filter finds, which reads them all. */
  readonly isCounted?: boolean;
}

const Row = z
  .object({
    log_id: z.int(),
    movement_key: z.string(),
    product_id: z.string(),
    location_id: z.string(),
    type: z.string(),
    quantity_change: z.int(),
    level_after: z.int(),
    effective_at: timeColumn,
    recorded_at: timeColumn,
    reason: z.string().nullable(),
    reference_id: z.string().nullable(),
    reverses_log_id: z.int().nullable(),
    reversed_by_log_id: z.int().nullable(),
    actor: z.string(),
    is_synthetic: flagColumn,
  })
  .transform((row): LedgerMovement => row);

/** Locations, or keys, of one question. */
const MAX_VALUES = 1_000;
const INDEXES =
  'inventory_log_position, inventory_log_reference, inventory_log_movement_key, inventory_log_reverses';

const SELECT = `SELECT l.log_id, l.movement_key, l.product_id, l.warehouse AS location_id, l.change_type AS type,
       l.quantity_change, l.stock_level AS level_after, l.date AS effective_at, l.recorded_at, l.reason,
       l.reference_id, l.reverses_log_id, r.log_id AS reversed_by_log_id, l.actor, l.is_synthetic`;

/** Movements in the order of recording, newest first, and how many there are if that was asked. */
export async function listMovements(
  db: Statements,
  filter: LedgerFilter,
  { before, limit, isCounted = false }: LedgerPage,
): Promise<{ movements: LedgerMovement[]; total: number | null }> {
  const { sql, params } = conditionsOf(filter);
  // Named: else the newest movements of all are read one by one until a page of a rare product is full.
  const isNarrow = [filter.productId, filter.referenceId, filter.movementKeys, filter.reversesLogId].some(
    (one) => one !== undefined,
  );
  const index = isNarrow ? `FORCE INDEX (${INDEXES})` : '';
  const [count] = isCounted
    ? await db.select(Total, `SELECT COUNT(*) AS total FROM inventory_log l ${where(sql)}`, params)
    : [];
  const movements = await db.select(
    Row,
    `${SELECT}
       FROM inventory_log l ${index}
       LEFT JOIN inventory_log r ON r.reverses_log_id = l.log_id
       ${where([...sql, before !== undefined && 'l.log_id < :before'])}
      ORDER BY l.log_id DESC
      LIMIT :limit`,
    { ...params, limit, ...(before !== undefined && { before }) },
  );
  return { movements, total: count?.total ?? null };
}

/** One movement by its number. */
export async function findMovement(db: Statements, logId: number): Promise<LedgerMovement | undefined> {
  const [row] = await db.select(
    Row,
    `${SELECT}
       FROM inventory_log l
       LEFT JOIN inventory_log r ON r.reverses_log_id = l.log_id
      WHERE l.log_id = :logId`,
    { logId },
  );
  return row;
}

function conditionsOf(filter: LedgerFilter): { sql: string[]; params: Record<string, Param> } {
  const sql: string[] = [];
  const params: Record<string, Param> = {};
  const ask = (condition: string, name: string, value: Param | undefined) => {
    if (value === undefined) return;
    sql.push(condition);
    params[name] = value;
  };
  // Constants: of a table of them the reader would look up every movement of each before it sorts.
  const oneOf = (column: string, name: string, values: readonly string[] | undefined) => {
    if (values === undefined) return;
    if (values.length > MAX_VALUES) throw new Fault('invalid', `At most ${MAX_VALUES} locations at once`);
    sql.push(`${column} IN (${values.map((_, i) => `:${name}${i}`).join(', ')})`);
    for (const [i, value] of values.entries()) params[`${name}${i}`] = value;
  };
  ask('l.product_id = :productId', 'productId', filter.productId);
  ask('l.change_type = :type', 'type', filter.type);
  ask('l.reference_id = :referenceId', 'referenceId', filter.referenceId);
  ask('l.reverses_log_id = :reversesLogId', 'reversesLogId', filter.reversesLogId);
  oneOf('l.movement_key', 'key', filter.movementKeys);
  ask('l.date >= :from', 'from', filter.effectiveFrom && toSqlTime(filter.effectiveFrom));
  ask('l.date < :to', 'to', filter.effectiveTo && toSqlTime(filter.effectiveTo));
  oneOf('l.warehouse', 'place', filter.locationIds);
  return { sql, params };
}
