import * as z from 'zod';
import type { StockPosition } from '../../core/inventory/book-movements.ts';
import { announce } from '../messages/outbox-store.ts';
import { timeColumn } from '../sql/columns.ts';
import { type Database, json, type Statements } from '../sql/database.ts';
import { jsonChunks } from '../sql/json-chunks.ts';

/** Bytes of one row, of which the Data API takes 64 KiB, and rows that are read at once, of which it takes 1 MiB. */
const ROW_BYTES = 48_000;
const ROWS_PER_PAGE = 10;
/** Rows that one reader numbers: what is left is numbered by the next. */
const NUMBERED_AT_ONCE = 1_000;
/** How long the feed goes back, and how many rows are forgotten at once. */
const KEPT_DAYS = 7;
const FORGOTTEN_AT_ONCE = 1_000;

/** Writes down, in the transaction of the booking, which positions have another level than before. */
export async function noteStockChange(
  tx: Statements,
  before: ReadonlyMap<string, StockPosition>,
  levels: ReadonlyMap<string, number>,
): Promise<void> {
  const positions = [...levels].map(([key, level]) => {
    const { productId, locationId, level: was } = before.get(key)!;
    return [productId, locationId, was, level];
  });
  for (const chunk of jsonChunks(positions, ROW_BYTES))
    await tx.write(`INSERT INTO stock_change (positions) VALUES (:positions)`, { positions: chunk });
}

/** Who books much at once and tells of no single position. */
const BULK = /^(import:|undo:|simulation$)/;
const SAMPLE = 50;

/** Tells listeners, once for a booking of an import or a simulation, that stock changed; the feed has the rest. */
export async function announceBulk(
  tx: Statements,
  before: ReadonlyMap<string, StockPosition>,
  levels: ReadonlyMap<string, number>,
  actor: string,
): Promise<void> {
  if (!BULK.test(actor) || levels.size === 0) return;
  const sample = [...levels].slice(0, SAMPLE).map(([key, currentStock]) => {
    const { productId, locationId } = before.get(key)!;
    return { productId, locationId, currentStock };
  });
  await announce(tx, 'stock.changed', { cause: actor, positions: levels.size, sample });
}

const Row = z.object({
  feed_no: z.int(),
  positions: z
    .string()
    .transform((text) =>
      z.array(z.tuple([z.string(), z.string(), z.number(), z.number()])).parse(JSON.parse(text)),
    ),
  changed_at: timeColumn,
});

/** A position whose stock changed, as the feed tells it. */
export interface StockChange {
  readonly cursor: number;
  readonly productId: string;
  readonly locationId: string;
  readonly previousStock: number;
  readonly currentStock: number;
  readonly at: string;
}

export interface FeedPage {
  readonly changes: readonly StockChange[];
  /** Where to go on. */
  readonly cursor: number;
  readonly hasMore: boolean;
  /** Changes after the asked cursor are forgotten: read the stock itself once, then go on from `cursor`. */
  readonly isLost: boolean;
}

const Head = z.object({ last_no: z.int(), forgotten_no: z.int() });

/**
 * Changes of stock after a cursor, in the order in which they were committed; 0 is the beginning. Whoever goes on from
 * the cursor of each page misses nothing: a change gets its number only once it is committed.
 */
export async function readFeed(database: Database, after: number): Promise<FeedPage> {
  await numberChanges(database);
  const [head] = await database.select(
    Head,
    `SELECT last_no, forgotten_no FROM stock_feed WHERE feed_id = 1`,
  );
  const { last_no: last, forgotten_no: forgotten } = head!;
  // a cursor that is ahead is of another database, such as one that was restored
  if (after < forgotten || after > last) return { changes: [], cursor: last, hasMore: false, isLost: true };
  const rows = await database.select(
    Row,
    `SELECT feed_no, positions, changed_at
       FROM stock_change
      WHERE feed_no > :after
      ORDER BY feed_no
      LIMIT ${ROWS_PER_PAGE}`,
    { after },
  );
  const cursor = rows.at(-1)?.feed_no ?? after;
  return {
    changes: rows.flatMap((row) =>
      row.positions.map(([productId, locationId, previousStock, currentStock]) => ({
        cursor: row.feed_no,
        productId,
        locationId,
        previousStock,
        currentStock,
        at: row.changed_at,
      })),
    ),
    cursor,
    hasMore: cursor < last,
    isLost: false,
  };
}

