import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type Mutant, mutantsOf } from './mutants-of.ts';

/**
 * Mutation test of the pure core of the ledger: `npm run mutate`. Each mutant is a copy of the core with one change in
 * it, and the tests that a mutant passes do not notice the change. Writes bench/results/mutation.md.
 */
const SUBJECTS: Readonly<Record<string, readonly string[]>> = {
  'shared/core/inventory/book-movements.ts': ['test/core/book-movements.test.ts'],
  'shared/core/inventory/movement-types.ts': [
    'test/core/movement-types.test.ts',
    'test/core/book-movements.test.ts',
  ],
  'shared/core/inventory/plan-reversals.ts': ['test/core/plan-reversals.test.ts'],
  'shared/core/inventory/round-quantity.ts': ['test/core/quantities.test.ts', 'test/core/reorder.test.ts'],
  'shared/core/inventory/position.ts': ['test/core/quantities.test.ts', 'test/core/reorder.test.ts'],
  'shared/core/inventory/most-to-receive.ts': ['test/core/quantities.test.ts'],
  'shared/core/inventory/refund-share.ts': ['test/core/quantities.test.ts'],
};
/** Mutants that do the same as their source, and why; by the line's text. */
const EQUIVALENT: readonly { readonly place: RegExp; readonly change: RegExp; readonly why: string }[] = [
  {
    place: /quantityChange [<>]( 0)?$/,
    change: /^(< became <=|> became >=|0 became 1)$/,
    why: 'no movement is of zero units',
  },
  {
    place: /^if \(\(behind \+$/,
    change: /^\+ became -$/,
    why: 'fewer reversals are written than follow, so the difference is odd where the sum is, and never negative',
  },
  { place: /\? 0 : 1$/, change: /^1 became 2$/, why: 'only the order counts' },
];
/** Mutants that one test process looks at, and its time: a mutant may never end. */
const BATCH = 12;
const BATCH_MS = 180_000;
const SINGLE_MS = 40_000;

interface Case extends Mutant {
  readonly file: string;
  fate: 'killed' | 'survived' | 'killed by the clock' | 'the same';
}

const root = new URL('../..', import.meta.url).pathname;
const home = mkdtempSync(join(tmpdir(), 'smart-inventory-mutants-'));
symlinkSync(join(root, 'node_modules'), join(home, 'node_modules'));
writeFileSync(join(home, 'package.json'), '{ "type": "module" }');
const began = performance.now();
const cases = Object.keys(SUBJECTS).flatMap((file) =>
  mutantsOf(readFileSync(join(root, file), 'utf8')).map(
    (mutant): Case => ({ ...mutant, file, fate: 'killed' }),
  ),
);
try {
  const untouched = {
    file: Object.keys(SUBJECTS)[0]!,
    line: 0,
    change: 'none',
    place: '',
    source: '',
    fate: 'killed' as const,
  };
  for (const file of Object.keys(SUBJECTS)) {
    const same = { ...untouched, file, source: readFileSync(join(root, file), 'utf8') };
    if ((await survivors([same], BATCH_MS))?.size !== 1)
      throw new Error(`the tests of ${file} fail without a mutant`);
  }
  for (let at = 0; at < cases.length; at += BATCH) {
    await judge(cases.slice(at, at + BATCH));
    console.log(`${Math.min(at + BATCH, cases.length)} of ${cases.length}`);
  }
} finally {
  rmSync(home, { recursive: true, force: true });
}
for (const one of cases) if (one.fate === 'survived' && whyTheSame(one)) one.fate = 'the same';
const survived = cases.filter(({ fate }) => fate === 'survived');
for (const { file, line, change } of survived) console.log(`survived: ${file}:${line} ${change}`);
writeFileSync(join(root, 'bench/results/mutation.md'), report());

function whyTheSame({ place, change }: Case): string | undefined {
  return EQUIVALENT.find((one) => one.place.test(place) && one.change.test(change))?.why;
}

async function judge(batch: readonly Case[]): Promise<void> {
  const alive = await survivors(batch, BATCH_MS);
  if (alive) {
    for (const one of batch) one.fate = alive.has(batch.indexOf(one)) ? 'survived' : 'killed';
    return;
  }
  // one of them never ends: each by itself
  for (const one of batch) {
    const alone = await survivors([one], SINGLE_MS);
    one.fate = alone === undefined ? 'killed by the clock' : alone.size === 1 ? 'survived' : 'killed';
  }
}

/** Which of these mutants pass every test of theirs; undefined when time ran out. */
async function survivors(batch: readonly Case[], limitMs: number): Promise<ReadonlySet<number> | undefined> {
  for (const [n, { file, source }] of batch.entries()) {
    const place = join(home, `m${n}`);
    rmSync(place, { recursive: true, force: true });
    mkdirSync(join(place, 'shared/core'), { recursive: true });
    for (const folder of ['calendar', 'math'])
      symlinkSync(join(root, 'shared/core', folder), join(place, 'shared/core', folder));
    cpSync(join(root, 'shared/core/inventory'), join(place, 'shared/core/inventory'), { recursive: true });
    writeFileSync(join(place, file), source);
    for (const test of SUBJECTS[file]!) {
      mkdirSync(join(place, dirname(test)), { recursive: true });
      cpSync(join(root, test), join(place, test));
    }
  }
  const folders = batch.map((_, n) => `m${n}/`);
  const output = join(home, 'results.json');
  rmSync(output, { force: true });
  const child = spawn(
    'vitest',
    [
      'run',
      '--root',
      home,
      '--pool',
      'threads',
      '--maxWorkers',
      '1',
      '--reporter',
      'json',
      '--outputFile',
      output,
      ...folders,
    ],
    { stdio: 'ignore', detached: true, env: { ...process.env, FORCE_COLOR: '0' } },
  );
  const timer = setTimeout(() => process.kill(-child.pid!, 'SIGKILL'), limitMs);
  await once(child, 'exit');
  clearTimeout(timer);
  if (child.signalCode !== null) return undefined;
  const results = JSON.parse(readFileSync(output, 'utf8')) as {
    testResults: { name: string; status: string }[];
  };
  return new Set(
    batch.flatMap((_, n) => {
      const own = results.testResults.filter(({ name }) => name.includes(`/m${n}/`));
      return own.length > 0 && own.every(({ status }) => status === 'passed') ? [n] : [];
    }),
  );
}

function report(): string {
  const rowOf = (name: string, own: readonly Case[]): string => {
    const same = own.filter(({ fate }) => fate === 'the same').length;
    const killed = own.filter(({ fate }) => fate.startsWith('killed')).length;
    const score = ((100 * killed) / (own.length - same)).toFixed(1);
    return `| ${name} | ${own.length} | ${same} | ${killed} | ${score} % |`;
  };
  const told = ({ file, line, change, place }: Case): string => `${file}:${line}: ${change} in \`${place}\``;
  return [
    '# Mutation test of the core of the ledger',
    '',
    'Written by `npm run mutate`: each mutant is the source with one small change (relations, boundaries, signs,',
    'connectives, constants, conditions, statements left out; test/mutation/mutants-of.ts has the table), run against the',
    'unit tests of its file. Mutants that do the same as their source are not counted in the score.',
    '',
    '| Source | Mutants | The same | Killed | Score |',
    '|---|---|---|---|---|',
    ...Object.keys(SUBJECTS).map((file) =>
      rowOf(
        file,
        cases.filter((one) => one.file === file),
      ),
    ),
    rowOf('all', cases),
    '',
    `${Math.round((performance.now() - began) / 1000)} seconds. ${survived.length === 0 ? 'No mutant survived.' : 'Survivors:'}`,
    '',
    ...survived.map((one) => `- ${told(one)}`),
    '',
    'The same:',
    '',
    ...cases.filter(({ fate }) => fate === 'the same').map((one) => `- ${told(one)}: ${whyTheSame(one)}`),
    '',
  ].join('\n');
}
