import { createHmac } from 'node:crypto';
import * as z from 'zod';
import type { Posted } from '../../shared/aws/post-webhook.ts';
import type { Queue } from '../../shared/aws/queue.ts';
import type { Vault } from '../../shared/aws/vault.ts';
import { KeptEnvelope } from '../../shared/contracts/events.ts';
import { DeliveryRequested, PendingRequested } from '../../shared/contracts/messages.ts';
import {
  countDead,
  type DueDelivery,
  findDelivery,
  forgetDead,
  forgetOldDeliveries,
  makeDeliveries,
  noteAttempt,
  pendingDeliveries,
  readSubscribers,
  setSubscriptionStatus,
} from '../../shared/data/channels/subscription-store.ts';
import { openAlert, settleAlert } from '../../shared/data/planning/alert-store.ts';
import type { Database } from '../../shared/data/sql/database.ts';
import { onceABatch } from '../../shared/runtime/once-a-batch.ts';
import type { Batch } from '../../shared/runtime/queue-handler.ts';
import { nextAttempt } from './next-attempt.ts';

/** What the queue carries: events as the bus puts them there, single deliveries, and those of one subscriber. */
export const ToDeliver = z.union([z.object({ detail: KeptEnvelope }), DeliveryRequested, PendingRequested]);
export type ToDeliver = z.infer<typeof ToDeliver>;

/** SQS holds a message back for so long at most. */
const LONGEST_DELAY_SECONDS = 900;
/** Deliveries that were given up in a row, after which nothing more is sent. */
const MOST_DEAD = 3;
/** Pending deliveries that one message asks for. */
const PAGE = 200;

export interface DeliverNeeds {
  readonly database: Database;
  readonly deliverQueue: Queue;
  readonly vault: Vault;
  readonly post: (url: string, body: string, headers: Readonly<Record<string, string>>) => Promise<Posted>;
  now(): Date;
  /** From 0 up to 1: spreads retries. */
  chance(): number;
}

/**
 * Turns an event into one message for each subscriber, and such a message into one attempt to tell it. An attempt that
 * fails asks for the next one, later and later over about a day; then the delivery is dead. At least once: a subscriber
 * knows an event that comes twice by its id.
 */
export async function deliverMessage(
  needs: DeliverNeeds,
  message: ToDeliver,
  { batch }: { readonly batch: Batch },
): Promise<void> {
  if ('detail' in message) await fanOut(needs, message.detail, batch);
  else if (message.type === 'PendingRequested') await askForPending(needs, message);
  else await attempt(needs, message);
}

/** While a subscriber was suspended its messages came to nothing: each delivery that is pending gets one again. */
async function askForPending(
  { database, deliverQueue }: DeliverNeeds,
  { subscriptionId, after }: PendingRequested,
): Promise<void> {
  const pending = await pendingDeliveries(database, subscriptionId, after, PAGE);
  await deliverQueue.send(
    pending.map(
      ({ id, attempts }): DeliveryRequested => ({ type: 'DeliveryRequested', deliveryId: id, attempts }),
    ),
  );
  if (pending.length < PAGE) return;
  const next: PendingRequested = { type: 'PendingRequested', subscriptionId, after: pending.at(-1)!.id };
  await deliverQueue.send([next]);
}

/** Who subscribes to what is read once for all events of a batch. */
const subscribersOnce = onceABatch((database: Database, _: 'subscribers') => readSubscribers(database));

async function fanOut(
  { database, deliverQueue, now }: DeliverNeeds,
  event: KeptEnvelope,
  batch: Batch,
): Promise<void> {
  const subscribers = (await subscribersOnce(database, 'subscribers', batch))
    .filter(({ eventTypes }) => eventTypes.includes('*') || eventTypes.includes(event.event_type))
    .map(({ id }) => id);
  if (subscribers.length === 0) return;
  const ids = await database.transaction((tx) => makeDeliveries(tx, subscribers, event));
  // after a crash here the event comes again, and whatever nobody has tried is asked for again
  await deliverQueue.send(
    ids.map((deliveryId): DeliveryRequested => ({ type: 'DeliveryRequested', deliveryId, attempts: 0 })),
  );
  // now and then, so that the table needs no job of its own
  if (now().getTime() % 64 === 0) await forgetOldDeliveries(database);
}

