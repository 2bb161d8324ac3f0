import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import middy from '@middy/core';
import * as z from 'zod';
import { removeConnection } from '../../shared/data/messages/stream-store.ts';
import { openBase } from '../../shared/runtime/base.ts';
import { readEnv } from '../../shared/runtime/read-env.ts';
import { admitListener } from './admit-listener.ts';
import { answerMessage } from './answer-message.ts';
import { StreamEnv } from './env.ts';

const StreamEvent = z.object({
  requestContext: z.object({ routeKey: z.string(), connectionId: z.string() }),
  queryStringParameters: z.record(z.string(), z.string()).nullish(),
  body: z.string().nullish(),
});

const { database, logger } = openBase(readEnv(StreamEnv));

/** WebSocket -> admit a ticket's owner, answer what listeners say, forget who left. */
export const handler = middy<unknown, { statusCode: number; body?: string }>()
  .use(injectLambdaContext(logger))
  .handler(async (input) => {
    const event = StreamEvent.parse(input);
    const { routeKey, connectionId } = event.requestContext;
    if (routeKey === '$connect') {
      const isAdmitted = await admitListener(database, connectionId, event.queryStringParameters?.ticket);
      return { statusCode: isAdmitted ? 200 : 401 };
    }
    if (routeKey === '$disconnect') {
      await removeConnection(database, connectionId);
      return { statusCode: 200 };
    }
    return {
      statusCode: 200,
      body: JSON.stringify(await answerMessage(database, connectionId, event.body ?? '')),
    };
  });
