import * as z from 'zod';
import { docsPage } from './http/docs-page.ts';
import { openApiOf } from './http/open-api.ts';
import { jsonReply } from './http/reply.ts';
import { type Route, route } from './http/route.ts';
import { securityHeaders } from './http/static-files.ts';
import { allocationRoutes } from './routes/allocations.ts';
import { analyticsRoutes } from './routes/analytics.ts';
import { auditRoutes } from './routes/audit.ts';
import { countRoutes } from './routes/counts.ts';
import { diagnosticRoutes } from './routes/diagnostics.ts';
import { ensembleRoutes } from './routes/ensembles.ts';
import { forecastRoutes } from './routes/forecasts.ts';
import { groupForecastRoutes } from './routes/group-forecasts.ts';
import { importFormatRoutes } from './routes/import-formats.ts';
import { importRoutes } from './routes/imports.ts';
import { ledgerRoutes } from './routes/ledger.ts';
import { locationRoutes } from './routes/locations.ts';
import { lotRoutes } from './routes/lots.ts';
import { metricRoutes } from './routes/metrics.ts';
import { modelRoutes } from './routes/models.ts';
import { orderRoutes } from './routes/orders.ts';
import { partyRoutes } from './routes/parties.ts';
import { performanceRoutes } from './routes/performance.ts';
import { planRoutes } from './routes/plans.ts';
import { policyRoutes } from './routes/policies.ts';
import { policyEvaluationRoutes } from './routes/policy-evaluations.ts';
import { productForecastRoutes } from './routes/product-forecasts.ts';
import { productRoutes } from './routes/products.ts';
import { purchaseOrderRoutes } from './routes/purchase-orders.ts';
import { purchasingRoutes } from './routes/purchasing.ts';
import { reportRoutes } from './routes/reports.ts';
import { reservationRoutes } from './routes/reservations.ts';
import { serviceRoutes, welcome } from './routes/service.ts';
import { signalRoutes } from './routes/signals.ts';
import { simulationRoutes } from './routes/simulations.ts';
import { sourcingRoutes } from './routes/sourcing.ts';
import { stockFeedRoutes } from './routes/stock-feed.ts';
import { stockRiskRoutes } from './routes/stock-risk.ts';
import { streamRoutes } from './routes/stream.ts';
import { subscriptionRoutes } from './routes/subscriptions.ts';
import { suggestionRoutes } from './routes/suggestions.ts';
import { supplierRoutes } from './routes/suppliers.ts';
import { transferRoutes } from './routes/transfers.ts';
import { wasteRoutes } from './routes/waste.ts';
import { webhookRoutes } from './routes/webhooks.ts';

const documented: readonly Route[] = [
  ...serviceRoutes,
  ...productRoutes,
  ...orderRoutes,
  ...countRoutes,
  ...partyRoutes,
  ...supplierRoutes,
  ...locationRoutes,
  ...ledgerRoutes,
  ...lotRoutes,
  ...wasteRoutes,
  ...transferRoutes,
  ...reservationRoutes,
  ...importFormatRoutes,
  ...importRoutes,
  ...forecastRoutes,
  ...groupForecastRoutes,
  ...productForecastRoutes,
  ...ensembleRoutes,
  ...diagnosticRoutes,
  ...suggestionRoutes,
  ...policyRoutes,
  ...policyEvaluationRoutes,
  ...allocationRoutes,
  ...purchaseOrderRoutes,
  ...purchasingRoutes,
  ...planRoutes,
  ...modelRoutes,
  ...signalRoutes,
  ...simulationRoutes,
  ...sourcingRoutes,
  ...analyticsRoutes,
  ...stockRiskRoutes,
  ...performanceRoutes,
  ...metricRoutes,
  ...auditRoutes,
  ...reportRoutes,
  ...streamRoutes,
  ...stockFeedRoutes,
  ...webhookRoutes,
  ...subscriptionRoutes,
];

const aboutRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '',
    summary: 'The dashboard for browsers, a list of endpoints for programs',
    roles: 'public',
    answer: 'text/html',
    async run({ files }, { headers }) {
      const isBrowser = /\btext\/html\b/.test(headers.accept ?? '');
      const page = isBrowser ? files.answer('/', headers) : undefined;
      return page ?? jsonReply(200, welcome(documented), { vary: 'accept' });
    },
  }),
  route({
    method: 'GET',
    path: '/openapi.json',
    summary: 'This API as an OpenAPI 3.1 document',
    roles: 'public',
    answer: z.record(z.string(), z.unknown()),
    run: async () => openApi(),
  }),
  route({
    method: 'GET',
    path: '/docs',
    summary: 'This API as a page',
    roles: 'public',
    answer: 'text/html',
    run: async ({ streamUrl }) => ({
      statusCode: 200,
      headers: { 'content-type': 'text/html; charset=utf-8', ...securityHeaders(streamUrl) },
      body: docsPage(published(), openApi()),
    }),
  }),
];

/** The whole API, one row a route. */
export const ROUTES: readonly Route[] = [...aboutRoutes, ...documented];

let document: Record<string, unknown> | undefined;
// made when first asked for: a cold start need not wait for it
const openApi = () => (document ??= openApiOf(published()));
const published = () => ROUTES.map((one) => ({ ...one, path: one.path || '/' }));
