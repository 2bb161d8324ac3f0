import { Logger } from '@aws-lambda-powertools/logger';
import type * as z from 'zod';
import { openBus } from '../aws/bus.ts';
import { openOutbox } from '../data/messages/outbox-store.ts';
import {
  type DataApiDatabase,
  type DataApiOptions,
  openDataApiDatabase,
} from '../data/sql/data-api-client.ts';
import type { BusEnv, DatabaseEnv } from './env-parts.ts';

/** What every function with a database stands on; made once per container. */
export interface Base {
  readonly database: DataApiDatabase;
  readonly logger: Logger;
  /** Publishes the events of committed transactions, as an `Outbox` does. Does nothing in a function without a bus. */
  publishEvents(isAgain?: boolean): Promise<void>;
}

/** Opens the base from the environment parts that the function has. */
export function openBase(
  env: z.infer<typeof DatabaseEnv> & Partial<z.infer<typeof BusEnv>>,
  options: Pick<DataApiOptions, 'resumeBudgetMs'> = {},
): Base {
  const plain = openDataApiDatabase({
    clusterArn: env.DB_CLUSTER_ARN,
    secretArn: env.DB_SECRET_ARN,
    database: env.DB_NAME,
    ...options,
  });
  const logger = new Logger();
  if (env.EVENT_BUS_NAME === undefined)
    return { database: plain, logger, publishEvents: async () => undefined };
  const { database, publish } = openOutbox(plain, openBus(env.EVENT_BUS_NAME).publish);
  return { database, logger, publishEvents: publish };
}
