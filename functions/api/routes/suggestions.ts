import * as z from 'zod';
import { pageQuery, serialParam } from '../../../shared/contracts/api/inputs.ts';
import { pageOf, Suggestion } from '../../../shared/contracts/api/page.ts';
import { SupplierNeed } from '../../../shared/contracts/api/planning.ts';
import { findSuggestion, listSuggestions, listSupplierNeeds } from '../../../shared/data/suggestion-reads.ts';
import { dismissSuggestion } from '../../../shared/data/suggestion-store.ts';
import { found } from '../found.ts';
import { DECIDERS, READERS } from '../roles.ts';
import { route } from '../route.ts';

const serial = z.object({ id: serialParam });

export const suggestionRoutes = [
  route({
    method: 'GET',
    path: '/suggestions',
    summary: 'What to order and why, the most urgent first',
    roles: READERS,
    query: z.object({
      ...pageQuery(200),
      status: z.enum(['open', 'ordered', 'withdrawn', 'dismissed']).optional(),
      supplier_id: z.string().optional(),
      product_id: z.string().optional(),
      location_id: z.string().optional(),
    }),
    answer: pageOf(Suggestion),
    run: (_, { db, query }) =>
      listSuggestions(
        db,
        {
          status: query.status,
          supplierId: query.supplier_id,
          productId: query.product_id,
          locationId: query.location_id,
        },
        query,
      ),
  }),
  route({
    method: 'GET',
    path: '/suggestions/by-supplier',
    summary: 'What to order from each supplier, the most urgent first',
    roles: READERS,
    query: z.object(pageQuery(500)),
    answer: pageOf(SupplierNeed),
    run: (_, { db, query }) => listSupplierNeeds(db, query),
  }),
  route({
    method: 'GET',
    path: '/suggestions/{id}',
    summary: 'One suggestion with every number behind it',
    roles: READERS,
    params: serial,
    answer: Suggestion,
    run: async (_, { db, params: { id } }) => found(await findSuggestion(db, id), 'suggestion', id),
  }),
  route({
    method: 'POST',
    path: '/suggestions/{id}/dismiss',
    summary: 'Say no: its line leaves the draft until the need changes',
    roles: DECIDERS,
    params: serial,
    answer: Suggestion,
    async run(_, { db, params: { id } }) {
      await dismissSuggestion(db, id);
      return found(await findSuggestion(db, id), 'suggestion', id);
    },
  }),
];
