import * as z from 'zod';
import {
  EnsembleCompared,
  EnsembleForecast,
  EnsembleForecasts,
  EnsembleStatus,
  EnsembleTraining,
  EnsembleWeights,
} from '../../../shared/contracts/api/ensemble.ts';
import { pageQuery } from '../../../shared/contracts/api/inputs.ts';
import { listEnsembles, readMeanWeights } from '../../../shared/data/forecasts/ensemble-store.ts';
import { findGroupRun } from '../../../shared/data/forecasts/group-forecast-reads.ts';
import {
  compareByEnsemble,
  forecastAllByEnsemble,
  forecastByEnsemble,
  readEnsembleStatus,
  USUAL_VALIDATION,
} from '../forecasts/forecast-by-ensemble.ts';
import { MOST_TRAINED, trainEnsembles } from '../forecasts/train-ensembles.ts';
import { READERS } from '../http/roles.ts';
import { route } from '../http/route.ts';

const name = z.string().min(1).max(100);
const params = z.object({ category: name });
const weeks = z.coerce.number().int().min(1).max(52).default(4);

export const ensembleRoutes = [
  route({
    method: 'GET',
    path: '/forecast/ensemble/status',
    summary: 'Which models make up the ensembles of categories, and how many categories have one',
    roles: READERS,
    answer: EnsembleStatus,
    run: (_, { db }) => readEnsembleStatus(db),
  }),
  route({
    method: 'POST',
    path: '/forecast/ensemble/train',
    summary: `Weigh models by their errors on the newest weeks of each category; up to ${MOST_TRAINED} categories a request, those without weights of the newest data first`,
    roles: ['planner'],
    query: z.object({
      validation_weeks: z.coerce.number().int().min(4).max(16).default(USUAL_VALIDATION),
      category: name.optional(),
    }),
    answer: EnsembleTraining,
    effect: 'creates',
    run: (_, { db, query, user }) =>
      trainEnsembles(db, {
        validation: query.validation_weeks,
        category: query.category,
        user: user.username,
      }),
  }),
  route({
    method: 'GET',
    path: '/forecast/ensemble/forecast/{category}',
    summary: 'The coming weeks of a category by its ensemble',
    roles: READERS,
    params,
    query: z.object({ weeks }),
    answer: EnsembleForecast,
    run: (_, { db, params, query }) => forecastByEnsemble(db, params.category, query.weeks),
  }),
  route({
    method: 'GET',
    path: '/forecast/ensemble/forecasts/all',
    summary: 'The coming weeks of all categories that have an ensemble, the largest first, page by page',
    roles: READERS,
    query: z.object({ ...pageQuery(MOST_TRAINED), weeks }),
    answer: EnsembleForecasts,
    run: ({ now }, { db, query }) => forecastAllByEnsemble(db, now(), query),
  }),
  route({
    method: 'GET',
    path: '/forecast/ensemble/weights',
    summary: 'Weights and errors of the members of each ensemble, and the weights on average',
    roles: READERS,
    query: z.object(pageQuery(500)),
    answer: EnsembleWeights,
    async run(_, { db, query }) {
      const run = await findGroupRun(db);
      if (!run) return { categories: [], average_weights: {}, pagination: { ...query, total: 0 } };
      const { data, pagination } = await listEnsembles(db, run.runId, query);
      return { categories: data, average_weights: await readMeanWeights(db, run.runId), pagination };
    },
  }),
  route({
    method: 'GET',
    path: '/forecast/ensemble/compare/{category}',
    summary: 'SARIMA and the ensemble over the same weeks from the same data, with the errors of both',
    roles: READERS,
    params,
    query: z.object({ weeks: z.coerce.number().int().min(1).max(12).default(4) }),
    answer: EnsembleCompared,
    run: (_, { db, params, query }) => compareByEnsemble(db, params.category, query.weeks),
  }),
];
