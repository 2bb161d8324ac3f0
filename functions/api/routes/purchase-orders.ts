import * as z from 'zod';
import { pageQuery, serialParam } from '../../../shared/contracts/api/inputs.ts';
import { PurchaseOrder, pageOf } from '../../../shared/contracts/api/page.ts';
import { PurchaseOrderDetail, PurchaseOrderLine } from '../../../shared/contracts/api/planning.ts';
import {
  AcknowledgeOrder,
  ApproveOrder,
  ExpediteOrder,
  LandedCosts,
  MayGiveReason,
  MustGiveReason,
  NewCharges,
  NewPurchaseOrder,
  PurchaseOrderChange,
  PurchaseOrderLines,
  PurchaseOrderStep,
  QuickReorder,
} from '../../../shared/contracts/api/purchase-order.ts';
import {
  ClosePurchaseOrder,
  NewReceipt,
  PurchaseReceiptLine,
} from '../../../shared/contracts/api/receipt.ts';
import { PURCHASE_ORDER_STATES } from '../../../shared/core/inventory/purchase-order-states.ts';
import { orderDay } from '../../../shared/data/planning/business-day.ts';
import { listPurchaseOrderSteps } from '../../../shared/data/purchasing/purchase-history-reads.ts';
import {
  findPurchaseOrder,
  findWholeOrder,
  listOrderLines,
  listPurchaseOrders,
} from '../../../shared/data/purchasing/purchase-order-reads.ts';
import { listReceiptLines } from '../../../shared/data/purchasing/purchase-receipt-reads.ts';
import { readOrdersAtRisk } from '../../../shared/data/purchasing/purchase-risk-reads.ts';
import type { Statements } from '../../../shared/data/sql/database.ts';
import { printPurchaseOrder } from '../document/print-purchase-order.ts';
import { found } from '../http/found.ts';
import { jsonReply } from '../http/reply.ts';
import { READERS } from '../http/roles.ts';
import { route, type User } from '../http/route.ts';
import { acknowledgeAsBuyer } from '../purchasing/acknowledge-purchase-order.ts';
import { approveAsUser, rejectAsUser } from '../purchasing/approve-purchase-order.ts';
import { chargePurchaseOrder, landedCosts } from '../purchasing/charge-purchase-order.ts';
import { closeShort } from '../purchasing/close-purchase-order.ts';
import { createPurchaseOrder, editPurchaseOrder } from '../purchasing/create-purchase-order.ts';
import {
  cancelPurchaseOrder,
  reopenPurchaseOrder,
  sendPurchaseOrder,
  submitPurchaseOrder,
} from '../purchasing/move-purchase-order.ts';
import { COMMAND_ROLES, commandsOf, ORDERERS } from '../purchasing/purchase-order-commands.ts';
import { receivePurchaseOrder } from '../purchasing/receive-purchase-order.ts';
import { reverseReceipt } from '../purchasing/reverse-receipt.ts';
import { quickReorder } from '../suggestions/quick-reorder.ts';

const serial = z.object({ id: serialParam });
const flag = z.enum(['true', 'false']).transform((text) => text === 'true');
const shown = async (db: Statements, id: number, user: User, now: Date) => {
  const order = found(await findPurchaseOrder(db, id, now), 'purchase order', id);
  return { ...order, commands: await commandsOf(db, order, user) };
};

