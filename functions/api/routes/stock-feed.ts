import * as z from 'zod';
import { newestCursor, readFeed } from '../../../shared/data/ledger/stock-feed-store.ts';
import { READERS } from '../http/roles.ts';
import { route } from '../http/route.ts';

const Change = z.object({
  cursor: z.string(),
  product_id: z.string(),
  location_id: z.string(),
  previous_stock: z.int(),
  current_stock: z.int(),
  at: z.string(),
});

export const stockFeedRoutes = [
  route({
    method: 'GET',
    path: '/stock/feed',
    summary:
      'Changes of stock after a cursor, none left out; without a cursor, the newest one to begin from. reset: read all stock once',
    roles: READERS,
    query: z.object({ after: z.coerce.number().int().min(0).optional() }),
    answer: z.object({
      data: z.array(Change),
      cursor: z.string(),
      has_more: z.boolean(),
      /** The feed does not go back so far. */
      reset: z.boolean(),
    }),
    async run({ database }, { query: { after } }) {
      if (after === undefined) {
        const cursor = String(await newestCursor(database));
        return { data: [], cursor, has_more: false, reset: false };
      }
      const page = await readFeed(database, after);
      return {
        data: page.changes.map((change) => ({
          cursor: String(change.cursor),
          product_id: change.productId,
          location_id: change.locationId,
          previous_stock: change.previousStock,
          current_stock: change.currentStock,
          at: change.at,
        })),
        cursor: String(page.cursor),
        has_more: page.hasMore,
        reset: page.isLost,
      };
    },
  }),
];
