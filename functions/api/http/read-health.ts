import * as z from 'zod';
import { Fault } from '../../../shared/contracts/fault.ts';
import { readMainJobState } from '../../../shared/data/planning/summary-store.ts';
import type { Database } from '../../../shared/data/sql/database.ts';

/** Version of the API, as its answers tell it. */
export const VERSION = '0.1.0';

export const Health = z.object({
  status: z.enum(['ok', 'degraded']),
  service: z.literal('smart-inventory'),
  version: z.string(),
  /** `unasked` where a monitor's question must not keep a paused database awake. */
  database: z.enum(['up', 'resuming', 'down', 'unasked']),
  /** How far import, forecast and restock are, as the database tells; `none` unless it is up. */
  mainJob: z.enum(['none', 'running', 'done', 'failed']),
  kafka_enabled: z.literal(false),
  websocket_connections: z.int(),
});
export type Health = z.infer<typeof Health>;

/** The state of the service, while the database resumes, too. Without a database it is only that we serve. */
export async function readHealth(database: Database | undefined): Promise<Health> {
  const always = { service: 'smart-inventory', version: VERSION, kafka_enabled: false } as const;
  const unknown = { mainJob: 'none', websocket_connections: 0 } as const;
  if (!database) return { ...always, ...unknown, status: 'ok', database: 'unasked' };
  try {
    const mainJob = await readMainJobState(database);
    const [row] = await database.select(
      z.object({ listeners: z.int() }),
      `SELECT COUNT(*) AS listeners FROM stream_connection`,
    );
    return { ...always, status: 'ok', database: 'up', mainJob, websocket_connections: row!.listeners };
  } catch (error) {
    const state = error instanceof Fault && error.kind === 'unavailable' ? 'resuming' : 'down';
    return { ...always, ...unknown, status: 'degraded', database: state };
  }
}
