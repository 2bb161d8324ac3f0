import * as z from 'zod';
import { Fault } from '../../contracts/fault.ts';
import { InsufficientStock } from '../../contracts/insufficient-stock.ts';
import {
  type BookedMovement,
  type Booking,
  bookMovements,
  bookOrRefuse,
  type MovementFact,
  positionKey,
  type StockPosition,
  shortfallsOf,
} from '../../core/inventory/book-movements.ts';
import { json, type Statements } from '../sql/database.ts';
import { jsonChunks } from '../sql/json-chunks.ts';
import { EXPIRED_AT_ONCE, expireReservations } from './reservation-expiry.ts';
import { announceBulk, noteStockChange } from './stock-feed-store.ts';

/** A place in the ledger: one product at one location. */
export interface Position {
  readonly productId: string;
  readonly locationId: string;
}

/** The stock of locked positions, by `positionKey`. */
export type LockedStock = ReadonlyMap<string, StockPosition>;

/** Who books, and whether the data is invented. */
export interface BookedBy {
  readonly actor: string;
  readonly isSynthetic?: boolean;
  /** For reversals, by movement key: the ledger row that each takes back. */
  readonly reverses?: ReadonlyMap<string, number>;
}

/** What a booking did. */
export interface Booked {
  readonly movements: readonly BookedMovement[];
  /** Facts that took more than the ledger knew of, each preceded by an adjustment of its own. */
  readonly shortages: readonly BookedMovement[];
  /** The locked stock as it is now, for more movements in the same transaction. */
  readonly stock: LockedStock;
}

/** Number in the list, level, committed, backorders allowed: a cell a column would cost more than the reading itself. */
const Found = z.object({
  found: z.string().transform((text) => text.split(' ').map(Number) as [number, number, number, number]),
});
/** Keys of one locking read: their answer stays below the Data API's 1 MiB. */
const LOCK_PAGE = 4_000;

/**
 * Holds the stock of these positions until the transaction ends, always in the same order, so that writers of the
 * same products take turns. A position without stock yet starts at 0. The products must exist.
 */
export async function lockStock(tx: Statements, positions: Iterable<Position>): Promise<LockedStock> {
  const wanted = new Map<string, Position>();
  for (const position of positions) wanted.set(positionKey(position), position);
  const keys = [...wanted.keys()].sort();
  const locked = new Map<string, StockPosition>();
  for (let at = 0; at < keys.length; at += LOCK_PAGE) {
    const page = keys.slice(at, at + LOCK_PAGE).map((key) => wanted.get(key)!);
    for (const position of await lockPage(tx, page)) locked.set(positionKey(position), position);
    const missing = page.filter((position) => !locked.has(positionKey(position)));
    if (missing.length === 0) continue;
    await insertEmptyStock(tx, missing);
    for (const position of await lockPage(tx, missing)) locked.set(positionKey(position), position);
  }
  return locked;
}

/**
 * Books movements that have happened: they are never refused. What the ledger did not know of is first booked as a
 * linked adjustment with the reason `unexplained shortage`. Throws Fault `conflict` when the stock changed meanwhile.
 */
export async function recordMovements(
  tx: Statements,
  facts: readonly MovementFact[],
  bookedBy: BookedBy,
  stock?: LockedStock,
): Promise<Booked> {
  const before = stock ?? (await lockStock(tx, facts));
  return await write(tx, before, bookMovements(before, facts), bookedBy);
}

/**
 * Books movements that are still a wish, such as an order that wants to leave now: all or nothing, and only what nobody
 * reserved.
 * Throws `InsufficientStock` naming each product that is short, the lines of one product summed first.
 */
export async function recordOrderMovements(
  tx: Statements,
  wishes: readonly MovementFact[],
  bookedBy: BookedBy,
): Promise<Booked> {
  const before = await lockAvailable(tx, wishes);
  const booking = bookOrRefuse(before, wishes);
  if ('shortfalls' in booking) throw new InsufficientStock(booking.shortfalls);
  return await write(tx, before, booking, bookedBy);
}

