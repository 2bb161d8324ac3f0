import * as z from 'zod';
import type { Connection, ShopSystem } from '../../contracts/api/connection.ts';
import { InboundEvent, SHOP_SYSTEMS } from '../../contracts/api/connection.ts';
import { jsonColumn, type Page, type PageAsked, Total, timeColumn } from '../sql/columns.ts';
import { json, type Statements } from '../sql/database.ts';
import { insertNew } from '../sql/insert-new.ts';

const Row = z
  .object({
    connection_id: z.string(),
    source_system: z.enum(SHOP_SYSTEMS),
    name: z.string(),
    location_id: z.string(),
    locations: jsonColumn(z.record(z.string(), z.string())),
    sealed_secret: z.string(),
    notification_url: z.string().nullable(),
    is_active: z.int().transform(Boolean),
    created_by: z.string(),
    created_at: timeColumn,
  })
  .transform(({ connection_id: id, source_system: system, sealed_secret: sealedSecret, ...rest }) => ({
    shown: { id, system, ...rest } satisfies Connection,
    sealedSecret,
  }));

/** A connection, and what its secret is sealed into. */
export type KeptConnection = z.infer<typeof Row>;

const COLUMNS = `connection_id, source_system, name, location_id, locations, sealed_secret, notification_url,
              is_active, created_by, created_at`;

/** The connection of this id. */
export async function findConnection(db: Statements, id: string): Promise<KeptConnection | undefined> {
  const [row] = await db.select(Row, `SELECT ${COLUMNS} FROM webhook_connection WHERE connection_id = :id`, {
    id,
  });
  return row;
}

/** Connections by id. */
export async function listConnections(db: Statements, asked: PageAsked): Promise<Page<Connection>> {
  const [count] = await db.select(Total, `SELECT COUNT(*) AS total FROM webhook_connection`);
  const rows = await db.select(
    Row,
    `SELECT ${COLUMNS} FROM webhook_connection ORDER BY connection_id LIMIT ${asked.limit} OFFSET ${asked.skip}`,
  );
  return { data: rows.map((row) => row.shown), pagination: { ...asked, total: count!.total } };
}

export interface ConnectionRow {
  readonly id: string;
  readonly system: ShopSystem;
  readonly name: string;
  readonly locationId: string;
  readonly locations: Readonly<Record<string, string>>;
  readonly sealedSecret: string;
  readonly notificationUrl: string | null;
  readonly createdBy: string;
}

/** Makes a connection; false when the id is taken. */
export async function insertConnection(tx: Statements, row: ConnectionRow): Promise<boolean> {
  return await insertNew(
    tx,
    `INSERT INTO webhook_connection
            (connection_id, source_system, name, location_id, locations, sealed_secret, notification_url, created_by)
     VALUES (:id, :system, :name, :locationId, :locations, :sealedSecret, :notificationUrl, :createdBy)`,
    { ...row, locations: json(row.locations) },
  );
}

/** Gives a connection another secret; what comes by it is followed, from now on at the latest. */
export async function replaceSecret(tx: Statements, id: string, sealedSecret: string): Promise<void> {
  await tx.write(
    `UPDATE webhook_connection SET sealed_secret = :sealedSecret, is_active = 1 WHERE connection_id = :id`,
    { id, sealedSecret },
  );
}

/** Ends a connection: what it brought stays, what comes by it is refused. */
export async function disableConnection(tx: Statements, id: string): Promise<void> {
  await tx.write(`UPDATE webhook_connection SET is_active = 0 WHERE connection_id = :id`, { id });
}

export interface ReceivedEvent {
  readonly connectionId: string;
  readonly eventId: string;
  readonly topic: string;
  readonly status: 'applied' | 'waiting' | 'stale' | 'ignored';
  readonly detail: string | null;
  readonly payload: string | null;
  readonly payloadSha256: string;
}

/** Keeps what came in, beside its effect. */
export async function keepEvent(tx: Statements, event: ReceivedEvent): Promise<void> {
  await tx.write(
    `INSERT INTO webhook_event (connection_id, event_id, topic, status, detail, payload, payload_sha256)
     VALUES (:connectionId, :eventId, :topic, :status, :detail, :payload, :payloadSha256)`,
    { ...event },
  );
}

const EventRow = InboundEvent.extend({ received_at: timeColumn });

/** What came in by a connection, newest first. */
export async function listInboundEvents(
  db: Statements,
  connectionId: string,
  asked: PageAsked,
): Promise<Page<z.infer<typeof InboundEvent>>> {
  const [count] = await db.select(
    Total,
    `SELECT COUNT(*) AS total FROM webhook_event WHERE connection_id = :connectionId`,
    { connectionId },
  );
  const data = await db.select(
    EventRow,
    `SELECT connection_id, event_id, topic, status, detail, payload_sha256, received_at
       FROM webhook_event
      WHERE connection_id = :connectionId
      ORDER BY received_at DESC, event_id
      LIMIT ${asked.limit} OFFSET ${asked.skip}`,
    { connectionId },
  );
  return { data, pagination: { ...asked, total: count!.total } };
}
