import * as z from 'zod';
import { pageQuery } from '../../../shared/contracts/api/inputs.ts';
import { pageOf } from '../../../shared/contracts/api/page.ts';
import { Model } from '../../../shared/contracts/api/planning.ts';
import type { TrainRequested } from '../../../shared/contracts/messages.ts';
import { listModels } from '../../../shared/data/model-reads.ts';
import { READERS } from '../roles.ts';
import { route } from '../route.ts';

export const modelRoutes = [
  route({
    method: 'GET',
    path: '/models',
    summary: 'Forecasting models of many series, newest first, with age and size',
    roles: READERS,
    query: z.object(pageQuery(100)),
    answer: pageOf(Model),
    run: ({ now }, { db, query }) => listModels(db, now(), query),
  }),
  route({
    method: 'POST',
    path: '/models',
    summary: 'Train a model now; data that one is trained on already give no second one',
    roles: ['planner'],
    answer: z.object({ requested: z.literal(true) }),
    status: 202,
    effect: 'creates',
    async run({ trainQueue }) {
      await trainQueue.send([{ type: 'TrainRequested', cause: 'api' } satisfies TrainRequested]);
      return { requested: true as const };
    },
  }),
];
