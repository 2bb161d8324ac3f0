import type { ClusterDefinition, Secrets } from '../services.ts';
import type { DataApiLimits } from './limits.ts';
import type { Pools } from './pools.ts';
import type { RequestDocument } from './request.ts';
import type { KillQuery } from './statement-clock.ts';
import type { Transactions } from './transactions.ts';

/** What the operations work with. */
export interface Backend {
  readonly clusters: ReadonlyMap<string, ClusterDefinition>;
  readonly secrets: Pick<Secrets, 'get'>;
  readonly pools: Pools;
  readonly transactions: Transactions;
  readonly kill: KillQuery;
  readonly limits: DataApiLimits;
}

/** The request's document in, the JSON text of the answer out. */
export type Operation = (backend: Backend, request: RequestDocument) => Promise<string>;
