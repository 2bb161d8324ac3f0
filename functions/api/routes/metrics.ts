import * as z from 'zod';
import { pageQuery } from '../../../shared/contracts/api/inputs.ts';
import { KpiReport, MetricName, MetricPage, ProductMetrics } from '../../../shared/contracts/api/metrics.ts';
import { Day } from '../../../shared/contracts/api/page.ts';
import { NearDay } from '../../../shared/contracts/near-day.ts';
import { READERS } from '../http/roles.ts';
import { route } from '../http/route.ts';
import { answerKpis, answerProductMetrics } from '../metrics/answer-kpis.ts';
import { answerMetric } from '../metrics/answer-metric.ts';

const period = {
  from: Day.optional(),
  to: Day.optional(),
  location_id: z.string().optional(),
  category: z.string().optional(),
};

export const metricRoutes = [
  route({
    method: 'GET',
    path: '/kpis',
    summary:
      'Key figures of a period with their parts and formulas, null where there is none; 30 days up to the business day by default, a location with all that lie in it',
    roles: READERS,
    query: z.object(period),
    answer: KpiReport,
    run: ({ now }, { db, query }) => answerKpis(db, now().toISOString().slice(0, 10), query),
  }),
  route({
    method: 'GET',
    path: '/analytics/product-metrics',
    summary:
      'Turnover, days of stock, shares of revenue and margin, age of the last sale and trend of products, most revenue first',
    roles: READERS,
    query: z.object({ ...period, ...pageQuery(500) }),
    answer: ProductMetrics,
    run: ({ now }, { db, query }) => answerProductMetrics(db, now().toISOString().slice(0, 10), query),
  }),
  route({
    method: 'GET',
    path: '/metrics/operations/{name}',
    summary:
      'One of five metric operations up to a day: product_counts, stockout_counts, sale_to_restock_ratio, describe_sales, gather_refund_data',
    roles: READERS,
    params: z.object({ name: MetricName }),
    query: z.object({ ...pageQuery(200), cutoff: NearDay.optional() }),
    answer: MetricPage,
    run: ({ now }, { db, params: { name }, query }) =>
      answerMetric(db, name, now().toISOString().slice(0, 10), query),
  }),
];
