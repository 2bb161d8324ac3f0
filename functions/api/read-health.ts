import * as z from 'zod';
import { Fault } from '../../shared/contracts/fault.ts';
import type { Database } from '../../shared/data/database.ts';
import { readMainJobState } from '../../shared/data/summary-store.ts';

/** Version of the API, as its answers tell it. */
export const VERSION = '0.1.0';

export const Health = z.object({
  status: z.enum(['ok', 'degraded']),
  service: z.literal('smart-inventory'),
  version: z.string(),
  database: z.enum(['up', 'resuming', 'down']),
  /** How far import, forecast and restock are. */
  mainJob: z.enum(['none', 'running', 'done', 'failed']),
  kafka_enabled: z.literal(false),
  websocket_connections: z.int(),
});
export type Health = z.infer<typeof Health>;

/** The state of the service. It answers while the database resumes, too; `mainJob` is `none` then. */
export async function readHealth(database: Database): Promise<Health> {
  const always = { service: 'smart-inventory', version: VERSION, kafka_enabled: false } as const;
  try {
    const mainJob = await readMainJobState(database);
    const [row] = await database.select(
      z.object({ listeners: z.int() }),
      `SELECT COUNT(*) AS listeners FROM stream_connection`,
    );
    return { ...always, status: 'ok', database: 'up', mainJob, websocket_connections: row!.listeners };
  } catch (error) {
    const state = error instanceof Fault && error.kind === 'unavailable' ? 'resuming' : 'down';
    return { ...always, status: 'degraded', database: state, mainJob: 'none', websocket_connections: 0 };
  }
}
