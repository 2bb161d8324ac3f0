import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { baseEnvironment } from '../../../infra/local/functions/base-environment.ts';
import type { FunctionLogLine } from '../../../infra/local/functions/function-worker.ts';
import { openFunctions } from '../../../infra/local/functions/open-functions.ts';
import type { FunctionDefinition, Functions, InvokeResult } from '../../../infra/local/services.ts';
import { waitUntil } from './wait-for.ts';

let home = '';
let open: Functions[] = [];
let lines: FunctionLogLine[] = [];

beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'functions-'));
});

afterEach(async () => {
  await Promise.all(open.map((functions) => functions.close()));
  open = [];
  lines = [];
});

afterAll(() => rmSync(home, { recursive: true, force: true }));

let assets = 0;
function written(code: string, settings: Partial<FunctionDefinition> = {}): FunctionDefinition {
  assets += 1;
  const assetPath = join(home, `asset-${assets}`);
  mkdirSync(assetPath);
  writeFileSync(join(assetPath, 'index.mjs'), code);
  return {
    name: 'Sample',
    arn: 'arn:aws:lambda:us-east-1:000000000000:function:Sample',
    assetPath,
    assetHash: `hash-${assets}`,
    handler: 'index.handler',
    timeoutSeconds: 20,
    memoryMib: 128,
    reservedConcurrency: undefined,
    environment: {},
    ...settings,
  };
}

function started(definition: FunctionDefinition, settings: { cores?: number; idleMs?: number } = {}) {
  const functions = openFunctions({
    environment: baseEnvironment({ edgeBase: 'http://127.0.0.1:4566' }),
    cores: settings.cores ?? 2,
    log: (line) => lines.push(line),
    ...(settings.idleMs === undefined ? {} : { idleMs: settings.idleMs }),
  });
  open.push(functions);
  functions.define(definition);
  return {
    functions,
    call: (event: unknown = {}, options?: { waitMs?: number }) =>
      functions.invoke(definition.arn, event, options),
  };
}

function payloadOf(result: InvokeResult): unknown {
  if (!result.ok) throw new Error(`${result.errorType}: ${result.errorMessage}`);
  return result.payload;
}

test('a handler gets the event and its answer comes back', async () => {
  const { call } = started(written('export const handler = async (event) => ({ twice: event.n * 2 });'));
  expect(payloadOf(await call({ n: 21 }))).toEqual({ twice: 42 });
});

test('a handler that returns nothing answers null', async () => {
  const { call } = started(written('export const handler = async () => {};'));
  expect(payloadOf(await call())).toBeNull();
});

test('a CommonJS bundle works too', async () => {
  const definition = written('', { handler: 'app.run' });
  writeFileSync(join(definition.assetPath, 'app.cjs'), 'exports.run = async () => "cjs";');
  expect(payloadOf(await started(definition).call())).toBe('cjs');
});

test('the context is that of Lambda', async () => {
  const { call } = started(
    written(`export const handler = async (_event, context) => ({
      ...context, remaining: context.getRemainingTimeInMillis() });`),
  );
  const context = payloadOf(await call()) as Record<string, unknown>;
  expect(context).toMatchObject({
    functionName: 'Sample',
    functionVersion: '$LATEST',
    invokedFunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:Sample',
    memoryLimitInMB: '128',
    logGroupName: '/aws/lambda/Sample',
  });
  expect(context.awsRequestId).toMatch(/^[0-9a-f-]{36}$/);
  expect(context.remaining).toBeGreaterThan(0);
  expect(context.remaining).toBeLessThanOrEqual(20_000);
});

test('a function sees exactly its own variables, those of Lambda and the edge, and nothing of the parent', async () => {
  process.env.PARENT_SECRET = 'x';
  try {
    const { call } = started(
      written('export const handler = async () => ({ ...process.env });', { environment: { TABLE: 't' } }),
    );
    const environment = payloadOf(await call()) as Record<string, string>;
    expect(environment).toMatchObject({
      TABLE: 't',
      AWS_REGION: 'us-east-1',
      AWS_DEFAULT_REGION: 'us-east-1',
      AWS_ENDPOINT_URL: 'http://127.0.0.1:4566',
      AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:4566',
      AWS_LAMBDA_FUNCTION_NAME: 'Sample',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '128',
      TZ: 'UTC',
    });
    expect(environment).not.toHaveProperty('PARENT_SECRET');
    expect(environment).not.toHaveProperty('PATH');
  } finally {
    delete process.env.PARENT_SECRET;
  }
});

