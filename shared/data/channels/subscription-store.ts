import * as z from 'zod';
import { type Subscription, WebhookDelivery } from '../../contracts/api/subscription.ts';
import type { KeptEnvelope } from '../../contracts/events.ts';
import { jsonColumn, type Page, type PageAsked, Total, timeColumn, where } from '../sql/columns.ts';
import { json, type Statements } from '../sql/database.ts';
import { toSqlTime } from '../sql/sql-time.ts';

const Row = z
  .object({
    subscription_id: z.int(),
    url: z.string(),
    event_types: jsonColumn(z.array(z.string())),
    sealed_secret: z.string(),
    status: z.enum(['active', 'suspended', 'deleted']),
    created_by: z.string(),
    created_at: timeColumn,
  })
  .transform(({ subscription_id: id, sealed_secret: sealedSecret, ...rest }) => ({
    shown: { id, ...rest } satisfies Subscription,
    sealedSecret,
  }));
export type KeptSubscription = z.infer<typeof Row>;

const COLUMNS = 'subscription_id, url, event_types, sealed_secret, status, created_by, created_at';
/** Subscriptions that there may be at once: one event is one message for each of them. */
export const MOST_SUBSCRIPTIONS = 100;

/** A subscription that is not deleted. */
export async function findSubscription(db: Statements, id: number): Promise<KeptSubscription | undefined> {
  const [row] = await db.select(
    Row,
    `SELECT ${COLUMNS} FROM webhook_subscription WHERE subscription_id = :id AND status <> 'deleted'`,
    { id },
  );
  return row;
}

/** Subscriptions that are not deleted. */
export async function listSubscriptions(db: Statements, asked: PageAsked): Promise<Page<Subscription>> {
  const [count] = await db.select(
    Total,
    `SELECT COUNT(*) AS total FROM webhook_subscription WHERE status <> 'deleted'`,
  );
  const rows = await db.select(
    Row,
    `SELECT ${COLUMNS} FROM webhook_subscription
      WHERE status <> 'deleted'
      ORDER BY subscription_id
      LIMIT ${asked.limit} OFFSET ${asked.skip}`,
  );
  return { data: rows.map((row) => row.shown), pagination: { ...asked, total: count!.total } };
}

/** Makes a subscription; its secret is sealed under its id, so it comes by `sealSubscription`. */
export async function insertSubscription(
  tx: Statements,
  row: { readonly url: string; readonly eventTypes: readonly string[]; readonly createdBy: string },
): Promise<number> {
  const { insertId } = await tx.write(
    `INSERT INTO webhook_subscription (url, event_types, sealed_secret, created_by)
     VALUES (:url, :eventTypes, '', :createdBy)`,
    { ...row, eventTypes: json(row.eventTypes) },
  );
  return insertId!;
}

export async function sealSubscription(tx: Statements, id: number, sealedSecret: string): Promise<void> {
  await tx.write(
    `UPDATE webhook_subscription SET sealed_secret = :sealedSecret WHERE subscription_id = :id`,
    { id, sealedSecret },
  );
}

/** Ends, suspends or resumes a subscription. */
export async function setSubscriptionStatus(
  tx: Statements,
  id: number,
  status: Subscription['status'],
): Promise<void> {
  await tx.write(
    `UPDATE webhook_subscription SET status = :status, dead_in_a_row = 0 WHERE subscription_id = :id`,
    { id, status },
  );
}

const Subscriber = z
  .object({ subscription_id: z.int(), event_types: jsonColumn(z.array(z.string())) })
  .transform((row) => ({ id: row.subscription_id, eventTypes: row.event_types }));

/** Active subscriptions with the types that they want to hear of, `*` being all. */
export function readSubscribers(db: Statements): Promise<z.infer<typeof Subscriber>[]> {
  return db.select(
    Subscriber,
    `SELECT subscription_id, event_types FROM webhook_subscription
      WHERE status = 'active' ORDER BY subscription_id LIMIT ${MOST_SUBSCRIPTIONS}`,
  );
}

