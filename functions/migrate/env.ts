import * as z from 'zod';
import { LogEnv } from '../../shared/runtime/env-parts.ts';

export const MigrateEnv = z.object({
  ...LogEnv.shape,
  DB_CLUSTER_ARN: z.string().min(1),
  DB_NAME: z.string().min(1),
  /** Secret of the master user: only migrations use it. */
  DB_MASTER_SECRET_ARN: z.string().min(1),
  /** Secret of the application's user, which migrations create and grant. */
  DB_APP_SECRET_ARN: z.string().min(1),
});
