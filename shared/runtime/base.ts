import { Logger } from '@aws-lambda-powertools/logger';
import type * as z from 'zod';
import { type Bus, openBus } from '../aws/bus.ts';
import { drainOutbox } from '../data/messages/outbox-store.ts';
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
  /** Publishes the events of committed transactions. Does nothing in a function without a bus. */
  publishEvents(): Promise<void>;
}

/** Opens the base from the environment parts that the function has. */
export function openBase(
  env: z.infer<typeof DatabaseEnv> & Partial<z.infer<typeof BusEnv>>,
  options: Pick<DataApiOptions, 'resumeBudgetMs'> = {},
): Base {
  const database = openDataApiDatabase({
    clusterArn: env.DB_CLUSTER_ARN,
    secretArn: env.DB_SECRET_ARN,
    database: env.DB_NAME,
    ...options,
  });
  const bus: Bus | undefined = env.EVENT_BUS_NAME === undefined ? undefined : openBus(env.EVENT_BUS_NAME);
  return {
    database,
    logger: new Logger(),
    async publishEvents() {
      if (bus) await drainOutbox(database, (events) => bus.publish(events));
    },
  };
}