async function attempt(needs: DeliverNeeds, { deliveryId, attempts }: DeliveryRequested): Promise<void> {
  const { database, now } = needs;
  const delivery = await findDelivery(database, deliveryId);
  if (!delivery?.isPending || !delivery.isActive) return;
  if (delivery.attempts !== attempts) {
    // the attempt was noted and then nobody asked for the next one: a crash in between
    if (delivery.attempts === attempts + 1)
      await askAgain(needs, delivery.id, delivery.attempts, delivery.nextAttemptAt);
    return;
  }
  if (delivery.nextAttemptAt !== null && Date.parse(delivery.nextAttemptAt) > now().getTime() + 1000) {
    await askAgain(needs, delivery.id, attempts, delivery.nextAttemptAt);
    return;
  }
  const posted = await needs.post(delivery.url, delivery.body, await headersOf(needs, delivery));
  const isTold = posted.status !== null && posted.status >= 200 && posted.status < 300;
  const next = isTold ? null : nextAttempt(attempts + 1, now(), needs.chance());
  const status = isTold ? 'delivered' : next === null ? 'dead' : 'pending';
  const isNoted = await database.transaction(async (tx) => {
    const { status: httpStatus, error } = posted;
    const noted = { id: delivery.id, attempts, status, httpStatus, error, nextAttemptAt: next } as const;
    if (!(await noteAttempt(tx, noted))) return false;
    if (status === 'delivered') {
      await forgetDead(tx, delivery.subscriptionId);
      await settleAlert(tx, alertKey(delivery));
    }
    if (status !== 'dead') return true;
    const dead = await countDead(tx, delivery.subscriptionId);
    const isOver = dead >= MOST_DEAD;
    if (isOver) await setSubscriptionStatus(tx, delivery.subscriptionId, 'suspended');
    await openAlert(tx, alertOf(delivery, posted, isOver));
    return true;
  });
  if (isNoted && next !== null) await askAgain(needs, delivery.id, attempts + 1, next.toISOString());
}

async function askAgain(
  { deliverQueue, now }: DeliverNeeds,
  deliveryId: number,
  attempts: number,
  at: string | null,
): Promise<void> {
  const seconds = at === null ? 0 : Math.ceil((Date.parse(at) - now().getTime()) / 1000);
  await deliverQueue.send([{ type: 'DeliveryRequested', deliveryId, attempts } satisfies DeliveryRequested], {
    delaySeconds: Math.min(Math.max(seconds, 0), LONGEST_DELAY_SECONDS),
  });
}

async function headersOf(
  { vault, now }: DeliverNeeds,
  delivery: DueDelivery,
): Promise<Record<string, string>> {
  const secret = await vault.open(`subscription:${delivery.subscriptionId}`, delivery.sealedSecret);
  const seconds = Math.floor(now().getTime() / 1000);
  const signature = createHmac('sha256', secret).update(`${seconds}.${delivery.body}`).digest('hex');
  return {
    'x-smart-inventory-signature': `t=${seconds},v1=${signature}`,
    'x-smart-inventory-event': delivery.eventType,
    'x-smart-inventory-event-id': delivery.eventId,
    'x-smart-inventory-delivery': String(delivery.id),
  };
}

const alertKey = ({ subscriptionId }: DueDelivery): string => `webhook_subscription:${subscriptionId}`;

function alertOf(delivery: DueDelivery, { status, error }: Posted, isOver: boolean) {
  const why = status === null ? (error ?? 'no answer') : `HTTP ${status}`;
  return {
    key: alertKey(delivery),
    type: 'webhook_undelivered',
    level: isOver ? ('critical' as const) : ('warning' as const),
    title: isOver ? 'A webhook subscription is suspended' : 'A webhook was given up',
    // viewers read alerts, and the path of such an address is often its password
    message: `Subscription ${delivery.subscriptionId} at ${new URL(delivery.url).host.slice(0, 255)} did not take event ${delivery.eventId} within a day (last: ${why.slice(0, 200)}). ${
      isOver
        ? `It was the third in a row: nothing more is sent until somebody resumes it.`
        : 'It can be delivered again.'
    }`,
  };
}
