import * as z from 'zod';
import { pageQuery, serialParam } from '../../../shared/contracts/api/inputs.ts';
import { pageOf } from '../../../shared/contracts/api/page.ts';
import {
  MOST_VALUES,
  NewSignal,
  Signal,
  SignalValue,
  SignalValues,
} from '../../../shared/contracts/api/signal.ts';
import {
  createSignal,
  deleteSignal,
  findSignal,
  listSignals,
  listSignalValues,
  saveSignalValues,
} from '../../../shared/data/demand/signal-store.ts';
import { found } from '../http/found.ts';
import { KEEPERS, READERS } from '../http/roles.ts';
import { route } from '../http/route.ts';

const params = z.object({ id: serialParam });

export const signalRoutes = [
  route({
    method: 'GET',
    path: '/signals',
    summary: 'What moves demand from outside: prices, promotions, events, weather, markets',
    roles: READERS,
    query: z.object({ ...pageQuery(1000), name: z.string().max(60).optional() }),
    answer: pageOf(Signal),
    run: (_, { db, query }) => listSignals(db, query.name, query),
  }),
  route({
    method: 'POST',
    path: '/signals',
    summary: 'Make a signal for a product, a category, a location or all; the next training takes it in',
    roles: KEEPERS,
    body: NewSignal,
    answer: Signal,
    status: 201,
    effect: 'creates',
    async run(_, { db, body, user }) {
      const id = await createSignal(db, body, user.username);
      return (await findSignal(db, id))!;
    },
  }),
  route({
    method: 'GET',
    path: '/signals/{id}',
    summary: 'One signal',
    roles: READERS,
    params,
    answer: Signal,
    run: async (_, { db, params: { id } }) => found(await findSignal(db, id), 'signal', id),
  }),
  route({
    method: 'DELETE',
    path: '/signals/{id}',
    summary: 'Remove a signal and its values; the next plan forecasts as if it had never been',
    roles: KEEPERS,
    params,
    answer: z.object({ deleted: z.literal(true) }),
    async run(_, { db, params: { id } }) {
      found((await deleteSignal(db, id)) || undefined, 'signal', id);
      return { deleted: true as const };
    },
  }),
  route({
    method: 'GET',
    path: '/signals/{id}/values',
    summary: 'Values of a signal by day',
    roles: READERS,
    params,
    query: z.object(pageQuery(MOST_VALUES)),
    answer: pageOf(SignalValue),
    async run(_, { db, params: { id }, query }) {
      found(await findSignal(db, id), 'signal', id);
      return listSignalValues(db, id, query);
    },
  }),
  route({
    method: 'POST',
    path: '/signals/{id}/values',
    summary: 'Set the values of days, past and planned; null takes one away',
    roles: KEEPERS,
    params,
    body: SignalValues,
    answer: Signal,
    async run(_, { db, params: { id }, body }) {
      found(await findSignal(db, id), 'signal', id);
      await saveSignalValues(db, id, body.values);
      return (await findSignal(db, id))!;
    },
  }),
];
