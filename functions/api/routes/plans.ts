import * as z from 'zod';
import { pageQuery } from '../../../shared/contracts/api/inputs.ts';
import { pageOf } from '../../../shared/contracts/api/page.ts';
import { Alert, Plan } from '../../../shared/contracts/api/planning.ts';
import type { PlanRequested } from '../../../shared/contracts/messages.ts';
import { listAlerts, listPlans } from '../../../shared/data/plan-reads.ts';
import { messageKey } from '../message-key.ts';
import { READERS } from '../roles.ts';
import { route } from '../route.ts';

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
    query: z.object(pageQuery(500)),
    answer: pageOf(Alert),
    run: (_, { db, query }) => listAlerts(db, query),
  }),
];
