import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { addDays } from '../../shared/core/calendar/add-days.ts';
import { seededRandom } from '../../shared/core/math/random.ts';
import { runCommand } from '../accuracy/run-command.ts';
import { machineFacts } from '../speed/machine.ts';

/** `npm run bench -- evaluate`: what `smart-inventory evaluate` takes for 500 series of three years of days. */
const SERIES = 500;
const DAYS = 1096;
const TERMS = ['--frequency', 'daily', '--lead-time', '7', '--review', '7', '--jobs', '2'];
const RUNS = {
  'all policies, two forecasters: 19 rows': [],
  'R-S with `mix` beside those that are always there: 6 rows': ['--policy', 'R-S', '--forecaster', 'mix'],
};

const loadBefore = loadavg()[0]!;
const folder = mkdtempSync(join(tmpdir(), 'smart-inventory-evaluate-'));
const lines: string[] = [];
try {
  const input = join(folder, 'sales.csv');
  writeFileSync(input, salesFile());
  for (const [name, parameters] of Object.entries(RUNS)) {
    const start = performance.now();
    const output = join(folder, 'costs.csv');
    const cpu = await runCommand(['evaluate', '--input', input, ...TERMS, ...parameters, '--output', output]);
    const wall = (performance.now() - start) / 1000;
    lines.push(`| ${name} | ${cpu.toFixed(1)} | ${wall.toFixed(1)} |`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
const { date, processor, cores, node, loadAfter } = machineFacts('', loadBefore);
const report = `# How long an evaluation takes

Made by \`npm run bench -- evaluate\`. ${date}, ${processor}, ${cores} cores, Node ${node}; load average ${loadBefore.toFixed(1)} before, ${loadAfter.toFixed(1)} after.
\`smart-inventory evaluate ${TERMS.join(' ')}\` over ${SERIES} invented series of ${DAYS} days, start and reading included. The wall
clock holds what others took of the cores: on idle ones two threads need half the CPU time at least.

| rows | CPU s | wall s |
|---|--:|--:|
${lines.join('\n')}
`;
console.log(report);
writeFileSync(join(import.meta.dirname, '../results/evaluate-speed.md'), report);

/** Counts with a weekly rhythm around a level of each series. */
function salesFile(): string {
  const random = seededRandom(1);
  const found = ['series_id,date,quantity'];
  for (let s = 0; s < SERIES; s++) {
    const level = 2 * 30 ** random.uniform();
    for (let t = 0; t < DAYS; t++) {
      const mean = level * (t % 7 > 4 ? 1.5 : 0.8);
      const quantity = Math.max(0, Math.round(mean + Math.sqrt(mean) * random.normal()));
      found.push(`item ${s},${addDays('2022-01-03', t)},${quantity}`);
    }
  }
  return found.join('\n');
}
