import * as z from 'zod';
import type { ItemSaying } from '../../contracts/webhooks/channel-event.ts';
import type { Position } from '../ledger/ledger-store.ts';
import { json, type Statements } from '../sql/database.ts';
import { readLongText } from '../sql/long-text.ts';
import { toSqlTime } from '../sql/sql-time.ts';

/** What the events of an order have come to, for whoever holds the row; undefined when this is the first. */
export async function holdChannelOrder<T>(
  tx: Statements,
  state: z.ZodType<T>,
  connectionId: string,
  externalId: string,
): Promise<T | undefined> {
  await tx.write(
    `INSERT IGNORE INTO channel_order (connection_id, external_id, state) VALUES (:connectionId, :externalId, '')`,
    { connectionId, externalId },
  );
  const text = await readLongText(tx, {
    table: 'channel_order',
    column: 'state',
    condition: 'connection_id = :connectionId AND external_id = :externalId',
    params: { connectionId, externalId },
    isHeld: true,
  });
  return text ? state.parse(JSON.parse(text)) : undefined;
}

export async function saveChannelOrder(
  tx: Statements,
  connectionId: string,
  externalId: string,
  state: unknown,
): Promise<void> {
  await tx.write(
    `UPDATE channel_order SET state = :state WHERE connection_id = :connectionId AND external_id = :externalId`,
    { connectionId, externalId, state: JSON.stringify(state) },
  );
}

const Item = z
  .object({ connection_id: z.string(), external_id: z.string(), product_id: z.string().nullable() })
  .transform((row) => ({
    connectionId: row.connection_id,
    externalId: row.external_id,
    productId: row.product_id,
  }));
export type ChannelItem = z.infer<typeof Item>;

/** Names the products of items, unless something newer named them, and holds the rows. */
export async function nameItems(
  tx: Statements,
  connectionId: string,
  items: readonly Pick<ItemSaying, 'externalId' | 'productId' | 'at'>[],
): Promise<void> {
  if (items.length === 0) return;
  const rows = sortedBy(items, (item) => item.externalId).map((item) => [
    item.externalId,
    item.productId,
    toSqlTime(item.at),
  ]);
  // product_id comes before named_at: the assignments take effect from left to right
  await tx.write(
    `INSERT INTO channel_item (connection_id, external_id, product_id, named_at)
     SELECT :connectionId, j.external_id, j.product_id, j.named_at
       FROM JSON_TABLE(:rows, '$[*]' COLUMNS (
              external_id VARCHAR(64) PATH '$[0]',
              product_id  VARCHAR(64) PATH '$[1]',
              named_at    DATETIME(3) PATH '$[2]')) AS j
         ON DUPLICATE KEY UPDATE
            product_id = CASE WHEN channel_item.named_at IS NULL OR channel_item.named_at < j.named_at
                              THEN j.product_id ELSE channel_item.product_id END,
            named_at   = GREATEST(COALESCE(channel_item.named_at, j.named_at), j.named_at)`,
    { connectionId, rows: json(rows) },
  );
}

/** Holds items of a connection, those that nobody named yet included. */
export async function holdItems(
  tx: Statements,
  connectionId: string,
  externalIds: readonly string[],
): Promise<ChannelItem[]> {
  if (externalIds.length === 0) return [];
  const ids = json([...new Set(externalIds)].sort());
  await tx.write(
    `INSERT IGNORE INTO channel_item (connection_id, external_id)
     SELECT :connectionId, j.external_id
       FROM JSON_TABLE(:ids, '$[*]' COLUMNS (external_id VARCHAR(64) PATH '$')) AS j`,
    { connectionId, ids },
  );
  return await tx.select(
    Item,
    `SELECT STRAIGHT_JOIN i.connection_id, i.external_id, i.product_id
       FROM JSON_TABLE(:ids, '$[*]' COLUMNS (external_id VARCHAR(64) PATH '$')) AS j
       JOIN channel_item i ON i.connection_id = :connectionId AND i.external_id = j.external_id
        FOR UPDATE`,
    { connectionId, ids },
  );
}

/** Holds whatever shops call these products: from then on nobody states a level of them. */
export async function holdItemsOf(tx: Statements, productIds: readonly string[]): Promise<void> {
  await tx.select(
    Item,
    `SELECT STRAIGHT_JOIN i.connection_id, i.external_id, i.product_id
       FROM JSON_TABLE(:ids, '$[*]' COLUMNS (product_id VARCHAR(64) PATH '$')) AS j
       JOIN channel_item i ON i.product_id = j.product_id
        FOR UPDATE`,
    { ids: json([...new Set(productIds)].sort()) },
  );
}

