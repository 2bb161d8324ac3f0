import * as z from 'zod';
import { Diagnostics, Outliers, Spikes } from '../../../shared/contracts/api/diagnostics.ts';
import { diagnoseSeries } from '../forecasts/diagnose-series.ts';
import { SeriesNames, SeriesQuery } from '../forecasts/find-series.ts';
import { findSpikes } from '../forecasts/find-spikes.ts';
import { flagOutliers } from '../forecasts/flag-outliers.ts';
import { READERS } from '../http/roles.ts';
import { route } from '../http/route.ts';

export const diagnosticRoutes = [
  route({
    method: 'GET',
    path: '/forecast/diagnostics',
    summary:
      'Tests of the weekly demand of a product (at one or all locations) or a category: stationarity, season, a plain regression, SARIMA',
    roles: READERS,
    query: SeriesNames,
    answer: Diagnostics,
    run: (_, { db, query }) => diagnoseSeries(db, query),
  }),
  route({
    method: 'GET',
    path: '/forecast/diagnostics/{category}',
    summary: 'The same tests of the weekly demand of a category',
    roles: READERS,
    params: z.object({ category: z.string().min(1).max(100) }),
    answer: Diagnostics,
    run: (_, { db, params }) => diagnoseSeries(db, { category: params.category }),
  }),
  route({
    method: 'GET',
    path: '/forecast/spikes',
    summary: 'Coming weeks in which categories are expected to sell clearly more than lately',
    roles: READERS,
    query: z.object({
      weeks: z.coerce.number().int().min(1).max(52).default(13),
      min_lift: z.coerce.number().min(0.01).max(10).default(0.25),
      limit: z.coerce.number().int().min(1).max(500).default(100),
    }),
    answer: Spikes,
    run: (_, { db, query }) =>
      findSpikes(db, { weeks: query.weeks, minLift: query.min_lift, limit: query.limit }),
  }),
  route({
    method: 'GET',
    path: '/analytics/outliers',
    summary: 'Unusual weeks, or days of a product, by three rules; they are flagged and nothing else',
    roles: READERS,
    query: SeriesQuery,
    answer: Outliers,
    run: (_, { db, query }) => flagOutliers(db, query),
  }),
];
