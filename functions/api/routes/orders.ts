import * as z from 'zod';
import { pageQuery } from '../../../shared/contracts/api/inputs.ts';
import {
  CancelOrder,
  LostSale,
  LostSaleTotals,
  NewOrder,
  NewReturn,
  Order,
  OrderChange,
  OrderDetail,
} from '../../../shared/contracts/api/order.ts';
import { Day, pageOf } from '../../../shared/contracts/api/page.ts';
import { listLostSales } from '../../../shared/data/orders/lost-sale-store.ts';
import { findOrder, listOrders } from '../../../shared/data/orders/order-reads.ts';
import { found } from '../http/found.ts';
import { jsonReply } from '../http/reply.ts';
import { KEEPERS, READERS } from '../http/roles.ts';
import { route } from '../http/route.ts';
import { cancelOrder } from '../orders/cancel-order.ts';
import { changeOrderStatus } from '../orders/change-order-status.ts';
import { createOrder } from '../orders/create-order.ts';
import { recordLostSale } from '../orders/record-lost-sale.ts';
import { returnOrder } from '../orders/return-order.ts';

const orderId = z.object({ id: z.string() });

export const orderRoutes = [
  route({
    method: 'GET',
    path: '/orders',
    summary: 'Orders, newest first',
    roles: READERS,
    query: z.object({
      ...pageQuery(1000),
      customer_id: z.string().optional(),
      product_id: z.string().optional(),
      start_date: Day.optional(),
      end_date: Day.optional(),
    }),
    answer: pageOf(Order),
    run: (_, { db, query }) =>
      listOrders(
        db,
        {
          customerId: query.customer_id,
          productId: query.product_id,
          startDate: query.start_date,
          endDate: query.end_date,
        },
        query,
      ),
  }),
  route({
    method: 'GET',
    path: '/orders/recent',
    summary: 'The newest orders',
    roles: READERS,
    query: z.object(pageQuery(200, 50)),
    answer: pageOf(Order),
    run: (_, { db, query }) => listOrders(db, {}, query),
  }),
  route({
    method: 'POST',
    path: '/orders',
    summary:
      'Take an order from stock, all of its lines or none; 409 when stock is short; 200 for the same order again',
    roles: KEEPERS,
    body: NewOrder,
    answer: OrderDetail,
    status: 201,
    effect: 'creates',
    async run({ now }, { db, body, user }) {
      const { order, isNew } = await createOrder(db, body, { actor: user.username, now: now() });
      return isNew ? order : jsonReply(200, order);
    },
    refused: ({ now }, { db, body, user }, fault) =>
      recordLostSale(db, body, fault, { actor: user.username, now: now() }),
  }),
  route({
    method: 'GET',
    path: '/orders/{id}',
    summary: 'One order with its lines and what came back of them',
    roles: READERS,
    params: orderId,
    answer: OrderDetail,
    run: async (_, { db, params: { id } }) => found(await findOrder(db, id), 'order', id),
  }),
  route({
    method: 'PATCH',
    path: '/orders/{id}',
    summary: 'Say that an order was shipped or delivered',
    roles: KEEPERS,
    params: orderId,
    body: OrderChange,
    answer: OrderDetail,
    run: (_, { db, params: { id }, body }) => changeOrderStatus(db, id, body.order_status),
  }),
  route({
    method: 'POST',
    path: '/orders/{id}/cancel',
    summary:
      'Cancel an order that was not shipped, or some lines: their stock and demand are taken back, once',
    roles: KEEPERS,
    params: orderId,
    body: CancelOrder,
    answer: OrderDetail,
    effect: 'creates',
    run: ({ now }, { db, params: { id }, body, user }) =>
      cancelOrder(db, id, body, { actor: user.username, now: now() }),
  }),
  route({
    method: 'POST',
    path: '/orders/{id}/returns',
    summary: 'Take goods of an order back, in parts and several times, never more than were sold',
    roles: KEEPERS,
    params: orderId,
    body: NewReturn,
    answer: OrderDetail,
    status: 201,
    effect: 'creates',
    async run({ now }, { db, params: { id }, body, user }) {
      const { order, isNew } = await returnOrder(db, id, body, { actor: user.username, now: now() });
      return isNew ? order : jsonReply(200, order);
    },
  }),
  route({
    method: 'GET',
    path: '/lost-sales',
    summary: 'Order lines that were refused because stock was short, with their sums',
    roles: READERS,
    query: z.object({
      ...pageQuery(1000),
      product_id: z.string().optional(),
      location_id: z.string().optional(),
      from: Day.optional(),
      to: Day.optional(),
    }),
    answer: pageOf(LostSale).extend({ totals: LostSaleTotals }),
    run: (_, { db, query: { product_id, location_id, from, to, ...page } }) =>
      listLostSales(db, { productId: product_id, locationId: location_id, from, to }, page),
  }),
];
