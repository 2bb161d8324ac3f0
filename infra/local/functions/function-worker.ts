import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Worker } from 'node:worker_threads';
import type { FunctionDefinition, InvokeResult } from '../services.ts';
import { failureOf } from './failure-of.ts';
import type { WorkerCall, WorkerFailure, WorkerReport, WorkerStart } from './worker-messages.ts';

/** One line that a function wrote. */
export interface FunctionLogLine {
  readonly functionName: string;
  /** Of the call it was written in; undefined while the module loads. */
  readonly requestId: string | undefined;
  readonly line: string;
}

interface Running {
  readonly requestId: string;
  readonly timer: NodeJS.Timeout;
  readonly settle: (result: InvokeResult) => void;
}

/** One execution environment: a worker thread with its own module graph, environment and heap limit. */
export class FunctionWorker {
  /** False as soon as the thread ended or may not be used again. */
  isUsable = true;
  readonly definition: FunctionDefinition;
  readonly #worker: Worker;
  readonly #ready: Promise<WorkerFailure | undefined>;
  readonly #ended: Promise<void>;
  #running: Running | undefined;
  #lastRequestId: string | undefined;
  /** What ended the thread, where Node tells. */
  #cause: unknown;

  constructor(
    definition: FunctionDefinition,
    environment: Readonly<Record<string, string>>,
    log: (line: FunctionLogLine) => void,
  ) {
    this.definition = definition;
    const [file, exportName] = splitHandler(definition.handler);
    this.#worker = new Worker(new URL('./worker.ts', import.meta.url), {
      name: definition.name,
      env: { ...environment },
      execArgv: environment.NODE_OPTIONS?.includes('--enable-source-maps') ? ['--enable-source-maps'] : [],
      stdout: true,
      stderr: true,
      resourceLimits: { maxOldGenerationSizeMb: definition.memoryMib },
      workerData: {
        modulePath: join(definition.assetPath, file),
        exportName,
        functionName: definition.name,
        functionArn: definition.arn,
        memoryMib: definition.memoryMib,
      } satisfies WorkerStart,
    });
    for (const stream of [this.#worker.stdout, this.#worker.stderr]) {
      createInterface({ input: stream }).on('line', (line) =>
        log({ functionName: definition.name, requestId: this.#lastRequestId, line }),
      );
    }
    const ready = Promise.withResolvers<WorkerFailure | undefined>();
    this.#ready = ready.promise;
    this.#worker.on('message', (message: WorkerReport) => {
      if (message.kind === 'ready') ready.resolve(undefined);
      else if (message.kind === 'failedToStart') ready.resolve(message.failure);
      else this.#settle(message.requestId, resultOf(message));
    });
    // An error after the answer ends the thread too: the next call gets a fresh one.
    this.#worker.on('error', (error) => {
      this.#cause = error;
      this.isUsable = false;
    });
    this.#ended = new Promise((resolve) => {
      this.#worker.on('exit', (code) => {
        this.isUsable = false;
        const failure = exitFailure(code, this.#cause);
        ready.resolve(failure);
        if (this.#running) this.#settle(this.#running.requestId, { ok: false, ...failure });
        resolve();
      });
    });
  }

  /** Runs one call; the caller sees to it that only one runs at a time. */
  run(requestId: string, event: string): Promise<InvokeResult> {
    const { timeoutSeconds } = this.definition;
    const { promise, resolve } = Promise.withResolvers<InvokeResult>();
    this.#lastRequestId = requestId;
    const timer = setTimeout(() => this.#timeOut(requestId), timeoutSeconds * 1000);
    this.#running = { requestId, timer, settle: resolve };
    void this.#ready.then((failure) => {
      if (failure) {
        this.#settle(requestId, { ok: false, ...failure });
        void this.stop();
        return;
      }
      // Node starts the clock of a call when the module is loaded, as AWS does.
      timer.refresh();
      this.#worker.postMessage({
        requestId,
        event,
        deadlineMs: Date.now() + timeoutSeconds * 1000,
      } satisfies WorkerCall);
    });
    return promise;
  }

  async stop(): Promise<void> {
    this.isUsable = false;
    await this.#worker.terminate();
    await this.#ended;
  }

  #timeOut(requestId: string): void {
    this.isUsable = false;
    this.#settle(requestId, {
      ok: false,
      errorType: 'Sandbox.Timedout',
      errorMessage: `RequestId: ${requestId} Error: Task timed out after ${this.definition.timeoutSeconds.toFixed(2)} seconds`,
    });
    void this.stop();
  }

  #settle(requestId: string, result: InvokeResult): void {
    if (this.#running?.requestId !== requestId) return;
    const { timer, settle } = this.#running;
    clearTimeout(timer);
    this.#running = undefined;
    settle(result);
  }
}

function resultOf(message: Extract<WorkerReport, { kind: 'answer' | 'failure' }>): InvokeResult {
  if (message.kind === 'failure') return { ok: false, ...message.failure };
  return { ok: true, payload: message.payload === undefined ? null : JSON.parse(message.payload) };
}

function exitFailure(code: number, cause: unknown): WorkerFailure {
  if (cause === undefined)
    return {
      errorType: 'Runtime.ExitError',
      errorMessage: `Runtime exited with exit code ${code}`,
      stack: [],
    };
  if ((cause as { code?: unknown }).code === 'ERR_WORKER_OUT_OF_MEMORY')
    return { errorType: 'Runtime.OutOfMemory', errorMessage: (cause as Error).message, stack: [] };
  return failureOf(cause);
}

function splitHandler(handler: string): [file: string, exportName: string] {
  const dot = handler.lastIndexOf('.');
  return [handler.slice(0, dot), handler.slice(dot + 1)];
}
