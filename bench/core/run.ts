/** Times the forecasting library alone, on one core and simulated series, and writes the figures beside their targets. */
import { writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { machineFacts } from '../speed/machine.ts';
import { MEASURES, type Measure } from './measures.ts';

const RUNS = 3;
const IN_SECONDS = { s: 1, ms: 1e3, µs: 1e6 } as const;

const loadBefore = loadavg()[0]!;
const rows: string[] = [];
for (const measure of MEASURES) rows.push(await rowOf(measure));
const { date, cores, processor, node, loadAfter } = machineFacts('', loadBefore);
const page = `# Speed of the forecasting library

Made by \`npm run bench -- core\`. ${date}, ${processor}, ${cores} cores of which one is used, Node ${node}; load average
${loadBefore.toFixed(1)} before, ${loadAfter.toFixed(1)} after: where it is above a few tenths, other programs ran too. CPU time, the smallest and the median of
${RUNS} runs after one to warm up. Series are simulated (bench/core/simulated-series.ts). No peer runs beside: R, statsmodels and
scikit-learn are not among the dependencies; the targets were set from their figures on a like machine.

| what | a | least | median | target |
|---|---|---:|---:|---:|
${rows.join('\n')}
`;
writeFileSync(new URL('../results/core-speed.md', import.meta.url), page);
console.log(page);

async function rowOf({ name, unit, count, target, run }: Measure): Promise<string> {
  await run();
  const seconds: number[] = [];
  for (let i = 0; i < RUNS; i++) {
    const before = process.cpuUsage();
    await run();
    const { user, system } = process.cpuUsage(before);
    seconds.push((user + system) / 1e6 / count);
  }
  seconds.sort((a, b) => a - b);
  const shown = target?.unit ?? 'ms';
  const figure = (value: number): string => `${(value * IN_SECONDS[shown]).toPrecision(2)} ${shown}`;
  const limit = target ? `${target.value} ${target.unit}` : '';
  return `| ${name} | ${unit} | ${figure(seconds[0]!)} | ${figure(seconds[RUNS >> 1]!)} | ${limit} |`;
}
