import { randomUUID } from 'node:crypto';
import type { FunctionDefinition, FunctionStatus, InvokeResult } from '../services.ts';
import { type FunctionLogLine, FunctionWorker } from './function-worker.ts';

export interface PoolSettings {
  readonly environment: Readonly<Record<string, string>>;
  readonly maximumWorkers: number;
  readonly idleMs: number;
  readonly log: (line: FunctionLogLine) => void;
}

interface Waiting {
  readonly grant: (result: 'go' | 'late') => void;
}

/** The execution environments of one function: as many as there are calls at once, up to a limit; the rest wait. */
export class FunctionPool {
  #definition: FunctionDefinition;
  readonly #settings: PoolSettings;
  readonly #workers = new Set<FunctionWorker>();
  /** Free ones, the one used last at the end: it is the warmest. */
  readonly #idle: { worker: FunctionWorker; timer: NodeJS.Timeout }[] = [];
  readonly #waiting: Waiting[] = [];
  #running = 0;
  #invocations = 0;
  #errors = 0;
  #isClosed = false;

  constructor(definition: FunctionDefinition, settings: PoolSettings) {
    this.#definition = definition;
    this.#settings = settings;
  }

  get status(): FunctionStatus {
    return {
      name: this.#definition.name,
      arn: this.#definition.arn,
      assetHash: this.#definition.assetHash,
      workers: this.#workers.size,
      running: this.#running,
      invocations: this.#invocations,
      errors: this.#errors,
    };
  }

  async invoke(event: unknown, waitMs: number | undefined): Promise<InvokeResult> {
    if (this.#isClosed) return stopped();
    if ((await this.#turn(waitMs)) === 'late') {
      return this.#isClosed ? stopped() : throttled();
    }
    this.#invocations += 1;
    const worker = this.#take();
    try {
      const result = await worker.run(randomUUID(), JSON.stringify(event ?? {}));
      if (!result.ok) this.#errors += 1;
      return result;
    } finally {
      this.#giveBack(worker);
    }
  }

  /** From now on new workers run this definition; running ones finish theirs. */
  replace(definition: FunctionDefinition): void {
    this.#definition = definition;
    for (const { worker, timer } of this.#idle.splice(0)) {
      clearTimeout(timer);
      void this.#drop(worker);
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    for (const waiting of this.#waiting.splice(0)) waiting.grant('late');
    for (const { timer } of this.#idle.splice(0)) clearTimeout(timer);
    await Promise.all([...this.#workers].map((worker) => this.#drop(worker)));
  }

  get #limit(): number {
    return Math.min(
      this.#definition.reservedConcurrency ?? this.#settings.maximumWorkers,
      this.#settings.maximumWorkers,
    );
  }

  #turn(waitMs: number | undefined): Promise<'go' | 'late'> {
    if (this.#running < this.#limit) {
      this.#running += 1;
      return Promise.resolve('go');
    }
    if (waitMs === 0) return Promise.resolve('late');
    return new Promise((resolve) => {
      const waiting: Waiting = {
        grant: (result) => {
          clearTimeout(timer);
          resolve(result);
        },
      };
      const timer =
        waitMs === undefined
          ? undefined
          : setTimeout(() => {
              this.#waiting.splice(this.#waiting.indexOf(waiting), 1);
              resolve('late');
            }, waitMs);
      this.#waiting.push(waiting);
    });
  }

  #take(): FunctionWorker {
    for (let free = this.#idle.pop(); free; free = this.#idle.pop()) {
      clearTimeout(free.timer);
      if (free.worker.isUsable) return free.worker;
      void this.#drop(free.worker);
    }
    const definition = this.#definition;
    const worker = new FunctionWorker(
      definition,
      environmentOf(definition, this.#settings.environment),
      this.#settings.log,
    );
    this.#workers.add(worker);
    return worker;
  }

  #giveBack(worker: FunctionWorker): void {
    const isCurrent = worker.definition === this.#definition && !this.#isClosed;
    if (worker.isUsable && isCurrent) {
      const timer = setTimeout(() => this.#retire(worker), this.#settings.idleMs);
      timer.unref();
      this.#idle.push({ worker, timer });
    } else {
      void this.#drop(worker);
    }
    const next = this.#running <= this.#limit ? this.#waiting.shift() : undefined;
    if (next) next.grant('go');
    else this.#running -= 1;
  }

  #retire(worker: FunctionWorker): void {
    const at = this.#idle.findIndex((free) => free.worker === worker);
    if (at < 0) return;
    this.#idle.splice(at, 1);
    void this.#drop(worker);
  }

  async #drop(worker: FunctionWorker): Promise<void> {
    await worker.stop();
    this.#workers.delete(worker);
  }
}

function environmentOf(
  definition: FunctionDefinition,
  base: Readonly<Record<string, string>>,
): Record<string, string> {
  return {
    ...base,
    ...definition.environment,
    AWS_LAMBDA_FUNCTION_NAME: definition.name,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(definition.memoryMib),
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${definition.name}`,
    AWS_LAMBDA_LOG_STREAM_NAME: `local-${randomUUID().slice(0, 8)}`,
    _HANDLER: definition.handler,
  };
}

function throttled(): InvokeResult {
  return { ok: false, errorType: 'TooManyRequestsException', errorMessage: 'Rate Exceeded.' };
}

function stopped(): InvokeResult {
  return { ok: false, errorType: 'ServiceException', errorMessage: 'The local runtime is stopping' };
}
