import { mkdirSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { machineFacts } from '../speed/machine.ts';
import { compareSetting } from './compare-setting.ts';
import { pictureOf } from './picture.ts';
import { readCases } from './read-cases.ts';
import { reportOf } from './report.ts';
import { SETTINGS } from './settings.ts';

/**
 * `npm run bench -- decisions --data DIR [--sets a,b] [--results DIR]`: fill rate against stock of every policy, of the
 * original rules and of the clairvoyant. DIR has `data/` with the files of settings.ts. With `--sets` nothing is written.
 */
const { values: options } = parseArgs({
  options: {
    data: { type: 'string' },
    sets: { type: 'string' },
    results: { type: 'string', default: join(import.meta.dirname, '../results') },
  },
});
if (!options.data) throw new Error('--data DIR: a folder with data/');

const loadBefore = loadavg()[0]!;
const names = options.sets?.split(',') ?? SETTINGS.map(({ name }) => name);
const unknown = names.find((name) => !SETTINGS.some((setting) => setting.name === name));
if (unknown !== undefined) throw new Error(`--sets: there is no set ${unknown}`);
const results = SETTINGS.filter(({ name }) => names.includes(name)).map((setting) => {
  console.error(setting.name);
  const file = join(resolve(options.data!), 'data', setting.file);
  return compareSetting(setting, readCases(file, setting));
});
const { engine: _, ...machine } = machineFacts('', loadBefore);
const report = reportOf(machine, results);
console.log(report);
if (!options.sets) {
  mkdirSync(options.results, { recursive: true });
  writeFileSync(join(options.results, 'decisions.md'), report);
  for (const result of results)
    writeFileSync(join(options.results, `decisions-${result.setting.name}.svg`), pictureOf(result));
}
