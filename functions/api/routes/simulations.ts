import * as z from 'zod';
import { pageQuery } from '../../../shared/contracts/api/inputs.ts';
import { pageOf } from '../../../shared/contracts/api/page.ts';
import { NewSimulation, Simulation } from '../../../shared/contracts/api/simulation.ts';
import { Fault } from '../../../shared/contracts/fault.ts';
import type { WorldRequested } from '../../../shared/contracts/messages.ts';
import { readSimulationConfig } from '../../../shared/contracts/simulation-settings.ts';
import {
  cancelSimulation,
  findSimulation,
  listSimulations,
  openSimulation,
  whyNotOpened,
} from '../../../shared/data/simulation/simulation-store.ts';
import { found } from '../http/found.ts';
import { messageKey } from '../http/message-key.ts';
import { READERS } from '../http/roles.ts';
import { route } from '../http/route.ts';

const byId = z.object({ id: z.string().max(24) });

export const simulationRoutes = [
  route({
    method: 'POST',
    path: '/simulations',
    summary:
      'Invent a business day by day into this ledger, which goes on in the background; 409 while another one runs',
    roles: ['planner'],
    body: NewSimulation,
    answer: Simulation,
    status: 202,
    effect: 'creates',
    async run({ simulateQueue, areSimulationsAllowed }, { db, body, user, askingKey }) {
      if (!areSimulationsAllowed)
        throw new Fault('forbidden', 'This stage lets no business be invented into its ledger');
      const config = readSimulationConfig(body.config, 'keys');
      const simulationId = config.SIMULATION_NAME ?? `sim-${messageKey(askingKey).slice(0, 10)}`;
      const row = { simulationId, config, requestedBy: user.username };
      if (!(await openSimulation(db, row))) throw await whyNotOpened(db, simulationId);
      await simulateQueue.send([{ type: 'WorldRequested', ...row } satisfies WorldRequested]);
      return found(await findSimulation(db, simulationId), 'simulation', simulationId);
    },
  }),
  route({
    method: 'GET',
    path: '/simulations',
    summary: 'Simulations, newest first',
    roles: READERS,
    query: z.object(pageQuery(100)),
    answer: pageOf(Simulation),
    run: (_, { db, query }) => listSimulations(db, query),
  }),
  route({
    method: 'GET',
    path: '/simulations/{id}',
    summary: 'How a simulation goes: days of how many, and what they came to',
    roles: READERS,
    params: byId,
    answer: Simulation,
    run: async (_, { db, params: { id } }) => found(await findSimulation(db, id), 'simulation', id),
  }),
  route({
    method: 'POST',
    path: '/simulations/{id}/cancel',
    summary: 'End a simulation after the days that are written; these stay, for the ledger forgets nothing',
    roles: ['planner'],
    params: byId,
    answer: Simulation,
    async run(_, { db, params: { id }, user }) {
      const isCancelled = await cancelSimulation(db, id, user.username);
      const simulation = found(await findSimulation(db, id), 'simulation', id);
      if (!isCancelled) throw new Fault('conflict', `Simulation ${id} is ${simulation.status}`);
      return simulation;
    },
  }),
];