/**
 * Locks stock from which these changes are wanted. Throws `InsufficientStock` when it is not there, or promised to
 * others; promises whose time is over are ended first where they are in the way.
 */
export async function lockAvailable(
  tx: Statements,
  wishes: readonly Pick<MovementFact, 'productId' | 'locationId' | 'quantityChange'>[],
): Promise<LockedStock> {
  const stock = await lockStock(tx, wishes);
  const shortfalls = shortfallsOf(stock, wishes);
  if (shortfalls.length === 0) return stock;
  const promised = shortfalls.filter(({ committed }) => committed > 0);
  if ((await expireAll(tx, promised)) === 0) throw new InsufficientStock(shortfalls);
  const now = await lockStock(tx, wishes);
  const still = shortfallsOf(now, wishes);
  if (still.length > 0) throw new InsufficientStock(still);
  return now;
}

/** Reservations end a page at a time; so many pages are more than anybody leaves lying. */
const EXPIRY_PAGES = 50;

async function expireAll(tx: Statements, positions: readonly Position[]): Promise<number> {
  let all = 0;
  for (let page = 0; page < EXPIRY_PAGES; page++) {
    const ended = await expireReservations(tx, positions);
    all += ended;
    if (ended < EXPIRED_AT_ONCE) break;
  }
  return all;
}

async function write(
  tx: Statements,
  before: LockedStock,
  { movements, levels }: Booking,
  bookedBy: BookedBy,
): Promise<Booked> {
  // Stock first: it says when, after the locks, and never before what was recorded there already.
  await moveStock(tx, before, levels, movements);
  await insertMovements(tx, movements, bookedBy);
  await noteStockChange(tx, before, levels);
  await announceBulk(tx, before, levels, bookedBy.actor);
  const after = new Map(before);
  for (const [key, level] of levels) after.set(key, { ...before.get(key)!, level });
  return { movements, shortages: movements.filter((movement) => movement.shortageOf !== null), stock: after };
}

async function lockPage(tx: Statements, positions: readonly Position[]): Promise<StockPosition[]> {
  const rows = await tx.select(
    Found,
    `SELECT STRAIGHT_JOIN CONCAT_WS(' ', j.n, s.stock_level, s.committed, p.backorders_allowed) AS found
       FROM JSON_TABLE(:rows, '$[*]' COLUMNS (
              n           FOR ORDINALITY,
              product_id  VARCHAR(64) PATH '$[0]',
              location_id VARCHAR(50) PATH '$[1]')) AS j
       JOIN stock s FORCE INDEX (PRIMARY) ON s.product_id = j.product_id AND s.location_id = j.location_id
       JOIN products p FORCE INDEX (PRIMARY) ON p.product_id = s.product_id
        FOR UPDATE`,
    { rows: json(positions.map((position) => [position.productId, position.locationId])) },
  );
  return rows.map(({ found: [n, level, committed, backordersAllowed] }) => ({
    productId: positions[n - 1]!.productId,
    locationId: positions[n - 1]!.locationId,
    level,
    committed,
    backordersAllowed: backordersAllowed === 1,
  }));
}

async function insertEmptyStock(tx: Statements, positions: readonly Position[]): Promise<void> {
  const rows = positions.map((position) => [position.productId, position.locationId]);
  for (const chunk of jsonChunks(rows)) {
    await tx.write(
      `INSERT IGNORE INTO stock (product_id, location_id)
       SELECT j.product_id, j.location_id
         FROM JSON_TABLE(:rows, '$[*]' COLUMNS (
                product_id  VARCHAR(64) PATH '$[0]',
                location_id VARCHAR(50) PATH '$[1]')) AS j`,
      { rows: chunk },
    );
  }
}

