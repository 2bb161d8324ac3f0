import * as z from 'zod';
import { pageQuery, serialParam } from '../../../shared/contracts/api/inputs.ts';
import { PurchaseOrder, pageOf } from '../../../shared/contracts/api/page.ts';
import { PurchaseOrderDetail } from '../../../shared/contracts/api/planning.ts';
import { ClosePurchaseOrder, NewReceipt } from '../../../shared/contracts/api/receipt.ts';
import { findPurchaseOrder, listPurchaseOrders } from '../../../shared/data/purchase-order-reads.ts';
import { approvePurchaseOrder } from '../../../shared/data/purchase-order-store.ts';
import { closePurchaseOrder } from '../../../shared/data/purchase-receipt-store.ts';
import { found } from '../found.ts';
import { receivePurchaseOrder } from '../receive-purchase-order.ts';
import { jsonReply } from '../reply.ts';
import { DECIDERS, KEEPERS, READERS } from '../roles.ts';
import { route } from '../route.ts';

const serial = z.object({ id: serialParam });

export const purchaseOrderRoutes = [
  route({
    method: 'GET',
    path: '/purchase-orders',
    summary: 'Purchase orders, newest first',
    roles: READERS,
    query: z.object({
      ...pageQuery(500),
      status: z.string().optional(),
      supplier_id: z.string().optional(),
    }),
    answer: pageOf(PurchaseOrder),
    run: (_, { db, query }) =>
      listPurchaseOrders(db, { status: query.status, supplierId: query.supplier_id }, query),
  }),
  route({
    method: 'GET',
    path: '/purchase-orders/{id}',
    summary: 'One purchase order with its lines',
    roles: READERS,
    params: serial,
    answer: PurchaseOrderDetail,
    run: async (_, { db, params: { id } }) => found(await findPurchaseOrder(db, id), 'purchase order', id),
  }),
  route({
    method: 'POST',
    path: '/purchase-orders/{id}/approve',
    summary: 'Turn a draft into an order; approving twice changes nothing',
    roles: ['approver'],
    params: serial,
    answer: PurchaseOrderDetail,
    async run(_, { db, params: { id }, user }) {
      await approvePurchaseOrder(db, id, user.username);
      return found(await findPurchaseOrder(db, id), 'purchase order', id);
    },
  }),
  route({
    method: 'POST',
    path: '/purchase-orders/{id}/receipts',
    summary:
      'Take goods of an approved order into stock, in parts and several times; 409 when more comes than ordered',
    roles: KEEPERS,
    params: serial,
    body: NewReceipt,
    answer: PurchaseOrderDetail,
    status: 201,
    effect: 'creates',
    async run({ now }, { db, params: { id }, body, user }) {
      const isNew = await receivePurchaseOrder(db, id, body, { actor: user.username, now: now() });
      const order = found(await findPurchaseOrder(db, id), 'purchase order', id);
      return isNew ? order : jsonReply(200, order);
    },
  }),
  route({
    method: 'POST',
    path: '/purchase-orders/{id}/close',
    summary: 'Expect nothing more of an order that came in part or not at all; closing twice changes nothing',
    roles: DECIDERS,
    params: serial,
    body: ClosePurchaseOrder,
    answer: PurchaseOrderDetail,
    async run(_, { db, params: { id }, body, user }) {
      await closePurchaseOrder(db, id, body.reason, user.username);
      return found(await findPurchaseOrder(db, id), 'purchase order', id);
    },
  }),
];
