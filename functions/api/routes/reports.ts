import * as z from 'zod';
import { pageQuery } from '../../../shared/contracts/api/inputs.ts';
import { NewOrder, OrderDetail } from '../../../shared/contracts/api/order.ts';
import { Day, pageOf } from '../../../shared/contracts/api/page.ts';
import { InventorySummary, NewSale, Sale, SalesReport } from '../../../shared/contracts/api/report.ts';
import { toDecimal } from '../../../shared/contracts/csv/cells.ts';
import { addDays } from '../../../shared/core/calendar/add-days.ts';
import {
  listSales,
  readInventorySummary,
  readSalesReport,
} from '../../../shared/data/metrics/report-reads.ts';
import { readBusinessDay } from '../../../shared/data/planning/business-day.ts';
import { messageKey } from '../http/message-key.ts';
import { jsonReply } from '../http/reply.ts';
import { KEEPERS, READERS } from '../http/roles.ts';
import { route } from '../http/route.ts';
import { createOrder } from '../orders/create-order.ts';

/** Days of a report when none are given. */
const USUAL_DAYS = 30;

export const reportRoutes = [
  route({
    method: 'GET',
    path: '/sales',
    summary: 'Lines of orders, newest order first',
    roles: READERS,
    query: z.object({
      ...pageQuery(1000),
      product_id: z.string().optional(),
      customer_id: z.string().optional(),
      start_date: Day.optional(),
      end_date: Day.optional(),
    }),
    answer: pageOf(Sale),
    run: (_, { db, query }) =>
      listSales(
        db,
        {
          productId: query.product_id,
          customerId: query.customer_id,
          startDate: query.start_date,
          endDate: query.end_date,
        },
        query,
      ),
  }),
  route({
    method: 'POST',
    path: '/sales',
    summary: 'Book goods that were handed over, as a delivered order of one line; 409 when stock is short',
    roles: KEEPERS,
    body: NewSale,
    answer: OrderDetail,
    status: 201,
    effect: 'creates',
    async run({ now }, { db, body, user, askingKey }) {
      const { id, unit_price, ...sale } = body;
      const newOrder = NewOrder.parse({
        ...sale,
        id: id ?? `SALE-${messageKey(`sale ${askingKey}`)}`,
        order_status: 'Delivered',
        ...(unit_price !== undefined && { unit_price: toDecimal(unit_price) }),
      });
      const { order, isNew } = await createOrder(db, newOrder, { actor: user.username, now: now() });
      return isNew ? order : jsonReply(200, order);
    },
  }),
  route({
    method: 'GET',
    path: '/reports/inventory-summary',
    summary: 'Active goods that are stocked: how many, and what they are worth',
    roles: READERS,
    answer: InventorySummary,
    run: (_, { db }) => readInventorySummary(db),
  }),
  route({
    method: 'GET',
    path: '/reports/sales-report',
    summary:
      'What was sold, by product, category, location or day; 30 days up to the business day by default',
    roles: READERS,
    query: z
      .object({
        start_date: Day.optional(),
        end_date: Day.optional(),
        group_by: SalesReport.shape.group_by.default('product'),
      })
      .refine(({ start_date, end_date }) => !start_date || !end_date || start_date <= end_date, {
        path: ['end_date'],
        message: 'lies before start_date',
      }),
    answer: SalesReport,
    async run({ now }, { db, query: { start_date, end_date, group_by } }) {
      const last = end_date ?? (await readBusinessDay(db)) ?? now().toISOString().slice(0, 10);
      return readSalesReport(db, group_by, start_date ?? addDays(last, 1 - USUAL_DAYS), last);
    },
  }),
];
