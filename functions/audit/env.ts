import * as z from 'zod';
import { BusEnv, DatabaseEnv, LogEnv } from '../../shared/runtime/env-parts.ts';

export const AuditEnv = z.object({
  ...DatabaseEnv.shape,
  ...BusEnv.shape,
  ...LogEnv.shape,
  /** Its own queue: a large ledger is checked in several messages. */
  AUDIT_QUEUE_URL: z.url(),
});
