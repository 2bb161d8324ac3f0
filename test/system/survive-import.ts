import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual, parseArgs } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { stockFile, writeFlatFile } from '../../bench/ledger/flat-file.ts';
import { ingestFiles } from '../../cli/ingest.ts';
import { dumpState, type State } from './dump-state.ts';
import { type Asking, type LiveStack, openLiveStack } from './live-stack.ts';

/**
 * One large import, with kill -9 of everything at random moments in the middle of it and of its undoing.
 * `npm run survive-import -- --lines 100000 --kills 5 --seed 1`: after the last start it must end in the state of an
 * undisturbed import; the same rows in another file must change nothing; undoing must give the balances back.
 */
const { values } = parseArgs({
  options: {
    lines: { type: 'string', default: '100000' },
    kills: { type: 'string', default: '5' },
    seed: { type: 'string', default: '1' },
  },
});
const lines = Number(values.lines);
const random = xoroshiro128plus(Number(values.seed));
const folder = mkdtempSync(join(tmpdir(), 'survive-import-'));
const LIMIT_MS = 20 * 60_000;
/** What an import makes; what is planned from it depends on when it was planned. */
const PARTS = ['products', 'orders', 'sales', 'ledger', 'stock', 'demand', 'imports'] as const;

try {
  const stock = join(folder, 'stock.csv');
  const orders = join(folder, 'orders.csv.gz');
  const again = join(folder, 'again.csv');
  writeFileSync(stock, stockFile());
  await writeFlatFile(orders, lines);
  // one blank line more: another file, the same rows
  writeFileSync(again, `${gunzipSync(readFileSync(orders))}\n`);

  const calm = join(folder, 'calm');
  const { began, ended, before, after: expected } = await undisturbed(calm, stock, orders);
  console.log(`undisturbed: ${lines} lines in ${((ended - began) / 1000).toFixed(1)} s`);

  const home = join(folder, 'killed');
  let stack = await openLiveStack(home);
  await importOf(stack, stock);
  await atRest(stack);
  await ingestFiles(stack.edge, [orders]);
  for (let kill = 1; kill <= Number(values.kills); kill++) {
    const ms = uniformFloat64(random) * (ended - began);
    await sleep(ms);
    await stack.kill();
    console.log(`kill ${kill} after ${(ms / 1000).toFixed(1)} s`);
    stack = await openLiveStack(home);
  }
  const job = await finished(stack, basename(orders));
  await atRest(stack);
  await stack.kill();
  await compare('killed in the middle and started again', home, expected);

  stack = await openLiveStack(home);
  await importOf(stack, again);
  await atRest(stack);
  await stack.kill();
  await compare('the same rows once more', home, expected, [
    'products',
    'sales',
    'ledger',
    'stock',
    'demand',
  ]);

  stack = await openLiveStack(home);
  const undone = await stack.post(`/imports/${job}/undo`, { reason: 'taken back by the test' });
  if (!undone.ok) throw new Error(await undone.text());
  for (let kill = 1; kill <= Number(values.kills); kill++) {
    await sleep(uniformFloat64(random) * ((ended - began) / 2));
    await stack.kill();
    stack = await openLiveStack(home);
  }
  await finished(stack, basename(orders), ['undone']);
  await atRest(stack);
  await stack.kill();
  await compare('killed in the middle of being undone', home, before, ['stock', 'demand']);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function undisturbed(home: string, stock: string, orders: string) {
  let stack = await openLiveStack(home);
  await importOf(stack, stock);
  await atRest(stack);
  await stack.kill();
  const before = await dumpState(home);
  stack = await openLiveStack(home);
  const began = performance.now();
  await importOf(stack, orders);
  const ended = performance.now();
  await atRest(stack);
  await stack.kill();
  return { began, ended, before, after: await dumpState(home) };
}

async function importOf(stack: LiveStack, path: string): Promise<string> {
  await ingestFiles(stack.edge, [path]);
  return await finished(stack, basename(path));
}

/** Waits until the import of the file has come to an end of this kind; answers its id. */
async function finished({ get }: Asking, name: string, ends = ['done']): Promise<string> {
  for (const limit = Date.now() + LIMIT_MS; Date.now() < limit; await sleep(200)) {
    const answer = await get('/imports?limit=50');
    const { data } = (await answer.json()) as {
      data: { id: string; object_key: string; status: string; detail: string | null }[];
    };
    const job = data.find((one) => one.object_key.endsWith(name));
    if (job && ends.includes(job.status)) return job.id;
    if (job?.status === 'failed') throw new Error(`the import of ${name} failed: ${job.detail}`);
  }
  throw new Error(`the import of ${name} did not end`);
}

/** A plan that follows an import is of no interest here, but it shall not be cut off; there is none without demand. */
async function atRest({ get }: Asking): Promise<void> {
  await sleep(5_000);
  for (const limit = Date.now() + LIMIT_MS; Date.now() < limit; await sleep(1_000)) {
    const { data } = (await (await get('/plans?limit=1')).json()) as { data: { status: string }[] };
    if (data.every(({ status }) => status === 'done')) return;
  }
}

async function compare(
  what: string,
  home: string,
  expected: State,
  parts: readonly string[] = PARTS,
): Promise<void> {
  const state = await dumpState(home);
  const different = parts.filter((part) => !isDeepStrictEqual(state[part], expected[part]));
  console.log(`${what}: ${different.length === 0 ? 'same state' : `DIFFERENT ${different.join(', ')}`}`);
  for (const part of different)
    console.log(`  ${part}: ${state[part]!.rows} rows, expected ${expected[part]!.rows}`);
  if (different.length > 0) process.exitCode = 1;
}