test('a variable that a handler sets does not reach the parent', async () => {
  const { call } = started(
    written('export const handler = async () => { process.env.LEAK = "yes"; return process.env.LEAK; };'),
  );
  expect(payloadOf(await call())).toBe('yes');
  expect(process.env.LEAK).toBeUndefined();
});

test('module globals survive between warm calls', async () => {
  const { call, functions } = started(written('let n = 0; export const handler = async () => ++n;'));
  expect([payloadOf(await call()), payloadOf(await call()), payloadOf(await call())]).toEqual([1, 2, 3]);
  expect(functions.list()[0]).toMatchObject({ workers: 1, running: 0, invocations: 3, errors: 0 });
});

test('a thrown error keeps type, message and stack, and the worker stays warm', async () => {
  const { call } = started(
    written(`class StockError extends Error {}
    let n = 0;
    export const handler = async (event) => { n += 1; if (event.fail) throw new StockError('none left'); return n; };`),
  );
  const failure = await call({ fail: true });
  expect(failure).toMatchObject({ ok: false, errorType: 'StockError', errorMessage: 'none left' });
  expect(failure.ok ? [] : failure.stack?.join('\n')).toMatch(/index\.mjs/);
  expect(payloadOf(await call())).toBe(2);
});

test('an answer larger than Lambda carries is an error of the function, measured in bytes', async () => {
  const { call } = started(
    written("export const handler = async ({ length }) => '\\u00e9'.repeat(length);", { memoryMib: 512 }),
  );
  expect(await call({ length: 3_145_777 })).toMatchObject({ ok: true });
  expect(await call({ length: 3_145_778 })).toMatchObject({
    ok: false,
    errorType: 'Function.ResponseSizeTooLarge',
    errorMessage: expect.stringContaining('6291556 bytes'),
  });
});

test('an endless loop is cut at the timeout, and the next call works', async () => {
  const { call } = started(
    written('export const handler = async (event) => { while (event.loop); return "fine"; };', {
      timeoutSeconds: 1,
    }),
  );
  const cut = await call({ loop: true });
  expect(cut).toMatchObject({ ok: false, errorType: 'Sandbox.Timedout' });
  expect(cut.ok ? '' : cut.errorMessage).toMatch(/Task timed out after 1\.00 seconds$/);
  expect(payloadOf(await call({}))).toBe('fine');
});

test('process.exit ends only the worker', async () => {
  const { call } = started(
    written('export const handler = async (event) => { if (event.exit) process.exit(3); return "alive"; };'),
  );
  expect(await call({ exit: true })).toMatchObject({
    ok: false,
    errorType: 'Runtime.ExitError',
    errorMessage: 'Runtime exited with exit code 3',
  });
  expect(payloadOf(await call())).toBe('alive');
});

test('running out of memory ends only that worker', async () => {
  const { call } = started(
    written(
      `export const handler = async (event) => {
      const kept = []; while (event.fill) kept.push(new Array(1e4).fill({})); return 'ok'; };`,
      { memoryMib: 64 },
    ),
  );
  expect(await call({ fill: true })).toMatchObject({ ok: false, errorType: 'Runtime.OutOfMemory' });
  expect(payloadOf(await call())).toBe('ok');
});

test('an error thrown after the answer does not hurt that call, and a later call gets a fresh worker', async () => {
  const { call, functions } = started(
    written(`let n = 0; export const handler = async (event) => {
      if (event.later) setTimeout(() => { throw new Error('late'); }, 20); return ++n; };`),
  );
  expect(payloadOf(await call({ later: true }))).toBe(1);
  const before = functions.list()[0]!.invocations;
  await waitUntil(async () => {
    const result = await call();
    return result.ok && result.payload === 1;
  });
  expect(functions.list()[0]!.invocations).toBeGreaterThan(before);
});

