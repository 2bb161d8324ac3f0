import * as z from 'zod';
import { BusEnv, DatabaseEnv, LogEnv } from '../../shared/runtime/env-parts.ts';

export const ApiEnv = z.object({
  ...DatabaseEnv.shape,
  ...BusEnv.shape,
  ...LogEnv.shape,
  DATA_BUCKET: z.string().min(1),
  PLAN_QUEUE_URL: z.url(),
  SIMULATE_QUEUE_URL: z.url(),
  /** Whether businesses may be invented into this stage's ledger. */
  SIMULATIONS: z.enum(['on', 'off']),
  TRAIN_QUEUE_URL: z.url(),
  INGEST_QUEUE_URL: z.url(),
  SOURCE_QUEUE_URL: z.url(),
  SEARCH_KEY_SECRET_ARN: z.string().min(1),
  AUDIT_QUEUE_URL: z.url(),
  DELIVER_QUEUE_URL: z.url(),
  /** Where subscribers may be: see functions/deliver/env.ts. */
  WEBHOOK_TARGETS: z.enum(['public', 'loopback-too']),
  /** Secret whose key locks the secrets of shops and subscribers. */
  WEBHOOK_SECRET_ARN: z.string().min(1),
  USER_POOL_CLIENT_ID: z.string().min(1),
  /** wss address that browsers open. */
  STREAM_URL: z.url(),
  /** Requests a minute and address, or `off`. */
  RATE_LIMIT: z.enum(['on', 'off']),
  /** Whether GET /health asks the database. */
  HEALTH_ASKS_DATABASE: z.stringbool(),
});
