import { randomBytes, randomUUID } from 'node:crypto';
import * as z from 'zod';
import { urlFault } from '../../../shared/aws/public-address.ts';
import { pageQuery, serialParam } from '../../../shared/contracts/api/inputs.ts';
import { pageOf } from '../../../shared/contracts/api/page.ts';
import {
  MadeSubscription,
  NewSubscription,
  PING,
  Subscription,
  WebhookDelivery,
} from '../../../shared/contracts/api/subscription.ts';
import { Fault } from '../../../shared/contracts/fault.ts';
import type { DeliveryRequested, PendingRequested } from '../../../shared/contracts/messages.ts';
import {
  findSubscription,
  insertSubscription,
  listDeliveries,
  listSubscriptions,
  MOST_SUBSCRIPTIONS,
  makeDeliveries,
  reopenDelivery,
  sealSubscription,
  setSubscriptionStatus,
  showDelivery,
} from '../../../shared/data/channels/subscription-store.ts';
import { settleAlert } from '../../../shared/data/planning/alert-store.ts';
import type { Statements } from '../../../shared/data/sql/database.ts';
import { found } from '../http/found.ts';
import type { ApiNeeds } from '../http/needs.ts';
import { route } from '../http/route.ts';

const params = z.object({ id: serialParam });

export const subscriptionRoutes = [
  route({
    method: 'GET',
    path: '/webhooks/subscriptions',
    summary: 'Who hears of our events by webhook',
    roles: ['admin'],
    query: z.object(pageQuery(1000)),
    answer: pageOf(Subscription),
    run: (_, { db, query }) => listSubscriptions(db, query),
  }),
  route({
    method: 'POST',
    path: '/webhooks/subscriptions',
    summary: 'Send events to a URL, signed with a secret that is shown in this answer only',
    roles: ['admin'],
    body: NewSubscription,
    answer: MadeSubscription,
    status: 201,
    // not `creates`: an answer that is kept for repetitions would keep the secret
    effect: 'changes',
    async run({ vault, isLoopbackToo }, { db, body, user }) {
      const fault = urlFault(body.url, isLoopbackToo);
      if (fault)
        throw new Fault('invalid', 'Wrong body: see errors', { details: [{ field: 'url', reason: fault }] });
      const { pagination } = await listSubscriptions(db, { skip: 0, limit: 1 });
      if (pagination.total >= MOST_SUBSCRIPTIONS)
        throw new Fault('conflict', `There are ${MOST_SUBSCRIPTIONS} subscriptions, which is the most`);
      const eventTypes = [...new Set(body.event_types)];
      const id = await insertSubscription(db, { url: body.url, eventTypes, createdBy: user.username });
      const secret = `whsec_${randomBytes(32).toString('base64url')}`;
      await sealSubscription(db, id, await vault.seal(`subscription:${id}`, secret));
      return { ...(await findSubscription(db, id))!.shown, secret };
    },
  }),
  route({
    method: 'GET',
    path: '/webhooks/subscriptions/{id}',
    summary: 'One subscription',
    roles: ['admin'],
    params,
    answer: Subscription,
    run: async (_, { db, params: { id } }) => found(await findSubscription(db, id), 'subscription', id).shown,
  }),
  route({
    method: 'DELETE',
    path: '/webhooks/subscriptions/{id}',
    summary: 'Send nothing more to a subscriber',
    roles: ['admin'],
    params,
    answer: z.object({ deleted: z.literal(true) }),
    async run(_, { db, params: { id } }) {
      found(await findSubscription(db, id), 'subscription', id);
      await setSubscriptionStatus(db, id, 'deleted');
      return { deleted: true as const };
    },
  }),
  route({
    method: 'POST',
    path: '/webhooks/subscriptions/{id}/resume',
    summary:
      'Send again to a subscriber that was suspended, first of all what was pending; events of the time between are not kept for it',
    roles: ['admin'],
    params,
    answer: Subscription,
    // its transaction ends before messages are sent
    effect: 'reads',
    async run(needs, { params: { id } }) {
      const resumed = await committed(needs, async (tx) => {
        found(await findSubscription(tx, id), 'subscription', id);
        await setSubscriptionStatus(tx, id, 'active');
        await settleAlert(tx, `webhook_subscription:${id}`);
        return (await findSubscription(tx, id))!.shown;
      });
      const pending: PendingRequested = { type: 'PendingRequested', subscriptionId: id, after: 0 };
      await needs.deliverQueue.send([pending]);
      return resumed;
    },
  }),
  route({
    method: 'POST',
    path: '/webhooks/subscriptions/{id}/ping',
    summary: 'Send a test event to a subscriber',
    roles: ['admin'],
    params,
    answer: WebhookDelivery,
    status: 202,
    // its transaction ends before the message is sent
    effect: 'reads',
    async run(needs, { params: { id }, user }) {
      const made = await committed(needs, async (tx) => {
        found(await findSubscription(tx, id), 'subscription', id);
        const [deliveryId] = await makeDeliveries(tx, [id], {
          event_id: randomUUID(),
          event_type: PING,
          timestamp: needs.now().toISOString(),
          source: 'smart-inventory',
          version: '1.0',
          data: { subscription: id },
          correlation_id: null,
          user_id: user.username,
        });
        return (await showDelivery(tx, deliveryId!))!;
      });
      await needs.deliverQueue.send([requestOf(made.id)]);
      return made;
    },
  }),
  route({
    method: 'GET',
    path: '/webhooks/subscriptions/{id}/deliveries',
    summary: 'What was sent to a subscriber and what became of it, newest first',
    roles: ['admin'],
    params,
    query: z.object({ ...pageQuery(1000), status: z.enum(['pending', 'delivered', 'dead']).optional() }),
    answer: pageOf(WebhookDelivery),
    async run(_, { db, params: { id }, query }) {
      found(await findSubscription(db, id), 'subscription', id);
      return listDeliveries(db, { subscriptionId: id, status: query.status }, query);
    },
  }),
  route({
    method: 'POST',
    path: '/webhooks/deliveries/{id}/redeliver',
    summary:
      'Deliver an event again that was delivered, given up or left lying for minutes; the receiver knows it by its id',
    roles: ['admin'],
    params,
    answer: WebhookDelivery,
    status: 202,
    // its transaction ends before the message is sent
    effect: 'reads',
    async run(needs, { params: { id } }) {
      const reopened = await committed(needs, async (tx) => {
        found(await showDelivery(tx, id), 'delivery', id);
        if (!(await reopenDelivery(tx, id, needs.now())))
          throw new Fault('conflict', 'It is still being delivered');
        return (await showDelivery(tx, id))!;
      });
      await needs.deliverQueue.send([requestOf(id)]);
      return reopened;
    },
  }),
];

/**
 * Runs a transaction whose outcome messages are sent for once it is committed: one that was sent before may come
 * before. Where sending fails the caller is told; a delivery that nobody asked for can be delivered again.
 */
async function committed<T>(
  needs: Pick<ApiNeeds, 'database' | 'publishEvents' | 'report'>,
  work: (tx: Statements) => Promise<T>,
): Promise<T> {
  const outcome = await needs.database.transaction(work);
  await needs.publishEvents().catch((error) => needs.report('events are waiting', error));
  return outcome;
}

const requestOf = (deliveryId: number): DeliveryRequested => ({
  type: 'DeliveryRequested',
  deliveryId,
  attempts: 0,
});