/** Makes the deliveries of an event, once for each subscriber; answers those that nobody has tried yet. */
export async function makeDeliveries(
  tx: Statements,
  subscriptionIds: readonly number[],
  event: KeptEnvelope,
): Promise<number[]> {
  await tx.write(
    `INSERT IGNORE INTO webhook_delivery (subscription_id, event_id, event_type, body)
     SELECT j.id, :eventId, :eventType, :body
       FROM JSON_TABLE(:ids, '$[*]' COLUMNS (id BIGINT PATH '$')) AS j`,
    {
      ids: json(subscriptionIds),
      eventId: event.event_id,
      eventType: event.event_type,
      body: JSON.stringify(event),
    },
  );
  const rows = await tx.select(
    z.object({ delivery_id: z.int() }),
    `SELECT STRAIGHT_JOIN d.delivery_id
       FROM JSON_TABLE(:ids, '$[*]' COLUMNS (id BIGINT PATH '$')) AS j
       JOIN webhook_delivery d ON d.subscription_id = j.id AND d.event_id = :eventId
      WHERE d.status = 'pending' AND d.attempts = 0`,
    { ids: json(subscriptionIds), eventId: event.event_id },
  );
  return rows.map((row) => row.delivery_id);
}

/** Deliveries to a subscriber that are pending, from one on by their ids. */
export async function pendingDeliveries(
  db: Statements,
  subscriptionId: number,
  after: number,
  most: number,
): Promise<{ id: number; attempts: number }[]> {
  return await db.select(
    z.object({ id: z.int(), attempts: z.int() }),
    `SELECT delivery_id AS id, attempts FROM webhook_delivery
      WHERE subscription_id = :subscriptionId AND delivery_id > :after AND status = 'pending'
      ORDER BY delivery_id
      LIMIT ${most}`,
    { subscriptionId, after },
  );
}

const Due = z
  .object({
    delivery_id: z.int(),
    subscription_id: z.int(),
    event_id: z.string(),
    event_type: z.string(),
    body: z.string(),
    attempts: z.int(),
    next_attempt_at: timeColumn.nullable(),
    status: z.string(),
    url: z.string(),
    sealed_secret: z.string(),
    subscription_status: z.string(),
  })
  .transform((row) => ({
    id: row.delivery_id,
    subscriptionId: row.subscription_id,
    eventId: row.event_id,
    eventType: row.event_type,
    body: row.body,
    attempts: row.attempts,
    nextAttemptAt: row.next_attempt_at,
    isPending: row.status === 'pending',
    url: row.url,
    sealedSecret: row.sealed_secret,
    isActive: row.subscription_status === 'active',
  }));
export type DueDelivery = z.infer<typeof Due>;

/** A delivery with what it takes to make it. */
export async function findDelivery(db: Statements, id: number): Promise<DueDelivery | undefined> {
  const [row] = await db.select(
    Due,
    `SELECT d.delivery_id, d.subscription_id, d.event_id, d.event_type, d.body, d.attempts, d.next_attempt_at,
            d.status, s.url, s.sealed_secret, s.status AS subscription_status
       FROM webhook_delivery d
       JOIN webhook_subscription s ON s.subscription_id = d.subscription_id
      WHERE d.delivery_id = :id`,
    { id },
  );
  return row;
}

export interface Attempt {
  readonly id: number;
  /** Attempts before this one: another that was quicker makes this one not count. */
  readonly attempts: number;
  readonly status: WebhookDelivery['status'];
  readonly httpStatus: number | null;
  readonly error: string | null;
  readonly nextAttemptAt: Date | null;
}

/** Notes how an attempt ended; false when another one was noted meanwhile. */
export async function noteAttempt(tx: Statements, attempt: Attempt): Promise<boolean> {
  const { updated } = await tx.write(
    `UPDATE webhook_delivery
        SET attempts = attempts + 1, status = :status, last_status = :httpStatus, last_error = :error,
            next_attempt_at = :nextAttemptAt,
            ended_at = CASE WHEN :status = 'pending' THEN NULL ELSE UTC_TIMESTAMP(3) END
      WHERE delivery_id = :id AND attempts = :attempts AND status = 'pending'`,
    {
      ...attempt,
      error: attempt.error?.slice(0, 255) ?? null,
      nextAttemptAt: attempt.nextAttemptAt === null ? null : toSqlTime(attempt.nextAttemptAt),
    },
  );
  return updated === 1;
}

