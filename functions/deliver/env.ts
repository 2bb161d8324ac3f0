import * as z from 'zod';
import { BusEnv, DatabaseEnv, LogEnv } from '../../shared/runtime/env-parts.ts';

export const DeliverEnv = z.object({
  ...DatabaseEnv.shape,
  ...BusEnv.shape,
  ...LogEnv.shape,
  /** Its own queue: what failed is tried again later. */
  DELIVER_QUEUE_URL: z.url(),
  WEBHOOK_SECRET_ARN: z.string().min(1),
  /** `loopback-too` is for trials on one machine. */
  WEBHOOK_TARGETS: z.enum(['public', 'loopback-too']),
});
