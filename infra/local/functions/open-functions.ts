import type { FunctionDefinition, Functions } from '../services.ts';
import { FunctionPool } from './function-pool.ts';
import type { FunctionLogLine } from './function-worker.ts';

export interface FunctionSettings {
  /** Of every function; its own variables come on top. */
  readonly environment: Readonly<Record<string, string>>;
  /** A function has at most twice as many workers. */
  readonly cores: number;
  /** Receives each line that a function writes. */
  readonly log: (line: FunctionLogLine) => void;
  /** A worker without a call for this long ends. */
  readonly idleMs?: number;
}

/** Functions in worker threads, one per concurrent execution. */
export function openFunctions(settings: FunctionSettings): Functions {
  const pools = new Map<string, FunctionPool>();
  const define = (definition: FunctionDefinition) => {
    const pool = pools.get(definition.arn);
    if (pool) {
      pool.replace(definition);
      return;
    }
    pools.set(
      definition.arn,
      new FunctionPool(definition, {
        environment: settings.environment,
        maximumWorkers: Math.max(1, settings.cores * 2),
        idleMs: settings.idleMs ?? 300_000,
        log: settings.log,
      }),
    );
  };
  return {
    define,
    replace: define,
    list: () => [...pools.values()].map((pool) => pool.status),
    async invoke(functionArn, event, options) {
      const pool = pools.get(functionArn);
      if (!pool)
        return {
          ok: false,
          errorType: 'ResourceNotFoundException',
          errorMessage: `Function not found: ${functionArn}`,
        };
      return pool.invoke(event, options?.waitMs);
    },
    async close() {
      await Promise.all([...pools.values()].map((pool) => pool.close()));
    },
  };
}