export const purchaseOrderRoutes = [
  route({
    method: 'GET',
    path: '/purchase-orders',
    summary:
      'Purchase orders, newest first; with late=true those of which something should be here, latest first',
    roles: READERS,
    query: z.object({
      ...pageQuery(500),
      status: z.enum(PURCHASE_ORDER_STATES).optional(),
      supplier_id: z.string().optional(),
      late: flag.optional(),
    }),
    answer: pageOf(PurchaseOrder),
    run: ({ now }, { db, query }) =>
      listPurchaseOrders(
        db,
        { status: query.status, supplierId: query.supplier_id, isLate: query.late },
        query,
        now(),
      ),
  }),
  route({
    method: 'POST',
    path: '/purchase-orders',
    summary: 'Make a purchase order by hand: a draft that no plan changes',
    roles: ORDERERS,
    body: NewPurchaseOrder,
    answer: PurchaseOrderDetail,
    status: 201,
    effect: 'creates',
    run: async ({ now }, { db, body, user }) =>
      shown(db, await createPurchaseOrder(db, body, { actor: user.username, now: now() }), user, now()),
  }),
  route({
    method: 'POST',
    path: '/purchase-orders/quick',
    summary:
      'Order a product again by one click: answers the draft that has it, or a new one from its first supplier',
    roles: ORDERERS,
    body: QuickReorder,
    answer: PurchaseOrderDetail,
    status: 201,
    effect: 'creates',
    async run({ now }, { db, body, user }) {
      const { id, isNew } = await quickReorder(db, body, user.username);
      const order = await shown(db, id, user, now());
      return isNew ? order : jsonReply(200, order);
    },
  }),
  route({
    method: 'GET',
    path: '/purchase-orders/expedite',
    summary: 'Open orders that come after their products have run out, the most money at risk first',
    roles: READERS,
    query: z.object({ ...pageQuery(200), late: flag.optional() }),
    answer: pageOf(ExpediteOrder),
    async run({ now }, { db, query: { skip, limit, late } }) {
      const today = await orderDay(db, now());
      const orders = await readOrdersAtRisk(db, { today, lateOnly: late === true });
      return { data: orders.slice(skip, skip + limit), pagination: { skip, limit, total: orders.length } };
    },
  }),
  route({
    method: 'GET',
    path: '/purchase-orders/{id}',
    summary: 'One purchase order with its lines, charges and receipts, and what may be done with it next',
    roles: READERS,
    params: serial,
    answer: PurchaseOrderDetail,
    run: ({ now }, { db, params: { id }, user }) => shown(db, id, user, now()),
  }),
  route({
    method: 'PUT',
    path: '/purchase-orders/{id}',
    summary: 'Change what is given of a draft: from then on it is its own, and no plan changes it',
    roles: COMMAND_ROLES.edit,
    params: serial,
    body: PurchaseOrderChange,
    answer: PurchaseOrderDetail,
    async run({ now }, { db, params: { id }, body, user }) {
      await editPurchaseOrder(db, id, body, { actor: user.username, now: now() });
      return shown(db, id, user, now());
    },
  }),
  route({
    method: 'PUT',
    path: '/purchase-orders/{id}/lines',
    summary: 'Replace the lines of a draft: from then on it is its own, and no plan changes it',
    roles: COMMAND_ROLES.edit,
    params: serial,
    body: PurchaseOrderLines,
    answer: PurchaseOrderDetail,
    async run({ now }, { db, params: { id }, body, user }) {
      await editPurchaseOrder(db, id, body, { actor: user.username, now: now() });
      return shown(db, id, user, now());
    },
  }),
  route({
    method: 'POST',
    path: '/purchase-orders/{id}/submit',
    summary: 'Hand a draft in for approval; twice changes nothing',
    roles: COMMAND_ROLES.submit,
    params: serial,
    body: MayGiveReason,
    answer: PurchaseOrderDetail,
    async run({ now }, { db, params: { id }, body, user }) {
      await submitPurchaseOrder(db, id, { actor: user.username, reason: body.reason });
      return shown(db, id, user, now());
    },
  }),
  route({
    method: 'POST',
    path: '/purchase-orders/{id}/reopen',
    summary: 'Take a submitted order back into a draft',
    roles: COMMAND_ROLES.reopen,
    params: serial,
    body: MayGiveReason,
    answer: PurchaseOrderDetail,
    async run({ now }, { db, params: { id }, body, user }) {
      await reopenPurchaseOrder(db, id, { actor: user.username, reason: body.reason });
      return shown(db, id, user, now());
    },
  }),
  route({
    method: 'POST',
    path: '/purchase-orders/{id}/approve',
    summary:
      'Turn a draft, submitted or not, into an order, up to the limit of your roles; approving twice changes nothing',
    roles: COMMAND_ROLES.approve,
    params: serial,
    body: ApproveOrder,
    answer: PurchaseOrderDetail,
    async run({ now }, { db, params: { id }, body, user }) {
      await approveAsUser(db, id, { user, now: now(), reason: body.reason, totalCost: body.total_cost });
      return shown(db, id, user, now());
    },
  }),
  route({
    method: 'POST',
    path: '/purchase-orders/{id}/reject',
    summary: 'Turn a submitted order down, with a reason; its suggestions are dismissed',
    roles: COMMAND_ROLES.reject,
    params: serial,
    body: MustGiveReason,
    answer: PurchaseOrderDetail,
    async run({ now }, { db, params: { id }, body, user }) {
      await rejectAsUser(db, id, { user, reason: body.reason });
      return shown(db, id, user, now());
    },
  }),
  route({
    method: 'POST',
    path: '/purchase-orders/{id}/send',
    summary: 'Say that an approved order is on its way to the supplier; twice changes nothing',
    roles: COMMAND_ROLES.send,
    params: serial,
    body: MayGiveReason,
    answer: PurchaseOrderDetail,
    async run({ now }, { db, params: { id }, body, user }) {
      await sendPurchaseOrder(db, id, { actor: user.username, reason: body.reason });
      return shown(db, id, user, now());
    },
  }),
  route({
    method: 'POST',
    path: '/purchase-orders/{id}/acknowledge',
    summary:
      'Take over what the supplier confirms, line by line: quantity, price and day; what was ordered stays beside it',
    roles: COMMAND_ROLES.acknowledge,
    params: serial,
    body: AcknowledgeOrder,
    answer: PurchaseOrderDetail,
    async run({ now }, { db, params: { id }, body, user }) {
      await acknowledgeAsBuyer(db, id, body, { user, now: now() });
      return shown(db, id, user, now());
    },
  }),
  route({
    method: 'POST',
    path: '/purchase-orders/{id}/cancel',
    summary: 'Give an order up of which nothing has come, with a reason; twice changes nothing',
    roles: COMMAND_ROLES.cancel,
    params: serial,
    body: MustGiveReason,
    answer: PurchaseOrderDetail,
    async run({ now }, { db, params: { id }, body, user }) {
      await cancelPurchaseOrder(db, id, { actor: user.username, reason: body.reason });
      return shown(db, id, user, now());
    },
  }),
  route({
    method: 'POST',
    path: '/purchase-orders/{id}/receipts',
    summary:
      'Take goods of an approved order into stock, in parts and several times; 409 when more comes than ordered',
    roles: COMMAND_ROLES.receive,
    params: serial,
    body: NewReceipt,
    answer: PurchaseOrderDetail,
    status: 201,
    effect: 'creates',
    async run({ now }, { db, params: { id }, body, user }) {
      const isNew = await receivePurchaseOrder(db, id, body, { actor: user.username, now: now() });
      const order = await shown(db, id, user, now());
      return isNew ? order : jsonReply(200, order);
    },
  }),
  route({
    method: 'POST',
    path: '/purchase-orders/{id}/receipts/{receipt_id}/reverse',
    summary: 'Take a receipt back, as if it had never come; twice changes nothing',
    roles: COMMAND_ROLES.reverse_receipt,
    params: z.object({ id: serialParam, receipt_id: z.string() }),
    body: MustGiveReason,
    answer: PurchaseOrderDetail,
    async run({ now }, { db, params: { id, receipt_id }, body, user }) {
      await reverseReceipt(db, id, receipt_id, { actor: user.username, reason: body.reason, now: now() });
      return shown(db, id, user, now());
    },
  }),
  route({
    method: 'POST',
    path: '/purchase-orders/{id}/close',
    summary:
      'Expect nothing more of an order that came in part, not at all, or in full; twice changes nothing',
    roles: COMMAND_ROLES.close,
    params: serial,
    body: ClosePurchaseOrder,
    answer: PurchaseOrderDetail,
    async run({ now }, { db, params: { id }, body, user }) {
      await closeShort(db, id, body.reason, user.username);
      return shown(db, id, user, now());
    },
  }),
  route({
    method: 'GET',
    path: '/purchase-orders/{id}/lines',
    summary: 'The lines of an order, however many it has',
    roles: READERS,
    params: serial,
    query: z.object(pageQuery(500)),
    answer: pageOf(PurchaseOrderLine),
    run: ({ now }, { db, params: { id }, query }) => listOrderLines(db, id, query, now()),
  }),
  route({
    method: 'GET',
    path: '/purchase-orders/{id}/receipts',
    summary: 'All that came of an order, line by line, newest receipts first',
    roles: READERS,
    params: serial,
    query: z.object(pageQuery(200)),
    answer: pageOf(PurchaseReceiptLine),
    run: (_, { db, params: { id }, query }) => listReceiptLines(db, id, query),
  }),
  route({
    method: 'GET',
    path: '/purchase-orders/{id}/history',
    summary: 'What was done to an order, by whom, when and why, oldest first; nobody can change it',
    roles: READERS,
    params: serial,
    query: z.object(pageQuery(500)),
    answer: pageOf(PurchaseOrderStep),
    run: (_, { db, params: { id }, query }) => listPurchaseOrderSteps(db, id, query),
  }),
  route({
    method: 'PUT',
    path: '/purchase-orders/{id}/charges',
    summary: 'Say what is charged on an order besides its goods: freight, duty, other',
    roles: ORDERERS,
    params: serial,
    body: NewCharges,
    answer: LandedCosts,
    run: (_, { db, params: { id }, body, user }) => chargePurchaseOrder(db, id, body, user.username),
  }),
  route({
    method: 'GET',
    path: '/purchase-orders/{id}/landed-cost',
    summary: 'What a unit of each line costs until it is here: its price and its part of the charges',
    roles: READERS,
    params: serial,
    answer: LandedCosts,
    run: (_, { db, params: { id } }) => landedCosts(db, id),
  }),
  route({
    method: 'GET',
    path: '/purchase-orders/{id}/document',
    summary:
      'The order to print, mail or hand on: format=html (default), pdf, or csv of the template purchase_orders',
    roles: READERS,
    params: serial,
    query: z.object({ format: z.enum(['html', 'pdf', 'csv']).default('html') }),
    answer: 'text/html',
    run: async ({ now }, { db, params: { id }, query }) =>
      printPurchaseOrder(found(await findWholeOrder(db, id, now()), 'purchase order', id), query.format),
  }),
];
