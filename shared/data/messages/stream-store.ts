import * as z from 'zod';
import { CHANNELS, type Channel } from '../../contracts/events.ts';
import type { Database, Statements } from '../sql/database.ts';

/** How long a ticket opens the door. */
const TICKET_SECONDS = 60;
/** Rows of one answer of `readListeners`: a shorter one is the last. */
export const LISTENERS_PER_PAGE = 1000;

const Channels = z
  .string()
  .transform((text) =>
    text.split(',').filter((name): name is Channel => CHANNELS.some((known) => known === name)),
  );

/** Keeps a ticket for one connection within a minute, and forgets those that nobody used. */
export async function keepTicket(tx: Statements, ticket: string, username: string): Promise<void> {
  await tx.write(`DELETE FROM stream_ticket WHERE expires_at < UTC_TIMESTAMP(3)`);
  await tx.write(
    `INSERT INTO stream_ticket (ticket, username, expires_at)
     VALUES (:ticket, :username, DATE_ADD(UTC_TIMESTAMP(3), INTERVAL ${TICKET_SECONDS} SECOND))`,
    { ticket, username },
  );
}

/** Takes a ticket: answers whose it is, once. Undefined when it is unknown, used or too old. */
export async function takeTicket(tx: Statements, ticket: string): Promise<string | undefined> {
  const [row] = await tx.select(
    z.object({ username: z.string() }),
    `SELECT username FROM stream_ticket WHERE ticket = :ticket AND expires_at > UTC_TIMESTAMP(3) FOR UPDATE`,
    { ticket },
  );
  const { updated } = await tx.write(`DELETE FROM stream_ticket WHERE ticket = :ticket`, { ticket });
  return updated === 1 ? row?.username : undefined;
}

export async function addConnection(tx: Statements, connectionId: string, username: string): Promise<void> {
  await tx.write(
    `INSERT INTO stream_connection (connection_id, username, channels) VALUES (:connectionId, :username, '')`,
    { connectionId, username },
  );
}

export async function removeConnection(db: Statements, connectionId: string): Promise<void> {
  await db.write(`DELETE FROM stream_connection WHERE connection_id = :connectionId`, { connectionId });
}

/** Changes what a connection listens to; answers its channels, or undefined when it is not known. */
export function changeChannels(
  database: Database,
  connectionId: string,
  change: (channels: ReadonlySet<Channel>) => ReadonlySet<Channel>,
): Promise<readonly Channel[] | undefined> {
  return database.transaction(async (tx) => {
    const [row] = await tx.select(
      z.object({ channels: Channels }),
      `SELECT channels FROM stream_connection WHERE connection_id = :connectionId FOR UPDATE`,
      { connectionId },
    );
    if (!row) return undefined;
    const wanted = change(new Set(row.channels));
    const channels = CHANNELS.filter((channel) => wanted.has(channel));
    await tx.write(`UPDATE stream_connection SET channels = :channels WHERE connection_id = :connectionId`, {
      connectionId,
      channels: channels.join(','),
    });
    return channels;
  });
}

/** A connection and what it listens to. */
export interface Listener {
  readonly connectionId: string;
  readonly channels: readonly Channel[];
}

/** Connections that listen to anything, page by page in the order of their ids. */
export async function readListeners(db: Statements, after: string): Promise<Listener[]> {
  const rows = await db.select(
    z.object({ connection_id: z.string(), channels: Channels }),
    `SELECT connection_id, channels
       FROM stream_connection
      WHERE connection_id > :after AND channels <> ''
      ORDER BY connection_id
      LIMIT ${LISTENERS_PER_PAGE}`,
    { after },
  );
  return rows.map((row) => ({ connectionId: row.connection_id, channels: row.channels }));
}
