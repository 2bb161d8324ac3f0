import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import {
  type Envelope,
  EVENT_DATA,
  type EventData,
  type EventType,
  KeptEnvelope,
} from '../../contracts/events.ts';
import { type Database, json, type Statements } from '../sql/database.ts';

/** Entries of one PutEvents call, and the most calls of one drain. */
const BATCH = 10;
const MAX_BATCHES = 100;
/** Events of one INSERT. */
const WRITTEN_AT_ONCE = 50;

export interface AnnounceOptions {
  readonly correlationId?: string;
  readonly userId?: string;
}

/** Writes an event in the transaction that causes it; `drainOutbox` publishes it after the commit. */
export async function announce<T extends EventType>(
  tx: Statements,
  type: T,
  data: EventData<T>,
  options: AnnounceOptions = {},
): Promise<void> {
  await announceAll(tx, [{ type, data } as Announcement], options);
}

/** Something to announce. */
export type Announcement = { [T in EventType]: { readonly type: T; readonly data: EventData<T> } }[EventType];

/** Writes events that belong together, in this order, by one statement for some hundred of them. */
export async function announceAll(
  tx: Statements,
  announcements: readonly Announcement[],
  options: AnnounceOptions = {},
): Promise<void> {
  const timestamp = new Date().toISOString();
  const envelopes = announcements.map(
    ({ type, data }): Envelope => ({
      event_id: randomUUID(),
      event_type: type,
      timestamp,
      source: 'smart-inventory',
      version: '1.0',
      data: EVENT_DATA[type].parse(data),
      correlation_id: options.correlationId ?? null,
      user_id: options.userId ?? null,
    }),
  );
  for (let at = 0; at < envelopes.length; at += WRITTEN_AT_ONCE) {
    const some = envelopes.slice(at, at + WRITTEN_AT_ONCE);
    await tx.write(
      `INSERT INTO outbox (event_id, envelope) VALUES ${some.map((_, i) => `(:id${i}, :envelope${i})`).join(', ')}`,
      Object.fromEntries(
        some.flatMap((envelope, i) => [
          [`id${i}`, envelope.event_id],
          [`envelope${i}`, json(envelope)],
        ]),
      ),
    );
  }
}

const Row = z.object({
  outbox_id: z.int(),
  // Whatever an older or newer version announced: an event that nobody knows must not hold up all that come after it.
  envelope: z.string().transform((text) => KeptEnvelope.parse(JSON.parse(text))),
});

const Taken = z.object({ outbox_id: z.int() });
/** By its key alone: a scan would lock the end of the outbox too, where everybody writes. */
const BY_KEY = `JSON_TABLE(:ids, '$[*]' COLUMNS (id BIGINT PATH '$')) AS j STRAIGHT_JOIN outbox o FORCE INDEX (PRIMARY) ON o.outbox_id = j.id`;

/**
 * Publishes what the outbox holds, oldest first, and forgets it once the bus has taken it. What another process is
 * publishing at this moment is left to it, and nobody who announces something waits for either.
 * A crash between the two publishes an event twice: listeners know it by its `event_id`.
 */
export async function drainOutbox(
  database: Database,
  publish: (events: readonly KeptEnvelope[]) => Promise<void>,
): Promise<void> {
  let after = 0;
  for (let batch = 0; batch < MAX_BATCHES; batch++) {
    const rows = await database.select(
      Row,
      `SELECT outbox_id, envelope FROM outbox WHERE outbox_id > :after ORDER BY outbox_id LIMIT ${BATCH}`,
      { after },
    );
    if (rows.length > 0) await publishRows(database, rows, publish);
    if (rows.length < BATCH) return;
    after = rows.at(-1)!.outbox_id;
  }
}

async function publishRows(
  database: Database,
  rows: readonly z.infer<typeof Row>[],
  publish: (events: readonly KeptEnvelope[]) => Promise<void>,
): Promise<void> {
  const ids = json(rows.map((row) => row.outbox_id));
  await database.transaction(async (tx) => {
    const free = await tx.select(Taken, `SELECT o.outbox_id FROM ${BY_KEY} FOR UPDATE SKIP LOCKED`, { ids });
    const mine = new Set(free.map((row) => row.outbox_id));
    const events = rows.filter((row) => mine.has(row.outbox_id)).map((row) => row.envelope);
    if (events.length === 0) return;
    await publish(events);
    await tx.write(`DELETE o FROM ${BY_KEY}`, { ids: json([...mine]) });
  });
}
