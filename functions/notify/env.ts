import * as z from 'zod';
import { DatabaseEnv, LogEnv } from '../../shared/runtime/env-parts.ts';

export const NotifyEnv = z.object({
  ...DatabaseEnv.shape,
  ...LogEnv.shape,
  /** https address of the WebSocket stage's @connections. */
  PUSH_ENDPOINT: z.url(),
});
