import * as z from 'zod';
import { pageQuery, serialParam } from '../../../shared/contracts/api/inputs.ts';
import { Day, pageOf } from '../../../shared/contracts/api/page.ts';
import {
  CancelCount,
  CountedLines,
  NewCount,
  ShrinkageReport,
  StockCount,
  StockCountDetail,
} from '../../../shared/contracts/api/stock-count.ts';
import { readShrinkage } from '../../../shared/data/ledger/shrinkage-reads.ts';
import { listCounts } from '../../../shared/data/ledger/stock-count-reads.ts';
import { KEEPERS, READERS } from '../http/roles.ts';
import { route } from '../http/route.ts';
import { cancelCount, closeCount, countLines, openCount, showCount } from '../stock/count-stock.ts';

const serial = z.object({ id: serialParam });

export const countRoutes = [
  route({
    method: 'GET',
    path: '/counts',
    summary: 'Stock counts, newest first, with accuracy and variance of those that are closed',
    roles: READERS,
    query: z.object({
      ...pageQuery(500),
      status: z.string().optional(),
      location_id: z.string().optional(),
    }),
    answer: pageOf(StockCount),
    run: (_, { db, query: { status, location_id, ...page } }) =>
      listCounts(db, { status, locationId: location_id }, page),
  }),
  route({
    method: 'POST',
    path: '/counts',
    summary: 'Open a sheet of products to count; a blind one hides what should be there from who counts',
    roles: KEEPERS,
    body: NewCount,
    answer: StockCountDetail,
    status: 201,
    effect: 'creates',
    run: async (_, { db, body, user }) => showCount(db, await openCount(db, body, user.username), user),
  }),
  route({
    method: 'GET',
    path: '/counts/{id}',
    summary: 'One count with its lines',
    roles: READERS,
    params: serial,
    answer: StockCountDetail,
    run: (_, { db, params: { id }, user }) => showCount(db, id, user),
  }),
  route({
    method: 'POST',
    path: '/counts/{id}/lines',
    summary: 'Note what was counted and when; of a product counted again the later request holds',
    roles: KEEPERS,
    params: serial,
    body: CountedLines,
    answer: StockCountDetail,
    async run({ now }, { db, params: { id }, body, user }) {
      await countLines(db, id, body, { actor: user.username, now: now() });
      return showCount(db, id, user);
    },
  }),
  route({
    method: 'POST',
    path: '/counts/{id}/close',
    summary:
      'Book the differences to what the ledger had at the time of counting; closing twice changes nothing',
    roles: KEEPERS,
    params: serial,
    answer: StockCountDetail,
    async run(_, { db, params: { id }, user }) {
      await closeCount(db, id, user.username);
      return showCount(db, id, user);
    },
  }),
  route({
    method: 'POST',
    path: '/counts/{id}/cancel',
    summary: 'Give a count up: nothing is booked',
    roles: KEEPERS,
    params: serial,
    body: CancelCount,
    answer: StockCountDetail,
    async run(_, { db, params: { id }, body, user }) {
      await cancelCount(db, id, body.reason, user.username);
      return showCount(db, id, user);
    },
  }),
  route({
    method: 'GET',
    path: '/inventory/shrinkage',
    summary: 'What counts of a period found missing, at cost, ranked; how unusual each is',
    roles: READERS,
    query: z.object({
      ...pageQuery(500),
      from: Day.optional(),
      to: Day.optional(),
      by: z.enum(['item', 'product', 'location', 'category']).default('item'),
    }),
    answer: ShrinkageReport,
    run: (_, { db, query: { from, to, by, ...page } }) => readShrinkage(db, { from, to, by }, page),
  }),
];
