import * as z from 'zod';
import { BusEnv, DatabaseEnv, LogEnv } from '../../shared/runtime/env-parts.ts';

export const SourceEnv = z.object({
  ...DatabaseEnv.shape,
  ...BusEnv.shape,
  ...LogEnv.shape,
  /** Its own queue: each category is a message. */
  SOURCE_QUEUE_URL: z.url(),
  /** Secret that holds the key of the search API as plain text, or nothing yet. */
  SEARCH_KEY_SECRET_ARN: z.string().min(1),
  /** Where the search API is. */
  SEARCH_API_URL: z.url().default('https://serpapi.com'),
  /** Of one worker; there may be two. */
  SEARCHES_PER_SECOND: z.coerce.number().positive().max(100).default(1),
});
