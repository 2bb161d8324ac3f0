import * as z from 'zod';
import { pageQuery, serialParam } from '../../../shared/contracts/api/inputs.ts';
import { ForecastDetail, PurchaseOrder, pageOf, Suggestion } from '../../../shared/contracts/api/page.ts';
import {
  Alert,
  ForecastSummary,
  Plan,
  PurchaseOrderDetail,
  SupplierNeed,
} from '../../../shared/contracts/api/planning.ts';
import type { PlanRequested } from '../../../shared/contracts/messages.ts';
import { findForecast, listForecasts } from '../../../shared/data/forecast-reads.ts';
import { listAlerts, listPlans } from '../../../shared/data/plan-reads.ts';
import { findPurchaseOrder, listPurchaseOrders } from '../../../shared/data/purchase-order-reads.ts';
import { approvePurchaseOrder } from '../../../shared/data/purchase-order-store.ts';
import { findSuggestion, listSuggestions, listSupplierNeeds } from '../../../shared/data/suggestion-reads.ts';
import { dismissSuggestion } from '../../../shared/data/suggestion-store.ts';
import { found } from '../found.ts';
import { messageKey } from '../message-key.ts';
import { DECIDERS, READERS } from '../roles.ts';
import { route } from '../route.ts';

const serial = z.object({ id: serialParam });

const forecastRoutes = [
  route({
    method: 'GET',
    path: '/forecasts',
    summary: 'The newest forecast of every series, the largest first',
    roles: READERS,
    query: z.object({
      ...pageQuery(1000),
      product_id: z.string().optional(),
      category: z.string().optional(),
    }),
    answer: pageOf(ForecastSummary),
    run: (_, { db, query }) =>
      listForecasts(db, { productId: query.product_id, category: query.category }, query),
  }),
  route({
    method: 'GET',
    path: '/forecasts/{product_id}',
    summary: 'History and newest forecast of one series, with its quantiles, for a chart',
    roles: READERS,
    params: z.object({ product_id: z.string() }),
    query: z.object({ location_id: z.string().optional() }),
    answer: ForecastDetail,
    run: async (_, { db, params, query }) =>
      found(
        await findForecast(db, params.product_id, query.location_id),
        'forecast of product',
        params.product_id,
      ),
  }),
];

const suggestionRoutes = [
  route({
    method: 'GET',
    path: '/suggestions',
    summary: 'What to order and why, the most urgent first',
    roles: READERS,
    query: z.object({
      ...pageQuery(200),
      status: z.enum(['open', 'ordered', 'withdrawn', 'dismissed']).optional(),
      supplier_id: z.string().optional(),
      product_id: z.string().optional(),
      location_id: z.string().optional(),
    }),
    answer: pageOf(Suggestion),
    run: (_, { db, query }) =>
      listSuggestions(
        db,
        {
          status: query.status,
          supplierId: query.supplier_id,
          productId: query.product_id,
          locationId: query.location_id,
        },
        query,
      ),
  }),
  route({
    method: 'GET',
    path: '/suggestions/by-supplier',
    summary: 'What to order from each supplier, the most urgent first',
    roles: READERS,
    query: z.object(pageQuery(500)),
    answer: pageOf(SupplierNeed),
    run: (_, { db, query }) => listSupplierNeeds(db, query),
  }),
  route({
    method: 'GET',
    path: '/suggestions/{id}',
    summary: 'One suggestion with every number behind it',
    roles: READERS,
    params: serial,
    answer: Suggestion,
    run: async (_, { db, params: { id } }) => found(await findSuggestion(db, id), 'suggestion', id),
  }),
  route({
    method: 'POST',
    path: '/suggestions/{id}/dismiss',
    summary: 'Say no: its line leaves the draft until the need changes',
    roles: DECIDERS,
    params: serial,
    answer: Suggestion,
    async run(_, { db, params: { id } }) {
      await dismissSuggestion(db, id);
      return found(await findSuggestion(db, id), 'suggestion', id);
    },
  }),
];

const purchaseOrderRoutes = [
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
];

const runRoutes = [
  route({
    method: 'GET',
    path: '/plans',
    summary: 'Planning runs, newest first',
    roles: READERS,
    query: z.object(pageQuery(500)),
    answer: pageOf(Plan),
    run: (_, { db, query }) => listPlans(db, query),
  }),
  route({
    method: 'POST',
    path: '/plans',
    summary: 'Plan now: forecasts, suggestions and drafts follow',
    roles: ['planner', 'buyer'],
    answer: z.object({ requested: z.literal(true), key: z.string() }),
    status: 202,
    effect: 'creates',
    async run({ planQueue }, { askingKey }) {
      // A repeated message has the same key, which makes no second run.
      const key = messageKey(askingKey);
      await planQueue.send([{ type: 'PlanRequested', cause: 'api', key } satisfies PlanRequested]);
      return { requested: true as const, key };
    },
  }),
  route({
    method: 'GET',
    path: '/alerts',
    summary: 'What a person should know, newest first',
    roles: READERS,
    query: z.object(pageQuery(500)),
    answer: pageOf(Alert),
    run: (_, { db, query }) => listAlerts(db, query),
  }),
];

export const planningRoutes = [...forecastRoutes, ...suggestionRoutes, ...purchaseOrderRoutes, ...runRoutes];
