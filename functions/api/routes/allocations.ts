import * as z from 'zod';
import {
  AllocationDetail,
  AllocationSummary,
  NewAllocation,
} from '../../../shared/contracts/api/allocation.ts';
import { pageQuery } from '../../../shared/contracts/api/inputs.ts';
import { pageOf } from '../../../shared/contracts/api/page.ts';
import { applyAllocation } from '../../../shared/data/allocation/allocation-apply.ts';
import { findAllocation, listAllocations } from '../../../shared/data/allocation/allocation-store.ts';
import { found } from '../http/found.ts';
import { messageKey } from '../http/message-key.ts';
import { DECIDERS, READERS } from '../http/roles.ts';
import { route } from '../http/route.ts';
import { createAllocation, LINES_SHOWN } from '../suggestions/create-allocation.ts';

const params = z.object({ id: z.string() });

export const allocationRoutes = [
  route({
    method: 'GET',
    path: '/allocations',
    summary: 'How limited money, units, space or load were divided, the newest first',
    roles: READERS,
    query: z.object(pageQuery(100, 20)),
    answer: pageOf(AllocationSummary),
    run: (_, { db, query }) => listAllocations(db, query),
  }),
  route({
    method: 'POST',
    path: '/allocations',
    summary:
      'Divide a budget, units, space or load among the open suggestions: by expected gain, with the ranked list, the cut and what it costs, or in proportion; or a total among all goods',
    roles: DECIDERS,
    body: NewAllocation,
    answer: AllocationDetail,
    status: 201,
    effect: 'creates',
    run: (_, { db, body, user, askingKey }) =>
      createAllocation(db, body, {
        allocationId: messageKey(`allocation/${askingKey}`),
        actor: user.username,
      }),
  }),
  route({
    method: 'GET',
    path: '/allocations/{id}',
    summary: 'One allocation with its lines, the best first',
    roles: READERS,
    params,
    query: z.object(pageQuery(1000, LINES_SHOWN)),
    answer: AllocationDetail,
    run: async (_, { db, params: { id }, query }) =>
      found(await findAllocation(db, id, query), 'allocation', id),
  }),
  route({
    method: 'POST',
    path: '/allocations/{id}/apply',
    summary:
      'Make the suggestions so: edit what got less, put off what got nothing; what has changed since is skipped',
    roles: DECIDERS,
    params,
    answer: AllocationDetail,
    effect: 'creates',
    async run(_, { db, params: { id }, user }) {
      await applyAllocation(db, id, user.username);
      return found(await findAllocation(db, id, { skip: 0, limit: LINES_SHOWN }), 'allocation', id);
    },
  }),
];
