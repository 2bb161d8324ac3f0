import * as z from 'zod';

/** Parts from which each function's `env.ts` composes its environment. */
export const DatabaseEnv = z.object({
  DB_CLUSTER_ARN: z.string().min(1),
  /** Secret of the application's database user: it may not change the past. */
  DB_SECRET_ARN: z.string().min(1),
  DB_NAME: z.string().min(1),
});

export const BusEnv = z.object({ EVENT_BUS_NAME: z.string().min(1) });

export const LogEnv = z.object({
  LOG_LEVEL: z.enum(['DEBUG', 'INFO', 'WARN', 'ERROR']).default('INFO'),
});
