import * as z from 'zod';
import { Fault } from '../../contracts/fault.ts';
import { type MovementFact, UNEXPLAINED_SHORTAGE } from '../../core/inventory/book-movements.ts';
import type { MovementType } from '../../core/inventory/movement-types.ts';
import {
  planReversals,
  type RecordedMovement,
  type ReversalPlan,
} from '../../core/inventory/plan-reversals.ts';
import { flagColumn } from '../sql/columns.ts';
import { databaseErrorNumber } from '../sql/data-api-errors.ts';
import { json, StaleRead, type Statements } from '../sql/database.ts';
import { forgetOpenings } from '../waste/lot-opening-store.ts';
import { type Booked, type LockedStock, lockStock, recordMovements } from './ledger-store.ts';

/** Movements of one call. */
const MAX_MOVEMENTS = 2_000;
/** A movement that was taken back, brought back, taken back ... more often than anybody does. */
const MAX_CHAIN = 100;
/** VARCHAR(160), with room for `:shortage`. */
const MAX_KEY = 150;
const DUPLICATE_KEY = 1062;

export interface Reversing {
  readonly actor: string;
  /** Why: each reversal says it. */
  readonly reason: string;
  /** When they take effect. Left out, each at the time of what it takes back, as if that had never happened. */
  readonly date?: string;
  /** Left out, each as what it takes back. */
  readonly isSynthetic?: boolean;
}

export interface Reversed extends Booked {
  /** Movements that count no more by this call, linked shortages included. */
  readonly reversed: readonly number[];
  /** Movements asked for that counted no more before it. */
  readonly skipped: readonly number[];
}

/**
 * Takes movements back by linked reversals, each with the key `reversal:<its key>` and the exact opposite change. With a
 * movement goes the adjustment that covered its shortage. What was taken back already is skipped and named; taking back
 * a reversal brings its movement back. Where goods that came in are gone by now, a linked adjustment covers what is
 * missing, so that nothing falls below zero. At most 2,000 at once.
 * Fault `missing` for a movement that does not exist; `StaleRead` when somebody took one back after this transaction began
 * to read.
 */
export async function reverseMovements(
  tx: Statements,
  logIds: readonly number[],
  { actor, reason, date, isSynthetic }: Reversing,
): Promise<Reversed> {
  if (logIds.length > MAX_MOVEMENTS) throw new RangeError(`${logIds.length} reversals at once`);
  const asked = await readMovements(tx, logIds);
  const missing = logIds.find((logId) => !asked.some((movement) => movement.logId === logId));
  if (missing !== undefined) throw new Fault('missing', `There is no movement ${missing}`);
  let stock = await lockStock(tx, asked);
  const { wanted, reverse, skipped } = await planWithShortages(tx, asked);
  const facts = reverse.map((movement) => ({ ...movement, ...reversalOf(movement, reason, date) }));
  const reverses = new Map(facts.map((fact, i) => [fact.key, reverse[i]!.logId]));
  const movements: Booked['movements'][number][] = [];
  for (const invented of [false, true]) {
    const some = facts.filter((_, i) => (isSynthetic ?? reverse[i]!.isSynthetic) === invented);
    if (some.length === 0) continue;
    const booked = await book(tx, some, { actor, reverses, isSynthetic: invented }, stock);
    stock = booked.stock;
    movements.push(...booked.movements);
  }
  // Lots that were gone may be there again.
  if (facts.length > 0) await forgetOpenings(tx, facts);
  const gone = new Set(skipped);
  return {
    movements,
    shortages: movements.filter((movement) => movement.shortageOf !== null),
    stock,
    reversed: [...new Set(wanted.map(({ logId }) => logId))].filter((logId) => !gone.has(logId)),
    skipped: skipped.filter((logId) => logIds.includes(logId)),
  };
}

/**
 * What to take back so that the asked movements count no more, with the shortages of what is really taken back: the last
 * of a chain, which may have been short itself, not only the one that was asked for.
 */
async function planWithShortages(
  tx: Statements,
  asked: readonly RecordedMovement[],
): Promise<ReversalPlan & { readonly wanted: readonly RecordedMovement[] }> {
  const wanted = [...asked, ...(await readShortages(tx, asked))];
  for (let step = 0; step < MAX_CHAIN; step++) {
    const plan = planReversals(wanted, await readReversals(tx, wanted));
    const known = new Set(wanted.map(({ logId }) => logId));
    const chosen = plan.reverse.filter(({ logId }) => !known.has(logId));
    const more = (await readShortages(tx, chosen)).filter(({ logId }) => !known.has(logId));
    if (more.length === 0) return { ...plan, wanted };
    wanted.push(...more);
  }
  throw new RangeError(`shortages of more than ${MAX_CHAIN} reversals`);
}

