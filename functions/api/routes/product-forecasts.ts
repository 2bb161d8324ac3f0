import * as z from 'zod';
import {
  CategoryDays,
  DemandForecast,
  PLAIN_METHODS,
  ProductForecast,
} from '../../../shared/contracts/api/product-forecast.ts';
import { readCategoryDays } from '../../../shared/data/forecasts/category-forecast-reads.ts';
import { forecastDemand, forecastProduct } from '../forecasts/forecast-product.ts';
import { found } from '../http/found.ts';
import { READERS } from '../http/roles.ts';
import { route } from '../http/route.ts';

const daysAhead = z.coerce.number().int().min(7).max(90).default(30);
const demandDays = z.coerce.number().int().min(1).max(90).default(30);
const productParam = z.object({ product_id: z.string().min(1).max(64) });

export const productForecastRoutes = [
  route({
    method: 'GET',
    path: '/analytics/forecast/product/{product_id}',
    summary:
      'Daily forecast of a product: of the newest plan (auto), or by a moving average of 7 days, a line, or smoothing with 0.3 over the newest half year; says so where less than 7 (14) days are known',
    roles: READERS,
    params: productParam,
    query: z.object({ days: daysAhead, method: z.enum(['auto', ...PLAIN_METHODS]).default('auto') }),
    answer: ProductForecast,
    run: (_, { db, params, query }) =>
      forecastProduct(db, { productId: params.product_id, days: query.days, method: query.method }),
  }),
  route({
    method: 'GET',
    path: '/analytics/forecast/category/{category}',
    summary: 'Daily forecast of a category, by the newest plan',
    roles: READERS,
    params: z.object({ category: z.string().min(1).max(100) }),
    query: z.object({ days: daysAhead }),
    answer: CategoryDays,
    run: async (_, { db, params, query }) =>
      found(await readCategoryDays(db, params.category, query.days), 'forecast of category', params.category),
  }),
  route({
    method: 'GET',
    path: '/analytics/demand-forecast/{product_id}',
    summary: 'Expected demand of a product over the coming days',
    roles: READERS,
    params: productParam,
    query: z.object({ days_ahead: demandDays }),
    answer: DemandForecast,
    run: (_, { db, params, query }) => forecastDemand(db, params.product_id, query.days_ahead),
  }),
  route({
    method: 'GET',
    path: '/predict_demand',
    summary: 'The same as GET /analytics/demand-forecast/{product_id}',
    roles: READERS,
    query: productParam.extend({ days_ahead: demandDays }),
    answer: DemandForecast,
    run: (_, { db, query }) => forecastDemand(db, query.product_id, query.days_ahead),
  }),
];
