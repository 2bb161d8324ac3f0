import * as z from 'zod';
import { BusEnv, DatabaseEnv, LogEnv } from '../../shared/runtime/env-parts.ts';

export const ForecastEnv = z.object({
  ...DatabaseEnv.shape,
  ...BusEnv.shape,
  ...LogEnv.shape,
  DATA_BUCKET: z.string().min(1),
  /** Its own queue: groups are forecast after their members. */
  FORECAST_QUEUE_URL: z.url(),
  RESTOCK_QUEUE_URL: z.url(),
});