/** Counts a delivery that was given up; answers how many there were in a row. */
export async function countDead(tx: Statements, subscriptionId: number): Promise<number> {
  await tx.write(
    `UPDATE webhook_subscription SET dead_in_a_row = dead_in_a_row + 1 WHERE subscription_id = :subscriptionId`,
    { subscriptionId },
  );
  const [row] = await tx.select(
    z.object({ dead_in_a_row: z.int() }),
    `SELECT dead_in_a_row FROM webhook_subscription WHERE subscription_id = :subscriptionId FOR UPDATE`,
    { subscriptionId },
  );
  return row!.dead_in_a_row;
}

/** One delivery that worked ends the row of those that did not. */
export async function forgetDead(tx: Statements, subscriptionId: number): Promise<void> {
  await tx.write(
    `UPDATE webhook_subscription SET dead_in_a_row = 0 WHERE subscription_id = :subscriptionId AND dead_in_a_row > 0`,
    { subscriptionId },
  );
}

/** So long after its time a pending delivery counts as one that no message asks for any more. */
const OVERDUE_MINUTES = 5;

/**
 * Makes a delivery pending anew, its attempts counted from the beginning: one that has ended, or one that was due
 * minutes ago and was not tried. False where it is still under way.
 */
export async function reopenDelivery(tx: Statements, id: number, now: Date): Promise<boolean> {
  const { updated } = await tx.write(
    `UPDATE webhook_delivery
        SET status = 'pending', attempts = 0, next_attempt_at = :now, ended_at = NULL
      WHERE delivery_id = :id
        AND (status <> 'pending' OR next_attempt_at < :overdue
             OR next_attempt_at IS NULL
                AND created_at < DATE_SUB(UTC_TIMESTAMP(3), INTERVAL ${OVERDUE_MINUTES} MINUTE))`,
    {
      id,
      now: toSqlTime(now),
      overdue: toSqlTime(new Date(now.getTime() - OVERDUE_MINUTES * 60_000)),
    },
  );
  return updated === 1;
}

const DeliveryRow = z
  .object({
    delivery_id: z.int(),
    ...WebhookDelivery.omit({ id: true }).shape,
    next_attempt_at: timeColumn.nullable(),
    created_at: timeColumn,
    ended_at: timeColumn.nullable(),
  })
  .transform(({ delivery_id: id, ...rest }) => ({ id, ...rest }) satisfies WebhookDelivery);

const SHOWN = `delivery_id, subscription_id, event_id, event_type, status, attempts, last_status, last_error,
              next_attempt_at, created_at, ended_at`;

/** Deliveries of a subscription, newest first. */
export async function listDeliveries(
  db: Statements,
  filter: { readonly subscriptionId: number; readonly status?: string | undefined },
  asked: PageAsked,
): Promise<Page<WebhookDelivery>> {
  const conditions = where([
    'subscription_id = :subscriptionId',
    filter.status !== undefined && 'status = :status',
  ]);
  const params = {
    subscriptionId: filter.subscriptionId,
    ...(filter.status !== undefined && { status: filter.status }),
  };
  const [count] = await db.select(
    Total,
    `SELECT COUNT(*) AS total FROM webhook_delivery ${conditions}`,
    params,
  );
  const data = await db.select(
    DeliveryRow,
    `SELECT ${SHOWN} FROM webhook_delivery ${conditions}
      ORDER BY delivery_id DESC
      LIMIT ${asked.limit} OFFSET ${asked.skip}`,
    params,
  );
  return { data, pagination: { ...asked, total: count!.total } };
}

/** One delivery as it is shown. */
export async function showDelivery(db: Statements, id: number): Promise<WebhookDelivery | undefined> {
  const [row] = await db.select(
    DeliveryRow,
    `SELECT ${SHOWN} FROM webhook_delivery WHERE delivery_id = :id`,
    {
      id,
    },
  );
  return row;
}

/** How long deliveries are remembered, and how many are forgotten at once. */
const KEPT_DAYS = 30;
const FORGOTTEN_AT_ONCE = 500;

/** Forgets deliveries that ended long ago. */
export async function forgetOldDeliveries(db: Statements): Promise<void> {
  await db.write(
    `DELETE FROM webhook_delivery
      WHERE created_at < DATE_SUB(UTC_TIMESTAMP(3), INTERVAL ${KEPT_DAYS} DAY) AND status <> 'pending'
      ORDER BY created_at
      LIMIT ${FORGOTTEN_AT_ONCE}`,
  );
}
