import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AdminCredentials } from '../database/admin-account.ts';
import { BodyTooLarge, readBody } from '../http/read-body.ts';
import type { ClusterDefinition, DataApi, Secrets } from '../services.ts';
import type { Backend } from './backend.ts';
import { DataApiError } from './data-api-error.ts';
import { DATA_API_LIMITS, type DataApiLimits } from './limits.ts';
import { OPERATIONS } from './operations.ts';
import { openPools } from './pools.ts';
import { provisionCluster } from './provision-cluster.ts';
import { parseRequest } from './request.ts';
import { openKiller } from './statement-clock.ts';
import { openTransactions } from './transactions.ts';

export interface DataApiOptions {
  readonly clusters: readonly ClusterDefinition[];
  readonly secrets: Pick<Secrets, 'get'>;
  /** The server behind it, and its admin. */
  readonly database: { readonly port: number; readonly admin: AdminCredentials };
  readonly limits?: Partial<DataApiLimits>;
}

/** How much of a request that is too large is read, so that its sender comes to hear the answer. */
const DRAINED_BYTES = 64 * 1024 * 1024;

/**
 * Opens the RDS Data API in front of a database server, with the limits and errors of the real one. Each cluster gets
 * its database and the master user of its secret; any other user is for that one to create.
 */
export async function openDataApi(options: DataApiOptions): Promise<DataApi> {
  const { clusters, secrets, database } = options;
  const limits = { ...DATA_API_LIMITS, ...options.limits };
  for (const cluster of clusters) await provisionCluster(cluster, secrets, database);
  const pools = openPools(database.port, limits);
  const transactions = openTransactions(limits);
  const backend: Backend = {
    clusters: new Map(clusters.map((cluster) => [cluster.arn, cluster])),
    secrets,
    pools,
    transactions,
    kill: openKiller(pools, database.admin),
    limits,
  };
  let resumingCalls = 0;

  async function answer(request: IncomingMessage): Promise<string> {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname;
    const operation = Object.hasOwn(OPERATIONS, path) ? OPERATIONS[path] : undefined;
    const body = await readWhole(request, limits.requestBytes);
    if (!operation || request.method !== 'POST')
      throw new DataApiError('UnknownOperationException', `${path} is not offered on this machine`);
    if (resumingCalls > 0) {
      resumingCalls--;
      const message =
        'The Aurora DB instance is resuming after being auto-paused. Please wait and try again.';
      throw new DataApiError('DatabaseResumingException', message);
    }
    return operation(backend, parseRequest(body));
  }

  return {
    async handle(request, response) {
      try {
        send(response, 200, await answer(request), {});
      } catch (error) {
        const refusal = error instanceof DataApiError ? error : internal(error);
        const { type, status, message, details } = refusal;
        send(response, status, JSON.stringify({ message, ...details }), { 'x-amzn-errortype': type });
      }
    },
    pretendResuming(calls) {
      resumingCalls = calls;
    },
    async close() {
      transactions.close();
      await pools.close();
    },
  };
}

function send(
  response: ServerResponse,
  status: number,
  text: string,
  headers: Readonly<Record<string, string>>,
): void {
  const body = Buffer.from(text);
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': body.length,
    ...headers,
  });
  response.end(body);
}

async function readWhole(request: IncomingMessage, limit: number): Promise<string> {
  try {
    return (await readBody(request, limit)).toString();
  } catch (error) {
    if (!(error instanceof BodyTooLarge)) throw error;
    await readBody(request, DRAINED_BYTES).catch(() => undefined);
    const message = `Request exceeded the limit of ${limit / 1024 / 1024} MiB`;
    throw new DataApiError('BadRequestException', message, { status: 413, cause: error });
  }
}

function internal(error: unknown): DataApiError {
  console.error('rds-data:', error);
  return new DataApiError('InternalServerErrorException', 'Internal error of the local Data API', {
    cause: error,
  });
}
