import * as z from 'zod';
import { Fault } from '../../contracts/fault.ts';
import { positionKey } from '../../core/inventory/book-movements.ts';
import { timeColumn } from '../sql/columns.ts';
import { type Database, json, type Statements } from '../sql/database.ts';
import { toSqlTime } from '../sql/sql-time.ts';

/** What was there, at one or several locations together. */
export interface StockAsOf {
  readonly onHand: number;
  readonly movements: number;
  /** The newest movement that counts; null when none does. */
  readonly newestLogId: number | null;
  /** The moment up to which recorded movements count. */
  readonly knownAt: string;
  readonly byLocation: readonly { readonly locationId: string; readonly onHand: number }[];
}

export interface AsOfQuestion {
  readonly productId: string;
  readonly locationIds: readonly string[];
  /** Movements that took effect until then, inclusive; ISO 8601. Left out, until `knownAt`. */
  readonly effectiveAt?: string | undefined;
  /** Movements that were recorded until then, inclusive. Left out, all that are. */
  readonly knownAt?: string | undefined;
}

const Clock = z.object({ now: timeColumn });
const Locked = z.object({ location_id: z.string() });
const Sum = z.object({
  location_id: z.string(),
  on_hand: z.string().transform(Number),
  movements: z.int(),
  newest_log_id: z.int(),
});

/**
 * The stock at an effective time as it was known at a recorded time. The answer for a `knownAt` never changes: it is
 * before now by the database's clock, writers in flight are waited for, and whoever writes later records later, for the
 * time of a movement is taken while its stock is held and is never before that of another of the same stock.
 * Fault `invalid` for a `knownAt` that is not past.
 */
export async function readStockAsOf(database: Database, question: AsOfQuestion): Promise<StockAsOf> {
  return await database.transaction(async (tx) => {
    const [clock] = await tx.select(Clock, 'SELECT UTC_TIMESTAMP(3) AS now');
    // A movement may still be recorded in the millisecond that it is: the last one that is over is the newest to know of.
    const newest = new Date(Date.parse(clock!.now) - 1).toISOString();
    const knownAt = question.knownAt ?? newest;
    if (knownAt > newest) {
      const details = [{ field: 'known_at', reason: `is not before ${clock!.now}, which is now` }];
      throw new Fault('invalid', 'Nobody knows yet what will have been known', { details });
    }
    await waitForWriters(tx, question);
    const rows = await readSums(tx, { ...question, knownAt, effectiveAt: question.effectiveAt ?? knownAt });
    return {
      onHand: rows.reduce((sum, row) => sum + row.on_hand, 0),
      movements: rows.reduce((sum, row) => sum + row.movements, 0),
      newestLogId: rows.length === 0 ? null : Math.max(...rows.map((row) => row.newest_log_id)),
      knownAt,
      byLocation: rows.map((row) => ({ locationId: row.location_id, onHand: row.on_hand })),
    };
  });
}

/** Until nobody else holds the stock, and nobody will before the transaction ends. Before any plain read: that would be of before. */
async function waitForWriters(tx: Statements, { productId, locationIds }: AsOfQuestion): Promise<void> {
  const inOrder = locationIds
    .map((locationId) => ({ productId, locationId }))
    .sort((a, b) => (positionKey(a) < positionKey(b) ? -1 : 1));
  await tx.select(
    Locked,
    `SELECT STRAIGHT_JOIN s.location_id
       FROM JSON_TABLE(:locations, '$[*]' COLUMNS (location_id VARCHAR(50) PATH '$')) AS j
       JOIN stock s ON s.product_id = :productId AND s.location_id = j.location_id
       LOCK IN SHARE MODE`,
    { productId, locations: json(inOrder.map(({ locationId }) => locationId)) },
  );
}

async function readSums(
  tx: Statements,
  { productId, locationIds, effectiveAt, knownAt }: Required<AsOfQuestion>,
): Promise<z.infer<typeof Sum>[]> {
  return await tx.select(
    Sum,
    `SELECT STRAIGHT_JOIN j.location_id, CAST(SUM(l.quantity_change) AS CHAR) AS on_hand, COUNT(*) AS movements,
            MAX(l.log_id) AS newest_log_id
       FROM JSON_TABLE(:locations, '$[*]' COLUMNS (location_id VARCHAR(50) PATH '$')) AS j
       JOIN inventory_log l FORCE INDEX (inventory_log_position)
         ON l.product_id = :productId AND l.warehouse = j.location_id AND l.date <= :effectiveAt
      WHERE l.recorded_at <= :knownAt
      GROUP BY j.location_id
      ORDER BY j.location_id`,
    {
      productId,
      locations: json(locationIds),
      effectiveAt: toSqlTime(effectiveAt!),
      knownAt: toSqlTime(knownAt!),
    },
  );
}
