import * as z from 'zod';
import { AccuracyQuarters, ForecastAccuracy } from '../../../shared/contracts/api/accuracy.ts';
import { DashboardSummary, SalesTrends } from '../../../shared/contracts/api/page.ts';
import { InventoryStatus } from '../../../shared/contracts/api/planning.ts';
import { daysOfQuarter } from '../../../shared/core/calendar/quarters.ts';
import { readAccuracy, readAccuracyQuarters } from '../../../shared/data/forecasts/accuracy-reads.ts';
import {
  readDashboardSummary,
  readInventoryStatus,
  readSalesTrends,
} from '../../../shared/data/metrics/analytics-reads.ts';
import { READERS } from '../http/roles.ts';
import { route } from '../http/route.ts';

/** `1`, or `1-13`: weeks ahead. */
const Lag = z
  .string()
  .regex(/^([1-9]|1[0-3])(-([1-9]|1[0-3]))?$/, 'is a number of weeks from 1 to 13, or two with a hyphen')
  .transform((text) => text.split('-').map(Number))
  .refine(([from, to = from]) => to! >= from!, 'ends before it begins')
  .transform(([from, to = from]) => ({ from: from!, to: to! }));

export const analyticsRoutes = [
  route({
    method: 'GET',
    path: '/analytics/inventory/status',
    summary: 'How many goods are there, run low, are out, or lie without demand',
    roles: READERS,
    answer: InventoryStatus,
    run: (_, { db }) => readInventoryStatus(db),
  }),
  route({
    method: 'GET',
    path: '/analytics/sales-trends',
    summary: 'Sales per day, Monday week or month up to the business day',
    roles: READERS,
    query: z.object({
      period: z.enum(['daily', 'weekly', 'monthly']).default('daily'),
      days: z.coerce.number().int().min(7).max(1830).default(30),
    }),
    answer: SalesTrends,
    run: (_, { db, query }) => readSalesTrends(db, query.period, query.days),
  }),
  route({
    method: 'GET',
    path: '/analytics/dashboard/summary',
    summary: 'The numbers at the top of the first page',
    roles: READERS,
    answer: DashboardSummary,
    run: (_, { db }) => readDashboardSummary(db),
  }),
  route({
    method: 'GET',
    path: '/analytics/forecast-accuracy',
    summary: 'How good forecasts of closed weeks were, weeks ahead, beside a seasonal naive forecast',
    roles: READERS,
    query: z
      .object({
        by: ForecastAccuracy.shape.by.default('category'),
        lag: Lag.default({ from: 1, to: 1 }),
        from: z.iso.date().optional(),
        to: z.iso.date().optional(),
        quarter: z
          .string()
          .regex(/^\d{4}-Q[1-4]$/, 'is no quarter, such as 2011-Q4')
          .optional(),
      })
      .refine(({ quarter, from, to }) => quarter === undefined || (from ?? to) === undefined, {
        path: ['quarter'],
        message: 'goes without from and to',
      }),
    answer: ForecastAccuracy,
    run: (_, { db, query: { by, lag, quarter, from, to } }) => {
      const days = quarter === undefined ? { first: from, last: to } : daysOfQuarter(quarter);
      return readAccuracy(db, { by, lag, from: days.first, to: days.last });
    },
  }),
  route({
    method: 'GET',
    path: '/analytics/forecast-accuracy/quarters',
    summary: 'Accuracy of forecasts by category, quarter over quarter',
    roles: READERS,
    query: z.object({ lag: Lag.default({ from: 1, to: 1 }) }),
    answer: AccuracyQuarters,
    run: (_, { db, query }) => readAccuracyQuarters(db, query.lag),
  }),
];