/** The key of the reversal of a movement; of one that covered a shortage not `reversal:<key>`, which a shortage of the reversal has. */
export function reversalKey({ key, logId }: Pick<RecordedMovement, 'key' | 'logId'>): string {
  const named = `reversal:${key}`;
  return named.length <= MAX_KEY && !key.endsWith(':shortage') ? named : `reversal:#${logId}`;
}

function reversalOf(movement: RecordedMovement, reason: string, date: string | undefined): MovementFact {
  return {
    key: reversalKey(movement),
    productId: movement.productId,
    locationId: movement.locationId,
    date: date ?? movement.date,
    quantityChange: -movement.quantityChange,
    type: 'reversal',
    reason,
    referenceId: movement.referenceId,
  };
}

async function book(
  tx: Statements,
  facts: readonly MovementFact[],
  by: Parameters<typeof recordMovements>[2],
  stock: LockedStock,
): Promise<Booked> {
  try {
    return await recordMovements(tx, facts, by, stock);
  } catch (error) {
    // Seen by who read before the locks: the index keeps the second reversal out.
    if (databaseErrorNumber(error) !== DUPLICATE_KEY) throw error;
    throw new StaleRead('one of the movements was taken back elsewhere', { cause: error });
  }
}

const Row = z.object({
  log_id: z.int(),
  product_id: z.string(),
  warehouse: z.string(),
  date: z.string(),
  quantity_change: z.int(),
  change_type: z.string(),
  reason: z.string().nullable(),
  reference_id: z.string().nullable(),
  movement_key: z.string(),
  is_synthetic: flagColumn,
  reverses_log_id: z.int().nullable(),
});
const COLUMNS = `l.log_id, l.product_id, l.warehouse, l.date, l.quantity_change, l.change_type, l.reason,
                 l.reference_id, l.movement_key, l.is_synthetic, l.reverses_log_id`;

const toMovement = (row: z.infer<typeof Row>): RecordedMovement => ({
  logId: row.log_id,
  key: row.movement_key,
  productId: row.product_id,
  locationId: row.warehouse,
  date: row.date,
  quantityChange: row.quantity_change,
  type: row.change_type as MovementType,
  reason: row.reason,
  referenceId: row.reference_id,
  isSynthetic: row.is_synthetic,
});

/** A locking read, although rows never change: a plain one would fix what this transaction sees before it has the stock. */
async function readMovements(tx: Statements, logIds: readonly number[]): Promise<RecordedMovement[]> {
  if (logIds.length === 0) return [];
  const rows = await tx.select(
    Row,
    `SELECT STRAIGHT_JOIN ${COLUMNS}
       FROM JSON_TABLE(:ids, '$[*]' COLUMNS (log_id BIGINT PATH '$')) AS j
       JOIN inventory_log l FORCE INDEX (PRIMARY) ON l.log_id = j.log_id
       LOCK IN SHARE MODE`,
    { ids: json([...new Set(logIds)]) },
  );
  return rows.map(toMovement);
}

/** The adjustments that covered shortages of these movements. */
async function readShortages(
  tx: Statements,
  movements: readonly RecordedMovement[],
): Promise<RecordedMovement[]> {
  if (movements.length === 0) return [];
  const rows = await tx.select(
    Row,
    `SELECT STRAIGHT_JOIN ${COLUMNS}
       FROM JSON_TABLE(:keys, '$[*]' COLUMNS (movement_key VARCHAR(160) PATH '$')) AS j
       JOIN inventory_log l FORCE INDEX (inventory_log_movement_key) ON l.movement_key = j.movement_key
      WHERE l.change_type = 'adjustment' AND l.reason = '${UNEXPLAINED_SHORTAGE}'`,
    { keys: json(movements.map((movement) => `${movement.key}:shortage`)) },
  );
  return rows.map(toMovement);
}

/** The reversals of these movements, and theirs, by what each takes back. */
async function readReversals(
  tx: Statements,
  movements: readonly RecordedMovement[],
): Promise<Map<number, RecordedMovement>> {
  const found = new Map<number, RecordedMovement>();
  let open = [...new Set(movements.map((movement) => movement.logId))];
  for (let step = 0; open.length > 0; step++) {
    if (step === MAX_CHAIN) throw new RangeError(`a chain of more than ${MAX_CHAIN} reversals`);
    const rows = await tx.select(
      Row,
      `SELECT STRAIGHT_JOIN ${COLUMNS}
         FROM JSON_TABLE(:ids, '$[*]' COLUMNS (log_id BIGINT PATH '$')) AS j
         JOIN inventory_log l FORCE INDEX (inventory_log_reverses) ON l.reverses_log_id = j.log_id`,
      { ids: json(open) },
    );
    for (const row of rows) found.set(row.reverses_log_id!, toMovement(row));
    open = rows.map((row) => row.log_id).filter((logId) => !found.has(logId));
  }
  return found;
}
