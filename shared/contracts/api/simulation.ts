import * as z from 'zod';

/** POST /simulations. The configuration is checked by `readSimulationConfig`, whose sentences name two keys. */
export const NewSimulation = z.strictObject({
  /** Keys of a simulation's configuration, such as SIMULATION_DAYS; see docs/USING.md. */
  config: z.record(z.string(), z.unknown()).default({}),
});
export type NewSimulation = z.infer<typeof NewSimulation>;

export const SIMULATION_STATUSES = ['running', 'done', 'cancelled', 'failed'] as const;

/** How a simulation goes. */
export const Simulation = z.object({
  simulation_id: z.string(),
  status: z.enum(SIMULATION_STATUSES),
  config: z.record(z.string(), z.unknown()),
  days: z.int(),
  /** Days that are in the ledger. */
  days_done: z.int(),
  /** The last of them. */
  day: z.string().nullable(),
  products: z.int(),
  orders: z.int(),
  sales: z.int(),
  units: z.int(),
  refunds: z.int(),
  lost_units: z.int(),
  movements: z.int(),
  /** The same configuration under the same name gives the same, here and by `smart-inventory simulate`. */
  ledger_chain: z.string().nullable(),
  requested_by: z.string(),
  created_at: z.string(),
  updated_at: z.string(),
  finished_at: z.string().nullable(),
  /** Why it could not go on, where it is failed. */
  failed_why: z.string().nullable(),
});
export type Simulation = z.infer<typeof Simulation>;
