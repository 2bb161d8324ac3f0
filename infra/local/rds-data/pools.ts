import { createPool, type Pool, type PoolConnection } from 'mysql2';
import type { DataApiLimits } from './limits.ts';

/** Who signs in where; an empty database is none. */
export interface Login {
  readonly user: string;
  readonly password: string;
  readonly database: string;
}

/** Connections to the server, kept per user and database. */
export interface Pools {
  /** One for a statement on its own. */
  forStatement(login: Login): Promise<PoolConnection>;
  /** One for a transaction; give it back with `restore`. */
  forTransaction(login: Login): Promise<PoolConnection>;
  close(): Promise<void>;
}

const IDLE_MS = 60_000;
const CLOSE_LIMIT_MS = 1_000;
/** Literals compare as columns do, as on a server whose default collation is the connection's. */
const SET_COLLATION = 'SET collation_connection = @@collation_server';

/** Pools towards the server on this port. */
export function openPools(port: number, limits: DataApiLimits): Pools {
  const pools = new Map<string, Pool>();

  function poolOf(purpose: 'statement' | 'transaction', { user, password, database }: Login): Pool {
    const key = JSON.stringify([purpose, user, password, database]);
    let pool = pools.get(key);
    if (!pool) {
      const size = purpose === 'statement' ? limits.poolSize : limits.transactions;
      pool = createPool({
        host: '127.0.0.1',
        port,
        user,
        password,
        ...(database === '' ? {} : { database }),
        charset: 'utf8mb4',
        // a driver's invention that changes which names are functions
        flags: ['-IGNORE_SPACE'],
        connectionLimit: size,
        queueLimit: limits.queueSize,
        maxIdle: size,
        idleTimeout: IDLE_MS,
      });
      // queued before whatever the connection was opened for
      pool.on('connection', (connection) => connection.query(SET_COLLATION, () => undefined));
      pools.set(key, pool);
    }
    return pool;
  }

  return {
    forStatement: (login) => take(poolOf('statement', login)),
    forTransaction: (login) => take(poolOf('transaction', login)),
    async close() {
      const ends = [...pools.values()].map(
        (pool) => new Promise<void>((resolve) => pool.end(() => resolve())),
      );
      pools.clear();
      const limit = new Promise<void>((resolve) => setTimeout(resolve, CLOSE_LIMIT_MS).unref());
      await Promise.race([Promise.all(ends), limit]);
    },
  };
}

function take(pool: Pool): Promise<PoolConnection> {
  return new Promise((resolve, reject) => {
    pool.getConnection((error, connection) => (error ? reject(error) : resolve(connection)));
  });
}

/** Gives a connection back with nothing left on it of what was done there. */
export function restore(connection: PoolConnection): void {
  connection.reset((error) => {
    if (error) {
      connection.destroy();
      return;
    }
    connection.query(SET_COLLATION, (failed) => (failed ? connection.destroy() : connection.release()));
  });
}