async function insertMovements(
  tx: Statements,
  movements: readonly BookedMovement[],
  bookedBy: BookedBy,
): Promise<void> {
  const { actor, reverses } = bookedBy;
  const rows = movements.map((movement) => [
    movement.productId,
    movement.locationId,
    movement.date,
    movement.quantityChange,
    movement.level,
    movement.type,
    movement.reason,
    movement.referenceId,
    // Most keys say what two other cells say.
    movement.key === `${movement.type}:${movement.referenceId}` ? null : movement.key,
    ...(reverses ? [reverses.get(movement.key) ?? null] : []),
  ]);
  for (const chunk of jsonChunks(rows)) {
    // The order of the rows is the order of the ledger: every level follows from the one before.
    await tx.write(
      `INSERT INTO inventory_log
              (product_id, warehouse, date, quantity_change, stock_level, change_type, reason, reference_id,
               movement_key, reverses_log_id, actor, is_synthetic, recorded_at)
       SELECT STRAIGHT_JOIN j.product_id, j.warehouse, j.date, j.quantity_change, j.stock_level, j.change_type, j.reason,
              j.reference_id, COALESCE(j.movement_key, CONCAT(j.change_type, ':', j.reference_id)),
              ${reverses ? 'j.reverses_log_id' : 'NULL'}, :actor, :isSynthetic, s.recorded_at
         FROM JSON_TABLE(:rows, '$[*]' COLUMNS (
                n               FOR ORDINALITY,
                product_id      VARCHAR(64)  PATH '$[0]',
                warehouse       VARCHAR(50)  PATH '$[1]',
                date            DATETIME(3)  PATH '$[2]',
                quantity_change INT          PATH '$[3]',
                stock_level     BIGINT       PATH '$[4]',
                change_type     VARCHAR(20)  PATH '$[5]',
                reason          VARCHAR(255) PATH '$[6]',
                reference_id    VARCHAR(128) PATH '$[7]',
                movement_key    VARCHAR(160) PATH '$[8]'${
                  reverses ? `,\n                reverses_log_id BIGINT       PATH '$[9]'` : ''
                })) AS j
         JOIN stock s FORCE INDEX (PRIMARY) ON s.product_id = j.product_id AND s.location_id = j.warehouse
        ORDER BY j.n`,
      { rows: chunk, actor, isSynthetic: bookedBy.isSynthetic ? 1 : 0 },
    );
  }
}

/** One conditional write: every position still has the level that was read, or nothing is written. */
async function moveStock(
  tx: Statements,
  before: LockedStock,
  after: ReadonlyMap<string, number>,
  facts: readonly MovementFact[],
): Promise<void> {
  const dates = new Map<string, string>();
  for (const fact of facts) {
    const key = positionKey(fact);
    const date = dates.get(key);
    if (date === undefined || fact.date > date) dates.set(key, fact.date);
  }
  const rows = [...after].map(([key, level]) => {
    const position = before.get(key)!;
    return [position.productId, position.locationId, position.level, level, dates.get(key)!];
  });
  for (const chunk of jsonChunks(rows)) {
    // Row by row by its key: a scan, which a small table invites, would wait for the rows of every other writer.
    const { updated } = await tx.write(
      `UPDATE JSON_TABLE(:rows, '$[*]' COLUMNS (
                product_id  VARCHAR(64) PATH '$[0]',
                location_id VARCHAR(50) PATH '$[1]',
                level_read  BIGINT      PATH '$[2]',
                level_now   BIGINT      PATH '$[3]',
                date        DATETIME(3) PATH '$[4]')) AS j
              STRAIGHT_JOIN stock s FORCE INDEX (PRIMARY)
           ON s.product_id = j.product_id
          AND s.location_id = j.location_id
          AND s.stock_level = j.level_read
          SET s.stock_level = j.level_now, s.status_date = j.date,
              s.recorded_at = GREATEST(s.recorded_at, UTC_TIMESTAMP(3))`,
      { rows: chunk },
    );
    if (updated !== (JSON.parse(chunk) as unknown[]).length) {
      throw new Fault('conflict', 'The stock was changed elsewhere; try again');
    }
  }
}
