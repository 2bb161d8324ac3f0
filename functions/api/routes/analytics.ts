import * as z from 'zod';
import { DashboardSummary, SalesTrends } from '../../../shared/contracts/api/page.ts';
import { InventoryStatus } from '../../../shared/contracts/api/planning.ts';
import {
  readDashboardSummary,
  readInventoryStatus,
  readSalesTrends,
} from '../../../shared/data/analytics-reads.ts';
import { READERS } from '../roles.ts';
import { route } from '../route.ts';

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
];
