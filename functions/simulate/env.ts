import * as z from 'zod';
import { BusEnv, DatabaseEnv, LogEnv } from '../../shared/runtime/env-parts.ts';

export const SimulateEnv = z.object({
  ...DatabaseEnv.shape,
  ...BusEnv.shape,
  ...LogEnv.shape,
  /** Its own queue: days are simulated in chunks. */
  SIMULATE_QUEUE_URL: z.url(),
  /** How often a message is delivered before it is given up. */
  DELIVERIES: z.coerce.number().int().min(1),
  /** Whether businesses may be invented into this stage's ledger. */
  SIMULATIONS: z.enum(['on', 'off']),
});
