import { openQueue } from '../../shared/aws/queue.ts';
import { openSecretText } from '../../shared/aws/secrets.ts';
import { SourceRequested } from '../../shared/contracts/messages.ts';
import { queueHandler } from '../../shared/runtime/queue-handler.ts';
import { SourceEnv } from './env.ts';
import { openSearchApi } from './open-search-api.ts';
import { sourceCategory } from './source-category.ts';

/** SQS -> one SourceRequested per record -> the products of one category, with their first stock. */
export const handler = queueHandler({
  env: SourceEnv,
  message: SourceRequested,
  connect: (env, { database }) => ({
    database,
    sourceQueue: openQueue(env.SOURCE_QUEUE_URL),
    source: openSearchApi({
      baseUrl: env.SEARCH_API_URL,
      readKey: openSecretText(env.SEARCH_KEY_SECRET_ARN),
      callsPerSecond: env.SEARCHES_PER_SECOND,
    }),
    now: () => new Date(),
  }),
  run: sourceCategory,
});
