import * as z from 'zod';
import { BusEnv, DatabaseEnv, LogEnv } from '../../shared/runtime/env-parts.ts';

export const RestockEnv = z.object({
  ...DatabaseEnv.shape,
  ...BusEnv.shape,
  ...LogEnv.shape,
  /** Its own queue: a run that outlives one invocation is handed on. */
  RESTOCK_QUEUE_URL: z.url(),
});
