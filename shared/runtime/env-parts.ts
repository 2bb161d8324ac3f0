import * as z from 'zod';

/** Parts from which each function's `env.ts` composes its environment. */
export const DatabaseEnv = z.object({
  DB_CLUSTER_ARN: z.string().min(1),
  /** Secret of the application's database user: it may not change the past. */
  DB_SECRET_ARN: z.string().min(1),
  DB_NAME: z.string().min(1),
});

export const BusEnv = z.object({ EVENT_BUS_NAME: z.string().min(1) });

export const LogEnv = z.object({
  LOG_LEVEL: z.enum(['DEBUG', 'INFO', 'WARN', 'ERROR']).default('INFO'),
});

/** What Lambda itself tells a function: where it runs, and the credentials of its role. */
export const LambdaEnv = z.object({
  AWS_REGION: z.string().min(1),
  AWS_ACCESS_KEY_ID: z.string().min(1),
  AWS_SECRET_ACCESS_KEY: z.string().min(1),
  AWS_SESSION_TOKEN: z.string().optional(),
  /** Where the AWS APIs are instead; those of one service before those of all, as in the SDK. */
  AWS_ENDPOINT_URL_RDS_DATA: z.url().optional(),
  AWS_ENDPOINT_URL: z.url().optional(),
});
