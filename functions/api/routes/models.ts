import * as z from 'zod';
import { pageQuery } from '../../../shared/contracts/api/inputs.ts';
import { pageOf } from '../../../shared/contracts/api/page.ts';
import { Model, ModelStatus, Retraining } from '../../../shared/contracts/api/planning.ts';
import type { TrainRequested } from '../../../shared/contracts/messages.ts';
import { listModels, listStoredModels } from '../../../shared/data/forecasts/model-reads.ts';
import { retrainModels } from '../forecasts/retrain-models.ts';
import { READERS } from '../http/roles.ts';
import { route } from '../http/route.ts';

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
  route({
    method: 'GET',
    path: '/forecast/model-status',
    summary:
      'Everything that was trained and is kept, newest first: models of many series, ensembles of categories',
    roles: READERS,
    query: z.object(pageQuery(500)),
    answer: ModelStatus,
    async run({ now }, { db, query }) {
      const { data, ready, pagination } = await listStoredModels(db, now(), query);
      return { models_available: ready, model_directory: 'models/', models: data, pagination };
    },
  }),
  route({
    method: 'POST',
    path: '/forecast/retrain-models',
    summary:
      'Ask for training, which goes on in the background: the answer has the newest model as it is, /forecast/model-status its successor. Unless forced, nothing is asked for while plans would take the newest model and it knows all days and inputs; the same data and settings give no second version either way',
    roles: ['planner'],
    query: z.object({ force: z.stringbool().default(false) }),
    answer: Retraining,
    status: 202,
    effect: 'creates',
    run: ({ trainQueue, now }, { db, query }) => retrainModels({ db, trainQueue, now: now() }, query.force),
  }),
];