/** Our products by the shop's ids, as far as they are named. */
export async function readItems(
  db: Statements,
  connectionId: string,
  externalIds: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (externalIds.length === 0) return new Map();
  const rows = await db.select(
    z.object({ external_id: z.string(), product_id: z.string() }),
    `SELECT STRAIGHT_JOIN i.external_id, i.product_id
       FROM JSON_TABLE(:ids, '$[*]' COLUMNS (external_id VARCHAR(64) PATH '$')) AS j
       JOIN channel_item i ON i.connection_id = :connectionId AND i.external_id = j.external_id
      WHERE i.product_id IS NOT NULL`,
    { connectionId, ids: json([...new Set(externalIds)]) },
  );
  return new Map(rows.map((row) => [row.external_id, row.product_id]));
}

export interface StatedLevel {
  readonly externalId: string;
  readonly locationId: string;
  readonly quantity: number;
  /** ISO 8601 */
  readonly at: string;
}

/**
 * Keeps levels where nothing newer is known; of two of the same moment the lower one. The items must be held.
 * Answers how many of them are new.
 */
export async function stateLevels(
  tx: Statements,
  connectionId: string,
  levels: readonly StatedLevel[],
): Promise<number> {
  let news = 0;
  for (const level of sortedBy(levels, ({ externalId, locationId }) => `${externalId} ${locationId}`)) {
    const row = { ...level, connectionId, at: toSqlTime(level.at) };
    const { updated: made } = await tx.write(
      `INSERT IGNORE INTO channel_level (connection_id, external_id, location_id, quantity, stated_at)
       VALUES (:connectionId, :externalId, :locationId, :quantity, :at)`,
      row,
    );
    const { updated: changed } =
      made === 1
        ? { updated: 1 }
        : await tx.write(
            `UPDATE channel_level SET quantity = :quantity, stated_at = :at
              WHERE connection_id = :connectionId AND external_id = :externalId AND location_id = :locationId
                AND (stated_at < :at OR stated_at = :at AND quantity > :quantity)`,
            row,
          );
    news += changed;
  }
  return news;
}

const Standing = z.object({
  product_id: z.string(),
  location_id: z.string(),
  quantity: z.int(),
  stated_at: z.string(),
});

/** For each position the newest level that a shop stated. The items must be held. */
export async function readStatedLevels(
  tx: Statements,
  positions: readonly Position[],
): Promise<(Position & { quantity: number; date: string })[]> {
  const rows = await tx.select(
    Standing,
    `SELECT STRAIGHT_JOIN i.product_id, l.location_id, l.quantity, CAST(l.stated_at AS CHAR) AS stated_at
       FROM JSON_TABLE(:rows, '$[*]' COLUMNS (
              product_id  VARCHAR(64) PATH '$[0]',
              location_id VARCHAR(50) PATH '$[1]')) AS j
       JOIN channel_item i ON i.product_id = j.product_id
       JOIN channel_level l
         ON l.connection_id = i.connection_id AND l.external_id = i.external_id AND l.location_id = j.location_id
      ORDER BY l.stated_at, l.quantity DESC
        FOR UPDATE`,
    { rows: json(positions.map((position) => [position.productId, position.locationId])) },
  );
  const newest = new Map(
    rows.map((row) => [JSON.stringify([row.product_id, row.location_id]), row] as const),
  );
  return [...newest.values()].map((row) => ({
    productId: row.product_id,
    locationId: row.location_id,
    quantity: row.quantity,
    date: row.stated_at,
  }));
}

/** Where levels of these items were stated. */
export async function levelLocations(
  tx: Statements,
  connectionId: string,
  externalIds: readonly string[],
): Promise<{ externalId: string; locationId: string }[]> {
  if (externalIds.length === 0) return [];
  const rows = await tx.select(
    z.object({ external_id: z.string(), location_id: z.string() }),
    `SELECT STRAIGHT_JOIN l.external_id, l.location_id
       FROM JSON_TABLE(:ids, '$[*]' COLUMNS (external_id VARCHAR(64) PATH '$')) AS j
       JOIN channel_level l ON l.connection_id = :connectionId AND l.external_id = j.external_id
        FOR UPDATE`,
    { connectionId, ids: json([...new Set(externalIds)].sort()) },
  );
  return rows.map((row) => ({ externalId: row.external_id, locationId: row.location_id }));
}

const sortedBy = <T>(list: readonly T[], key: (one: T) => string): T[] =>
  [...list].sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0));
