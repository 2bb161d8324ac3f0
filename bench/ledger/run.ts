import { rmSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type Stack, startStack } from '../../infra/local/start-stack.ts';
import { synthesizeOnce } from '../../infra/local/synthesize-once.ts';
import { engineOf, newHome } from '../speed/bench-home.ts';
import { machineFacts } from '../speed/machine.ts';
import { measureGrowth, measureImport } from './import-growth.ts';
import { measureOrders } from './order-load.ts';
import { reportOf } from './report.ts';

/**
 * `npm run bench -- ledger [--lines 5000000] [--data FILE]`: flat order files up to that many lines into one database,
 * then FILE (order lines of any known format), then orders one by one through the API.
 */
const { values: options } = parseArgs({
  options: { lines: { type: 'string', default: '5000000' }, data: { type: 'string' } },
});

process.env.TZ = 'UTC';
const log = (line: string): void => console.error(line);
const loadBefore = loadavg()[0]!;
const largest = Number(options.lines);
const sizes = [50_000, 500_000, largest].filter(
  (lines, i, all) => lines <= largest && all.indexOf(lines) === i,
);
const home = newHome();
let stack: Stack | undefined;
try {
  const assembly = await synthesizeOnce(home, log);
  stack = await startStack({ home, assembly, port: 0, edgePort: 0, log });
  log(`importing ${sizes.join(', ')} lines`);
  const growth = await measureGrowth(stack, home, sizes);
  const given =
    options.data === undefined ? undefined : await measureImport(stack, home, resolve(options.data));
  for (const one of given ? [...growth, given] : growth) log(JSON.stringify(one));
  log('taking orders');
  const orders = await measureOrders(stack, home);
  const page = reportOf({ growth, given, orders, machine: machineFacts(engineOf(home), loadBefore) });
  writeFileSync(new URL('../results/ledger-speed.md', import.meta.url), page);
  console.log(page);
} finally {
  await stack?.close();
  rmSync(home, { recursive: true, force: true });
}
