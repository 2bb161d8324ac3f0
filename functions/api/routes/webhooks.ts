import * as z from 'zod';
import {
  Connection,
  InboundEvent,
  MadeConnection,
  NewConnection,
  NewItems,
  NewSecret,
} from '../../../shared/contracts/api/connection.ts';
import { pageQuery } from '../../../shared/contracts/api/inputs.ts';
import { pageOf } from '../../../shared/contracts/api/page.ts';
import { Fault } from '../../../shared/contracts/fault.ts';
import { missingProducts } from '../../../shared/data/channels/channel-products.ts';
import { nameItems } from '../../../shared/data/channels/channel-store.ts';
import {
  disableConnection,
  findConnection,
  listConnections,
  listInboundEvents,
} from '../../../shared/data/channels/connection-store.ts';
import { createConnection } from '../channel/create-connection.ts';
import { receiveWebhook } from '../channel/receive-webhook.ts';
import { rotateSecret } from '../channel/rotate-secret.ts';
import { found } from '../http/found.ts';
import { jsonReply } from '../http/reply.ts';
import { READERS } from '../http/roles.ts';
import { route } from '../http/route.ts';

const params = z.object({ id: z.string().max(24) });

export const webhookRoutes = [
  route({
    method: 'POST',
    path: '/webhooks/{connection}',
    summary: 'Where a shop posts its webhooks; the signature says who it is',
    // a shop cannot sign in: whoever signed these bytes with the secret of the connection is it
    roles: 'public',
    params: z.object({ connection: z.string().max(24) }),
    // 202 for what changes nothing
    answer: 'text/html',
    // its transaction begins after the signature is checked
    effect: 'reads',
    async run(needs, { params: { connection }, headers, rawBody, url }) {
      const received = await receiveWebhook(needs, connection, { headers, body: rawBody(), url });
      await needs.publishEvents().catch((error) => needs.report('events are waiting', error));
      const isDone = received.status === 'ignored' || received.status === 'waiting';
      return jsonReply(isDone ? 202 : 200, received);
    },
  }),
  route({
    method: 'GET',
    path: '/connections',
    summary: 'Shops that tell us what happens in them',
    roles: ['admin'],
    query: z.object(pageQuery(1000)),
    answer: pageOf(Connection),
    run: (_, { db, query }) => listConnections(db, query),
  }),
  route({
    method: 'POST',
    path: '/connections',
    summary:
      'Connect a shop: Shopify, WooCommerce or Square. A secret that we make is shown in this answer only',
    roles: ['admin'],
    body: NewConnection,
    answer: MadeConnection,
    status: 201,
    // not `creates`: an answer that is kept for repetitions would keep the secret; the id tells repetitions apart
    effect: 'changes',
    run: ({ vault }, { db, body, user }) => createConnection(db, vault, body, user.username),
  }),
  route({
    method: 'GET',
    path: '/connections/{id}',
    summary: 'One connection',
    roles: ['admin'],
    params,
    answer: Connection,
    run: async (_, { db, params: { id } }) => found(await findConnection(db, id), 'connection', id).shown,
  }),
  route({
    method: 'DELETE',
    path: '/connections/{id}',
    summary: 'Refuse whatever a shop posts from now on; what it told stays. A new secret lets it in again',
    roles: ['admin'],
    params,
    answer: Connection,
    async run(_, { db, params: { id } }) {
      found(await findConnection(db, id), 'connection', id);
      await disableConnection(db, id);
      return (await findConnection(db, id))!.shown;
    },
  }),
  route({
    method: 'PUT',
    path: '/connections/{id}/secret',
    summary:
      'Give a connection another secret, from now on the only one. One that we make is shown in this answer only',
    roles: ['admin'],
    params,
    body: NewSecret,
    answer: MadeConnection,
    run: ({ vault }, { db, params: { id }, body }) => rotateSecret(db, vault, id, body),
  }),
  route({
    method: 'POST',
    path: '/connections/{id}/items',
    summary: "Name our products by the shop's own ids of its items",
    roles: ['admin'],
    params,
    body: NewItems,
    answer: z.object({ items: z.int() }),
    async run({ now }, { db, params: { id }, body }) {
      found(await findConnection(db, id), 'connection', id);
      const items = Object.entries(body.items);
      const [missing] = await missingProducts(
        db,
        items.map(([, productId]) => productId),
      );
      if (missing !== undefined) throw new Fault('missing', `There is no product ${missing}`);
      const at = now().toISOString();
      await nameItems(
        db,
        id,
        items.map(([externalId, productId]) => ({ externalId, productId, at })),
      );
      return { items: items.length };
    },
  }),
  route({
    method: 'GET',
    path: '/connections/{id}/events',
    summary: 'What came in by a connection, newest first',
    roles: READERS,
    params,
    query: z.object(pageQuery(1000)),
    answer: pageOf(InboundEvent),
    async run(_, { db, params: { id }, query }) {
      found(await findConnection(db, id), 'connection', id);
      return listInboundEvents(db, id, query);
    },
  }),
];
