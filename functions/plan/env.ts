import * as z from 'zod';
import { BusEnv, DatabaseEnv, LogEnv } from '../../shared/runtime/env-parts.ts';

export const PlanEnv = z.object({
  ...DatabaseEnv.shape,
  ...BusEnv.shape,
  ...LogEnv.shape,
  FORECAST_QUEUE_URL: z.url(),
  RESTOCK_QUEUE_URL: z.url(),
  TRAIN_QUEUE_URL: z.url(),
});
