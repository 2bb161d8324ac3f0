import * as z from 'zod';
import { NewSourcing, Sourcing } from '../../../shared/contracts/api/sourcing.ts';
import { Fault } from '../../../shared/contracts/fault.ts';
import type { SourceRequested } from '../../../shared/contracts/messages.ts';
import { findSourcing } from '../../../shared/data/sourcing/sourcing-reads.ts';
import { openSourcing } from '../../../shared/data/sourcing/sourcing-store.ts';
import { found } from '../http/found.ts';
import { messageKey } from '../http/message-key.ts';
import { READERS } from '../http/roles.ts';
import { route } from '../http/route.ts';
import { orderOf } from '../imports/request-sourcing.ts';

export const sourcingRoutes = [
  route({
    method: 'POST',
    path: '/sourcing',
    summary:
      'Look for products of categories in a market and give them a first stock by rating and reviews; costs and stock are invented. Goes on in the background: /sourcing/{id} tells how far',
    roles: ['planner'],
    body: NewSourcing,
    answer: Sourcing,
    status: 202,
    effect: 'creates',
    async run({ sourceQueue, hasSearchKey }, { db, body, user, askingKey }) {
      if (!(await hasSearchKey()))
        throw new Fault(
          'conflict',
          'Products cannot be sourced: no key for the search API is set. An operator sets it, see "Product sourcing" in docs/USING.md',
        );
      const sourcingId = messageKey(askingKey);
      const order = await orderOf(db, sourcingId, body);
      await openSourcing(db, sourcingId, user.username, order);
      const first = {
        type: 'SourceRequested' as const,
        sourcingId,
        requestedBy: user.username,
        order,
        position: 0,
      };
      await sourceQueue.send([first satisfies SourceRequested]);
      return found(await findSourcing(db, sourcingId), 'sourcing', sourcingId);
    },
  }),
  route({
    method: 'GET',
    path: '/sourcing/{id}',
    summary: 'How a sourcing goes: each category with what was found or why it was skipped, and the products',
    roles: READERS,
    params: z.object({ id: z.string() }),
    answer: Sourcing,
    run: async (_, { db, params: { id } }) => found(await findSourcing(db, id), 'sourcing', id),
  }),
];
