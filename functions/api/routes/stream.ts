import { randomBytes } from 'node:crypto';
import * as z from 'zod';
import { keepTicket } from '../../../shared/data/messages/stream-store.ts';
import { READERS } from '../http/roles.ts';
import { route } from '../http/route.ts';

export const streamRoutes = [
  route({
    method: 'POST',
    path: '/stream/tickets',
    summary: 'A ticket that opens one WebSocket connection within a minute',
    roles: READERS,
    answer: z.object({ ticket: z.string(), url: z.string(), expires_in: z.int() }),
    status: 201,
    async run({ streamUrl }, { db, user }) {
      const ticket = randomBytes(32).toString('base64url');
      await keepTicket(db, ticket, user.username);
      const url = new URL(streamUrl);
      url.searchParams.set('ticket', ticket);
      return { ticket, url: url.href, expires_in: 60 };
    },
  }),
];
