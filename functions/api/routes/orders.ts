import * as z from 'zod';
import { pageQuery } from '../../../shared/contracts/api/inputs.ts';
import { NewOrder, Order, OrderDetail } from '../../../shared/contracts/api/order.ts';
import { Day, pageOf } from '../../../shared/contracts/api/page.ts';
import { findOrder, listOrders } from '../../../shared/data/order-reads.ts';
import { createOrder } from '../create-order.ts';
import { found } from '../found.ts';
import { KEEPERS, READERS } from '../roles.ts';
import { route } from '../route.ts';

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
    summary: 'Take an order of one line from stock; 409 when stock is short',
    roles: KEEPERS,
    body: NewOrder,
    answer: OrderDetail,
    status: 201,
    effect: 'creates',
    run: ({ now }, { db, body, user }) => createOrder(db, body, { actor: user.username, now: now() }),
  }),
  route({
    method: 'GET',
    path: '/orders/{id}',
    summary: 'One order with its lines',
    roles: READERS,
    params: z.object({ id: z.string() }),
    answer: OrderDetail,
    run: async (_, { db, params: { id } }) => found(await findOrder(db, id), 'order', id),
  }),
];
