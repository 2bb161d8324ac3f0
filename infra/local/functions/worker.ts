import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';
import { failureOf } from './failure-of.ts';
import { MAX_ANSWER_BYTES, type WorkerCall, type WorkerReport, type WorkerStart } from './worker-messages.ts';

/** Bootstrap of a worker thread: loads one handler and answers one call after the other. */
const start = workerData as WorkerStart;
const port = parentPort!;
const report = (message: WorkerReport) => port.postMessage(message);

type Handler = (event: unknown, context: object) => unknown;

try {
  const handler = await loadHandler();
  port.on('message', (call: WorkerCall) => void answer(handler, call));
  report({ kind: 'ready' });
} catch (error) {
  // Stays until the host ends it: a thread that leaves by itself may be gone before its report is read.
  port.on('message', () => {});
  report({ kind: 'failedToStart', failure: failureOf(error) });
}

async function loadHandler(): Promise<Handler> {
  const path = ['.mjs', '.js', '.cjs', '.ts']
    .map((end) => start.modulePath + end)
    .find((file) => existsSync(file));
  if (!path) throw namedError('Runtime.ImportModuleError', `Error: Cannot find module '${start.modulePath}'`);
  const module = (await import(pathToFileURL(path).href)) as Record<string, unknown>;
  // A CommonJS module whose names Node could not read has them on its default export.
  const handler = module[start.exportName] ?? (module.default as Record<string, unknown>)?.[start.exportName];
  if (typeof handler !== 'function')
    throw namedError('Runtime.HandlerNotFound', `${start.exportName} is undefined or not exported`);
  return handler as Handler;
}

async function answer(handler: Handler, call: WorkerCall): Promise<void> {
  try {
    const result = await handler(JSON.parse(call.event), contextOf(call));
    report({ kind: 'answer', requestId: call.requestId, payload: answerOf(result) });
  } catch (error) {
    report({ kind: 'failure', requestId: call.requestId, failure: failureOf(error) });
  }
}

function answerOf(result: unknown): string | undefined {
  const payload: string | undefined = JSON.stringify(result);
  const bytes = payload === undefined ? 0 : Buffer.byteLength(payload);
  if (bytes <= MAX_ANSWER_BYTES) return payload;
  throw namedError(
    'Function.ResponseSizeTooLarge',
    `Response payload size (${bytes} bytes) exceeded maximum allowed payload size (${MAX_ANSWER_BYTES} bytes).`,
  );
}

function contextOf(call: WorkerCall): object {
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionName: start.functionName,
    functionVersion: '$LATEST',
    invokedFunctionArn: start.functionArn,
    memoryLimitInMB: String(start.memoryMib),
    awsRequestId: call.requestId,
    logGroupName: process.env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: process.env.AWS_LAMBDA_LOG_STREAM_NAME,
    getRemainingTimeInMillis: () => Math.max(0, call.deadlineMs - Date.now()),
  };
}

function namedError(name: string, message: string): Error {
  return Object.assign(new Error(message), { name });
}