test('a module that throws while it loads fails the call and may load at the next', async () => {
  const { call } = started(written('throw new TypeError("no settings");'));
  expect(await call()).toMatchObject({ ok: false, errorType: 'TypeError', errorMessage: 'no settings' });
  expect(await call()).toMatchObject({ ok: false, errorType: 'TypeError' });
});

test('a missing handler is named', async () => {
  const { call } = started(written('export const other = 1;'));
  expect(await call()).toMatchObject({ ok: false, errorType: 'Runtime.HandlerNotFound' });
});

test('an unknown function is a failure, not a crash', async () => {
  const { functions } = started(written('export const handler = async () => 1;'));
  expect(await functions.invoke('arn:aws:lambda:us-east-1:000000000000:function:None', {})).toMatchObject({
    ok: false,
    errorType: 'ResourceNotFoundException',
  });
});

const COUNTING = `export const handler = async () => {
  const { threadId } = await import('node:worker_threads');
  await new Promise((resolve) => setTimeout(resolve, 200)); return threadId; };`;

test('calls at once run in workers of their own, at most twice the cores', async () => {
  const { call, functions } = started(written(COUNTING), { cores: 1 });
  const threads = (await Promise.all(Array.from({ length: 6 }, () => call()))).map(payloadOf);
  expect(new Set(threads).size).toBe(2);
  expect(functions.list()[0]).toMatchObject({ invocations: 6, running: 0 });
});

test('reserved concurrency limits the workers further', async () => {
  const { call } = started(written(COUNTING, { reservedConcurrency: 1 }));
  const threads = (await Promise.all(Array.from({ length: 3 }, () => call()))).map(payloadOf);
  expect(new Set(threads).size).toBe(1);
});

test('a call that may not wait is throttled', async () => {
  const { call } = started(written(COUNTING, { reservedConcurrency: 1 }));
  const first = call();
  expect(await call({}, { waitMs: 0 })).toMatchObject({ ok: false, errorType: 'TooManyRequestsException' });
  expect(await call({}, { waitMs: 1 })).toMatchObject({ ok: false, errorType: 'TooManyRequestsException' });
  expect((await first).ok).toBe(true);
});

test('what a function writes reaches the log with its name and request id', async () => {
  const { call } = started(
    written(
      'export const handler = async (e, c) => { console.log(JSON.stringify({ id: c.awsRequestId })); console.error("oh"); };',
    ),
  );
  await call();
  await waitUntil(() => lines.length >= 2);
  const logged = lines.find((entry) => entry.line.startsWith('{'))!;
  expect(logged.functionName).toBe('Sample');
  expect(JSON.parse(logged.line)).toEqual({ id: logged.requestId });
  expect(lines.map((entry) => entry.line)).toContain('oh');
});

test('replacing lets a running call finish with the old code and serves the next with the new', async () => {
  const before = written(
    'export const handler = async () => { await new Promise((r) => setTimeout(r, 300)); return "old"; };',
  );
  const { call, functions } = started(before);
  const running = call();
  await waitUntil(() => functions.list()[0]!.workers === 1);
  functions.replace({ ...written('export const handler = async () => "new";') });
  expect(payloadOf(await running)).toBe('old');
  expect(payloadOf(await call())).toBe('new');
  await waitUntil(() => functions.list()[0]!.workers === 1);
});

test('a worker without work retires', async () => {
  const { call, functions } = started(written('export const handler = async () => 1;'), { idleMs: 20 });
  await call();
  await waitUntil(() => functions.list()[0]!.workers === 0);
  expect(payloadOf(await call())).toBe(1);
});

test('closing ends running calls and refuses new ones', async () => {
  const { call, functions } = started(
    written('export const handler = () => new Promise(() => setInterval(() => {}, 1000));'),
  );
  const running = call();
  await waitUntil(() => functions.list()[0]!.running === 1);
  await functions.close();
  expect((await running).ok).toBe(false);
  expect(await call()).toMatchObject({ ok: false, errorType: 'ServiceException' });
});
