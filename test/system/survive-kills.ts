import { once } from 'node:events';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual, parseArgs } from 'node:util';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { dumpState, type State } from './dump-state.ts';
import { killTree, runOnce, startStack } from './run-once.ts';

/**
 * kill -9 of everything at random moments of the main job, then a start that must end in the same state as an
 * undisturbed one. `npm run survive-kills -- --kills 10 --seed 1`
 */
const { values } = parseArgs({
  options: { kills: { type: 'string', default: '10' }, seed: { type: 'string', default: '1' } },
});
const random = xoroshiro128plus(Number(values.seed));
const folder = mkdtempSync(join(tmpdir(), 'survive-kills-'));
const engine = resolve(process.env.SMART_INVENTORY_HOME ?? '.local', 'engine.json');

try {
  const began = performance.now();
  const reference = await undisturbed();
  const durationMs = performance.now() - began;
  console.log(`undisturbed: ${(durationMs / 1000).toFixed(1)} s, ${describe(reference)}`);
  let failures = 0;
  for (let kill = 1; kill <= Number(values.kills); kill++) {
    const afterMs = 300 + uniformFloat64(random) * durationMs;
    const state = await disturbed(kill, afterMs);
    const same = isDeepStrictEqual(state, reference);
    console.log(`kill ${kill} after ${(afterMs / 1000).toFixed(1)} s: ${same ? 'same state' : 'DIFFERENT'}`);
    if (!same) {
      failures++;
      for (const [part, { rows, hash }] of Object.entries(state)) {
        if (reference[part]!.hash !== hash)
          console.log(`  ${part}: ${rows} rows, expected ${reference[part]!.rows}`);
      }
    }
  }
  console.log(`${Number(values.kills) - failures} passed, ${failures} failed`);
  process.exitCode = failures === 0 ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function undisturbed(): Promise<State> {
  const home = prepared('undisturbed');
  await runOnce(home);
  return await dumpState(home);
}

async function disturbed(kill: number, afterMs: number): Promise<State> {
  const home = prepared(`kill-${kill}`);
  const child = startStack(home, ['--once']);
  const ended = once(child, 'close');
  child.stdout!.resume();
  child.stderr!.resume();
  await Promise.race([sleep(afterMs), ended]);
  if (child.exitCode === null) killTree(child.pid!);
  await ended;
  await runOnce(home);
  const state = await dumpState(home);
  rmSync(home, { recursive: true, force: true });
  return state;
}

/** A fresh home; the engine that an earlier start has found is not fetched again. */
function prepared(name: string): string {
  const home = join(folder, name);
  mkdirSync(home);
  if (existsSync(engine)) copyFileSync(engine, join(home, 'engine.json'));
  return home;
}

function describe(state: State): string {
  return Object.entries(state)
    .map(([part, { rows }]) => `${rows} ${part}`)
    .join(', ');
}
