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

/** Entries of one PutEvents call, and the most calls for what others left. */
const BATCH = 10;
const MAX_BATCHES = 100;
/** Events of one INSERT. */
const WRITTEN_AT_ONCE = 50;
/** An event that is older was left by whoever wrote it, and so often a process looks for such. */
const LEFT_AFTER_SECONDS = 10;
const LOOKS_EVERY_MS = 10_000;

/** What was announced in transactions that an `Outbox` watches. */
const announcedIn = new WeakMap<Statements, Envelope[]>();

export interface AnnounceOptions {
  readonly correlationId?: string;
  readonly userId?: string;
}

/** Writes an event in the transaction that causes it; the `Outbox` publishes it after the commit. */
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
  announcedIn.get(tx)?.push(...envelopes);
}

/** The outbox as one process stands to it. */
export interface Outbox<D extends Database = Database> {
  /** The database, whose transactions remember what they announce. */
  readonly database: D;
  /**
   * Publishes what this process has announced and committed; and what others have left, now and then, or all of it when
   * work `isAgain` being done whose first attempt may have left some. A crash between publishing and forgetting
   * publishes an event twice: listeners know it by its `event_id`.
   */
  publish(isAgain?: boolean): Promise<void>;
}

/** Takes at most ten events, or throws. */
type Publish = (events: readonly KeptEnvelope[]) => Promise<void>;

/**
 * Watches what the transactions of a database announce, so that nobody has to look into the outbox for it. What is not
 * published in the end, because the process died or the bus was down, is left for `publishLeft` of any process.
 */
export function openOutbox<D extends Database>(
  database: D,
  publish: Publish,
  { leftAfterSeconds = LEFT_AFTER_SECONDS, isTimeToLook = nowAndThen() } = {},
): Outbox<D> {
  let committed: Envelope[] = [];
  const watched: Pick<Database, 'transaction'> = {
    async transaction(work) {
      let announced: Envelope[] = [];
      const result = await database.transaction((tx) => {
        // another attempt announces anew
        announced = [];
        announcedIn.set(tx, announced);
        return work(tx);
      });
      committed.push(...announced);
      return result;
    },
  };
  return {
    database: { ...database, ...watched },
    async publish(isAgain = false) {
      const mine = committed;
      committed = [];
      for (let at = 0; at < mine.length; at += BATCH) {
        const events = mine.slice(at, at + BATCH);
        await publish(events);
        await database.write(`DELETE o FROM ${BY_EVENT}`, { ids: json(events.map((one) => one.event_id)) });
      }
      if (isAgain) await publishLeft(database, publish, 0);
      else if (isTimeToLook()) await publishLeft(database, publish, leftAfterSeconds);
    },
  };
}

/** True at first, and then when it was false for so long. */
function nowAndThen(): () => boolean {
  let last = Number.NEGATIVE_INFINITY;
  return () => {
    if (Date.now() - last < LOOKS_EVERY_MS) return false;
    last = Date.now();
    return true;
  };
}

const Row = z.object({
  outbox_id: z.int(),
  // Whatever an older or newer version announced: an event that nobody knows must not hold up all that come after it.
  envelope: z.string().transform((text) => KeptEnvelope.parse(JSON.parse(text))),
});

const Taken = z.object({ outbox_id: z.int() });
/** By their keys alone: a scan would lock the end of the outbox too, where everybody writes. */
const BY_KEY = `JSON_TABLE(:ids, '$[*]' COLUMNS (id BIGINT PATH '$')) AS j STRAIGHT_JOIN outbox o FORCE INDEX (PRIMARY) ON o.outbox_id = j.id`;
const BY_EVENT = `JSON_TABLE(:ids, '$[*]' COLUMNS (id CHAR(36) PATH '$')) AS j STRAIGHT_JOIN outbox o FORCE INDEX (outbox_event) ON o.event_id = j.id`;

/**
 * Publishes what the outbox has held for so long, oldest first, and forgets it once the bus has taken it. What another
 * process is publishing here at this moment is left to it, and nobody who announces something waits for either.
 */
export async function publishLeft(
  database: Database,
  publish: Publish,
  leftAfterSeconds: number,
): Promise<void> {
  let after = 0;
  for (let batch = 0; batch < MAX_BATCHES; batch++) {
    const rows = await database.select(
      Row,
      `SELECT outbox_id, envelope
         FROM outbox
        WHERE outbox_id > :after AND created_at <= DATE_SUB(UTC_TIMESTAMP(3), INTERVAL :leftAfterSeconds SECOND)
        ORDER BY outbox_id
        LIMIT ${BATCH}`,
      { after, leftAfterSeconds },
    );
    if (rows.length > 0) await publishRows(database, rows, publish);
    if (rows.length < BATCH) return;
    after = rows.at(-1)!.outbox_id;
  }
}

async function publishRows(
  database: Database,
  rows: readonly z.infer<typeof Row>[],
  publish: Publish,
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
