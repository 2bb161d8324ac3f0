import { join } from 'node:path';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import middy from '@middy/core';
import { openQueue } from '../../shared/aws/queue.ts';
import { hasSecret } from '../../shared/aws/secrets.ts';
import { openVault } from '../../shared/aws/vault.ts';
import { openBase } from '../../shared/runtime/base.ts';
import { readEnv } from '../../shared/runtime/read-env.ts';
import { openSquare } from './channel/ask-square.ts';
import { ApiEnv } from './env.ts';
import { answerRequest } from './http/answer-request.ts';
import type { ApiNeeds } from './http/needs.ts';
import type { Reply } from './http/reply.ts';
import { openSignIn } from './http/sign-in.ts';
import { openStaticFiles } from './http/static-files.ts';
import { openUploads } from './imports/uploads.ts';
import { ROUTES } from './routes.ts';

const env = readEnv(ApiEnv);
// the gateway gives up after 30 s, and a page would rather be told to come back
const { database, logger, publishEvents } = openBase(env, { resumeBudgetMs: 5_000 });

const uploads = openUploads(env.DATA_BUCKET);

const needs: ApiNeeds = {
  database,
  publishEvents,
  planQueue: openQueue(env.PLAN_QUEUE_URL),
  trainQueue: openQueue(env.TRAIN_QUEUE_URL),
  ingestQueue: openQueue(env.INGEST_QUEUE_URL),
  simulateQueue: openQueue(env.SIMULATE_QUEUE_URL),
  areSimulationsAllowed: env.SIMULATIONS === 'on',
  sourceQueue: openQueue(env.SOURCE_QUEUE_URL),
  hasSearchKey: () => hasSecret(env.SEARCH_KEY_SECRET_ARN),
  auditQueue: openQueue(env.AUDIT_QUEUE_URL),
  signIn: openSignIn(env.USER_POOL_CLIENT_ID),
  uploads,
  vault: openVault(env.WEBHOOK_SECRET_ARN),
  askSquare: openSquare('https://connect.squareup.com'),
  deliverQueue: openQueue(env.DELIVER_QUEUE_URL),
  isLoopbackToo: env.WEBHOOK_TARGETS === 'loopback-too',
  files: openStaticFiles(join(import.meta.dirname, 'web'), env.STREAM_URL, await uploads.address()),
  streamUrl: env.STREAM_URL,
  isRateLimited: env.RATE_LIMIT === 'on',
  healthAsksDatabase: env.HEALTH_ASKS_DATABASE,
  now: () => new Date(),
  report: (message, error) => logger.error(message, { error: error as Error }),
};

/** HTTP API -> the table of routes. */
export const handler = middy<unknown, Reply>()
  .use(injectLambdaContext(logger))
  .handler((event) => answerRequest(needs, ROUTES, event));
