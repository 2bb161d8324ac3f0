import * as z from 'zod';
import { DatabaseEnv, LogEnv } from '../../shared/runtime/env-parts.ts';

export const TrainEnv = z.object({
  ...DatabaseEnv.shape,
  ...LogEnv.shape,
  DATA_BUCKET: z.string().min(1),
});