/** The newest cursor: from here on whoever has just read all stock misses nothing. */
export async function newestCursor(database: Database): Promise<number> {
  await numberChanges(database);
  const [head] = await database.select(
    Head,
    `SELECT last_no, forgotten_no FROM stock_feed WHERE feed_id = 1`,
  );
  return head!.last_no;
}

const Id = z.object({ change_id: z.int() });

/** Rounds of one night: what is left is for the next. */
const MOST_ROUNDS = 500;

/** Forgets changes that are too old for the feed, also where nobody reads it; answers how many rounds that took. */
export async function forgetStockChanges(database: Database): Promise<number> {
  // what has no number yet gets one, for a cursor must tell what is forgotten
  let rounds = 0;
  while (rounds < MOST_ROUNDS && (await numberChanges(database))) rounds++;
  while (rounds < MOST_ROUNDS && (await database.transaction(forgetPage))) rounds++;
  return rounds;
}

/** Holds the feed, then forgets; false when nothing was old enough. */
async function forgetPage(tx: Statements): Promise<boolean> {
  await tx.select(Head, `SELECT last_no, forgotten_no FROM stock_feed WHERE feed_id = 1 FOR UPDATE`);
  return await forgetOld(tx);
}

/**
 * Gives committed changes their numbers, one reader at a time. What is not committed yet gets a later one. False when
 * none was waiting.
 */
async function numberChanges(database: Database): Promise<boolean> {
  const waiting = await database.select(
    Id,
    `SELECT change_id FROM stock_change WHERE feed_no IS NULL LIMIT 1`,
  );
  if (waiting.length === 0) return false;
  await database.transaction(async (tx) => {
    const [head] = await tx.select(
      Head,
      `SELECT last_no, forgotten_no FROM stock_feed WHERE feed_id = 1 FOR UPDATE`,
    );
    // The first plain read of the transaction: it sees all that is committed now, and waits for no writer.
    const rows = await tx.select(
      Id,
      `SELECT change_id FROM stock_change WHERE feed_no IS NULL ORDER BY change_id LIMIT ${NUMBERED_AT_ONCE}`,
    );
    if (rows.length === 0) return;
    // Row by row by its key: a scan of the table would lock the end of it, where writers insert.
    await tx.write(
      `UPDATE JSON_TABLE(:ids, '$[*]' COLUMNS (n FOR ORDINALITY, id BIGINT PATH '$')) AS j
              STRAIGHT_JOIN stock_change c ON c.change_id = j.id
          SET c.feed_no = :last + j.n`,
      { ids: json(rows.map((row) => row.change_id)), last: head!.last_no },
    );
    await tx.write(`UPDATE stock_feed SET last_no = :last WHERE feed_id = 1`, {
      last: head!.last_no + rows.length,
    });
    // now and then
    if (head!.last_no % 64 === 0) await forgetOld(tx);
  });
  return true;
}

const Old = z.object({ feed_no: z.int().nullable() });

/** Forgets the oldest; the row of the feed is held. False when nothing was old enough. */
async function forgetOld(tx: Statements): Promise<boolean> {
  const [row] = await tx.select(
    Old,
    `SELECT MAX(o.feed_no) AS feed_no
       FROM (SELECT feed_no FROM stock_change
              WHERE feed_no IS NOT NULL AND changed_at < DATE_SUB(UTC_TIMESTAMP(3), INTERVAL ${KEPT_DAYS} DAY)
              ORDER BY feed_no LIMIT ${FORGOTTEN_AT_ONCE}) AS o`,
  );
  const upTo = row?.feed_no ?? null;
  if (upTo === null) return false;
  await tx.write(`UPDATE stock_feed SET forgotten_no = :upTo WHERE feed_id = 1`, { upTo });
  await tx.write(`DELETE FROM stock_change WHERE feed_no <= :upTo`, { upTo });
  return true;
}
