import * as z from 'zod';
import {
  CategoryForecast,
  CategoryForecasts,
  GroupDetail,
  GroupSummary,
} from '../../../shared/contracts/api/group-forecast.ts';
import { pageQuery } from '../../../shared/contracts/api/inputs.ts';
import { pageOf } from '../../../shared/contracts/api/page.ts';
import { Recommendation } from '../../../shared/contracts/api/recommendation.ts';
import {
  findCategoryForecast,
  readCategoryForecasts,
} from '../../../shared/data/forecasts/category-forecast-reads.ts';
import { findGroup, listGroups } from '../../../shared/data/forecasts/group-forecast-reads.ts';
import { listRecommendations } from '../../../shared/data/suggestions/recommendation-reads.ts';
import { found } from '../http/found.ts';
import { READERS } from '../http/roles.ts';
import { route } from '../http/route.ts';

const horizon = z.coerce.number().int().min(7).max(365).default(90);

export const groupForecastRoutes = [
  route({
    method: 'GET',
    path: '/forecast/forecast/{category}',
    summary:
      'Forecast of a category over 7 to 365 days, by day when asked for, and what it means for its stock',
    roles: READERS,
    params: z.object({ category: z.string().min(1).max(100) }),
    query: z.object({ horizon, include_daily: z.stringbool().default(false) }),
    answer: CategoryForecast,
    run: async (_, { db, params, query }) =>
      found(
        await findCategoryForecast(db, params.category, {
          horizon: query.horizon,
          includeDaily: query.include_daily,
        }),
        'forecast of category',
        params.category,
      ),
  }),
  route({
    method: 'GET',
    path: '/forecast/forecasts/all',
    summary: 'Forecasts of all categories over 7 to 365 days, and of all together',
    roles: READERS,
    query: z.object({ horizon }),
    answer: CategoryForecasts,
    run: (_, { db, query }) => readCategoryForecasts(db, query.horizon),
  }),
  route({
    method: 'GET',
    path: '/forecast/inventory-recommendations',
    summary:
      'What to order of each category: the open suggestions of its products, beside what its forecast means as if it were one article; the largest first',
    roles: READERS,
    query: z.object(pageQuery(100, 50)),
    answer: pageOf(Recommendation),
    run: (_, { db, query }) => listRecommendations(db, query),
  }),
  route({
    method: 'GET',
    path: '/forecast-groups',
    summary: 'The newest forecast of all products together and of each category, the largest first',
    roles: READERS,
    query: z.object(pageQuery(1000)),
    answer: pageOf(GroupSummary),
    run: (_, { db, query }) => listGroups(db, query),
  }),
  route({
    method: 'GET',
    path: '/forecast-groups/outlook',
    summary: 'History and newest forecast of a category or, without one, of all products, for a chart',
    roles: READERS,
    query: z.object({
      // not in the path, which takes no slash in a name
      category: z.string().min(1).max(100).optional(),
      weeks: z.coerce.number().int().min(1).max(53).default(13),
    }),
    answer: GroupDetail,
    run: async (_, { db, query: { category, weeks } }) =>
      category === undefined
        ? found(await findGroup(db, { level: 'total', key: '' }, weeks), 'forecast of', 'all products')
        : found(await findGroup(db, { level: 'category', key: category }, weeks), 'forecast of', category),
  }),
];
