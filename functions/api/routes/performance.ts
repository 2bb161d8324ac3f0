import * as z from 'zod';
import { pageQuery } from '../../../shared/contracts/api/inputs.ts';
import { Day } from '../../../shared/contracts/api/page.ts';
import {
  AbcAnalysis,
  CategoryPerformance,
  ProductPerformance,
  TopProducts,
} from '../../../shared/contracts/api/performance.ts';
import { READERS } from '../http/roles.ts';
import { route } from '../http/route.ts';
import { answerAbc } from '../metrics/answer-abc.ts';
import {
  answerCategoryPerformance,
  answerProductPerformance,
  answerTopProducts,
} from '../metrics/answer-performance.ts';

const asked = {
  from: Day.optional(),
  to: Day.optional(),
  location_id: z.string().optional(),
  category: z.string().optional(),
};
const limitOf = (least: number, most: number, usual: number) =>
  z.coerce.number().int().min(least).max(most).default(usual);
const dayOf = (now: Date) => now.toISOString().slice(0, 10);

export const performanceRoutes = [
  route({
    method: 'GET',
    path: '/analytics/abc-analysis',
    summary:
      'Products by their part of the revenue of a year, 80 and 95 %: classes by revenue, by units, within their category and before, with what each class holds and asks for',
    roles: READERS,
    query: z.object({ ...asked, ...pageQuery(1000), limit: limitOf(10, 1000, 100) }),
    answer: AbcAnalysis,
    run: ({ now }, { db, query }) => answerAbc(db, dayOf(now()), query),
  }),
  route({
    method: 'GET',
    path: '/analytics/top-products',
    summary: 'Products with the most revenue, profit or units of a year, or the most units a day by now',
    roles: READERS,
    query: z.object({
      ...asked,
      limit: limitOf(1, 100, 10),
      metric: TopProducts.shape.metric.default('revenue'),
    }),
    answer: TopProducts,
    run: ({ now }, { db, query }) => answerTopProducts(db, dayOf(now()), query),
  }),
  route({
    method: 'GET',
    path: '/analytics/product-performance',
    summary: 'Products that sold most and least in a year, and those with the best and the worst margin',
    roles: READERS,
    query: z.object({ ...asked, limit: limitOf(5, 50, 10) }),
    answer: ProductPerformance,
    run: ({ now }, { db, query }) => answerProductPerformance(db, dayOf(now()), query),
  }),
  route({
    method: 'GET',
    path: '/analytics/category-performance',
    summary: 'Revenue, profit and orders of categories in a year, with their shares',
    roles: READERS,
    query: z.object(asked),
    answer: CategoryPerformance,
    run: ({ now }, { db, query }) => answerCategoryPerformance(db, dayOf(now()), query),
  }),
];
