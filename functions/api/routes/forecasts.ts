import * as z from 'zod';
import { pageQuery } from '../../../shared/contracts/api/inputs.ts';
import { ForecastDetail, pageOf } from '../../../shared/contracts/api/page.ts';
import { ForecastSummary } from '../../../shared/contracts/api/planning.ts';
import { findForecast, listForecasts } from '../../../shared/data/forecasts/forecast-reads.ts';
import { found } from '../http/found.ts';
import { READERS } from '../http/roles.ts';
import { route } from '../http/route.ts';

export const forecastRoutes = [
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
