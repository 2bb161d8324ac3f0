import * as z from 'zod';
import { pageQuery } from '../../../shared/contracts/api/inputs.ts';
import { MetricName, MetricPage } from '../../../shared/contracts/api/metrics.ts';
import { Day } from '../../../shared/contracts/api/page.ts';
import { answerMetric } from '../answer-metric.ts';
import { READERS } from '../roles.ts';
import { route } from '../route.ts';

export const metricRoutes = [
  route({
    method: 'GET',
    path: '/metrics/operations/{name}',
    summary:
      'One of five metric operations up to a day: product_counts, stockout_counts, sale_to_restock_ratio, describe_sales, gather_refund_data',
    roles: READERS,
    params: z.object({ name: MetricName }),
    query: z.object({ ...pageQuery(200), cutoff: Day.optional() }),
    answer: MetricPage,
    run: ({ now }, { db, params: { name }, query }) =>
      answerMetric(db, name, now().toISOString().slice(0, 10), query),
  }),
];
