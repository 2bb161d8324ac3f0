import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { machineFacts } from '../speed/machine.ts';
import { scoreM4Weekly } from './m4-weekly.ts';
import { pictureOf } from './picture.ts';
import { type AccuracyResults, reportOf } from './report.ts';
import { type Folders, type SetResult, scoreSet } from './score-set.ts';
import { SETS } from './sets.ts';

/**
 * `npm run bench -- accuracy --data DIR [--sets a,b] [--models auto,theta] [--results DIR] [--earlier N]`. DIR has `data/` with the
 * sets of sets.ts and the M4 weekly files, and `bench/peers/` with rivals' forecasts, origins and figures. The sets that
 * are not run keep their figures of before. With `--earlier` all origins lie N horizons further back, there are no rivals
 * and nothing is written: that is where settings are chosen. M4 has one origin, so it is not among them.
 */
const { values: options } = parseArgs({
  options: {
    data: { type: 'string' },
    sets: { type: 'string' },
    models: { type: 'string', default: 'auto' },
    earlier: { type: 'string', default: '0' },
    results: { type: 'string', default: join(import.meta.dirname, '../results') },
  },
});
if (!options.data) throw new Error('--data DIR: a folder with data/ and bench/peers/');

const loadBefore = loadavg()[0]!;
const known = [...SETS.map(({ name }) => name), 'm4-weekly'];
const names = options.sets?.split(',') ?? known;
const models = options.models.split(',');
const earlier = Number(options.earlier);
if (!Number.isInteger(earlier) || earlier < 0)
  throw new Error(`--earlier ${options.earlier} is no number of horizons`);
const unknown = names.find((name) => !known.includes(name));
if (unknown !== undefined) throw new Error(`--sets: no set ${unknown}; there are ${known.join(', ')}`);
if (earlier > 0 && options.sets && names.includes('m4-weekly'))
  throw new Error('--earlier: m4-weekly has the origin of its competition only, no earlier ones');
const scratch = mkdtempSync(join(tmpdir(), 'smart-inventory-accuracy-'));
const folders: Folders = {
  data: resolve(options.data, 'data'),
  peers: resolve(options.data, 'bench/peers'),
  scratch,
};
try {
  const fresh: SetResult[] = [];
  if (earlier === 0) mkdirSync(options.results, { recursive: true });
  for (const set of SETS.filter(({ name }) => names.includes(name))) {
    console.error(set.name);
    const found = await scoreSet(set, { ...folders, models, earlier });
    if (earlier > 0) {
      for (const { name, score } of found.lines) console.log(set.name, name, score);
      continue;
    }
    writeFileSync(join(options.results, `accuracy-${set.name}.svg`), pictureOf(found));
    fresh.push(found);
  }
  if (earlier === 0) await writeResults(fresh);
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

function earlierResults(file: string): Pick<AccuracyResults, 'sets' | 'm4'> {
  if (!existsSync(file)) return { sets: [], m4: [] };
  // A figure that does not exist is NaN here and null in the file.
  return JSON.parse(readFileSync(file, 'utf8'), (_, value) => value ?? Number.NaN) as AccuracyResults;
}

function rounded(_key: string, value: unknown): unknown {
  return typeof value === 'number' ? Number(value.toPrecision(6)) : value;
}

async function writeResults(fresh: readonly SetResult[]): Promise<void> {
  if (names.includes('m4-weekly')) console.error('m4-weekly');
  const earlier = earlierResults(join(options.results, 'accuracy.json'));
  const m4 = names.includes('m4-weekly') ? await scoreM4Weekly(models, folders) : earlier.m4;
  const sets = SETS.flatMap(({ name }) => [...fresh, ...earlier.sets].find(({ set }) => set === name) ?? []);
  const { engine: _, ...machine } = machineFacts('', loadBefore);
  writeFileSync(
    join(options.results, 'accuracy.json'),
    `${JSON.stringify({ machine, sets, m4 }, rounded, 1)}\n`,
  );
  const report = reportOf({ machine, sets, m4 });
  writeFileSync(join(options.results, 'accuracy.md'), report);
  console.log(report);
}
