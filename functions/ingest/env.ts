import * as z from 'zod';
import { BusEnv, DatabaseEnv, LogEnv } from '../../shared/runtime/env-parts.ts';

export const IngestEnv = z.object({
  ...DatabaseEnv.shape,
  ...BusEnv.shape,
  ...LogEnv.shape,
  DATA_BUCKET: z.string().min(1),
  /** Its own queue: a file that outlives one invocation is handed on. */
  INGEST_QUEUE_URL: z.url(),
});
