import * as z from 'zod';
import { pageQuery, serialParam } from '../../../shared/contracts/api/inputs.ts';
import { pageOf } from '../../../shared/contracts/api/page.ts';
import { Alert, Plan } from '../../../shared/contracts/api/planning.ts';
import type { PlanRequested } from '../../../shared/contracts/messages.ts';
import { closeAlert } from '../../../shared/data/planning/alert-store.ts';
import { findAlert, listAlerts, listPlans } from '../../../shared/data/planning/plan-reads.ts';
import { found } from '../http/found.ts';
import { messageKey } from '../http/message-key.ts';
import { KEEPERS, READERS } from '../http/roles.ts';
import { route } from '../http/route.ts';

export const planRoutes = [
  route({
    method: 'GET',
    path: '/plans',
    summary: 'Planning runs, newest first',
    roles: READERS,
    query: z.object(pageQuery(500)),
    answer: pageOf(Plan),
    run: (_, { db, query }) => listPlans(db, query),
  }),
  route({
    method: 'POST',
    path: '/plans',
    summary: 'Plan now: forecasts, suggestions and drafts follow',
    roles: ['planner', 'buyer'],
    answer: z.object({ requested: z.literal(true), key: z.string() }),
    status: 202,
    effect: 'creates',
    async run({ planQueue }, { askingKey }) {
      // A repeated message has the same key, which makes no second run.
      const key = messageKey(askingKey);
      await planQueue.send([{ type: 'PlanRequested', cause: 'api', key } satisfies PlanRequested]);
      return { requested: true as const, key };
    },
  }),
  route({
    method: 'GET',
    path: '/alerts',
    summary: 'What a person should know, newest first',
    roles: READERS,
    query: z.object({ ...pageQuery(500), open: z.stringbool().optional() }),
    answer: pageOf(Alert),
    run: (_, { db, query }) => listAlerts(db, query.open, query),
  }),
  route({
    method: 'POST',
    path: '/alerts/{id}/close',
    summary: 'Say that an alert is dealt with; the same reason again opens it again',
    roles: KEEPERS,
    params: z.object({ id: serialParam }),
    answer: Alert,
    async run(_, { db, params: { id }, user }) {
      await closeAlert(db, id, user.username);
      return found(await findAlert(db, id), 'alert', id);
    },
  }),
];
