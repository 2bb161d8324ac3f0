import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import * as z from 'zod';
import { type Stack, startStack } from '../../infra/local/start-stack.ts';
import { synthesizeOnce } from '../../infra/local/synthesize-once.ts';
import { engineOf, newHome } from '../speed/bench-home.ts';
import { machineFacts } from '../speed/machine.ts';
import { signIn } from '../speed/read-speed.ts';
import { makeShop } from './large-shop.ts';
import { routesOf } from './routes.ts';
import { type RouteTime, timeRoute } from './time-route.ts';

/**
 * `npm run bench -- reads [--home DIR] [--only TEXT] [--times 5]`: what it takes to read a year of 27,000 positions, page
 * by page. With `--home` the shop stays there for the next time; with `--only` just the routes with that text are asked,
 * and no report is written.
 */
const { values: options } = parseArgs({
  options: {
    home: { type: 'string' },
    only: { type: 'string' },
    times: { type: 'string', default: '5' },
  },
});

process.env.TZ = 'UTC';
const log = (line: string): void => console.error(line);
const loadBefore = loadavg()[0]!;
const home = options.home === undefined ? newHome() : resolve(options.home);
mkdirSync(home, { recursive: true });
let stack: Stack | undefined;
try {
  const assembly = await synthesizeOnce(home, log);
  stack = await startStack({ home, assembly, port: 0, edgePort: 0, log });
  await makeShop(stack, log);
  const [size] = await stack.database.select(
    z.object({ as_of: z.iso.date(), positions: z.int(), movements: z.int(), days: z.int() }),
    `SELECT (SELECT MAX(date) FROM demand) AS as_of, (SELECT COUNT(*) FROM stock) AS positions,
            (SELECT COUNT(*) FROM inventory_log) AS movements, (SELECT COUNT(*) FROM demand) AS days`,
  );
  const asking = { url: stack.apiUrl, token: await signIn(stack, home), home };
  const times: RouteTime[] = [];
  for (const route of routesOf(size!.as_of)) {
    if (!route.includes(options.only ?? '')) continue;
    times.push(await timeRoute(asking, route, Number(options.times)));
    log(rowOf(times.at(-1)!));
    // after each, so that a run which is cut off has told something
    const page = reportOf(times, size!);
    if (options.only === undefined) writeFileSync(new URL('../results/reads.md', import.meta.url), page);
  }
} finally {
  await stack?.close();
  if (options.home === undefined) rmSync(home, { recursive: true, force: true });
}

function rowOf({ route, status, bytes, ...ms }: RouteTime): string {
  const figures = [ms.p50Ms, ms.p95Ms, ms.databaseMs, ms.nodeMs].map(Math.round);
  return `| ${route} | ${figures.join(' | ')} | ${(bytes / 1024).toFixed(1)} | ${status === 200 ? '' : status} |`;
}

function reportOf(
  times: readonly RouteTime[],
  size: { positions: number; movements: number; days: number },
): string {
  const machine = machineFacts(engineOf(home), loadBefore);
  const whole = (value: number): string => value.toLocaleString('en');
  return `# Speed of reads

Made by \`npm run bench -- reads\`. ${machine.date}, ${machine.processor}, ${machine.cores} cores, Node ${machine.node}, ${machine.engine};
load average ${machine.loadBefore.toFixed(1)} before and ${machine.loadAfter.toFixed(1)} after: above the number of cores, other programs took
part of the time between request and answer, and the processor's time is what to compare.

A simulated year of ${whole(size.positions)} positions (9,000 products at three places) with ${whole(size.movements)} movements and ${whole(size.days)} days of
demand, a plan, and lots of one product in ten that no night has folded. One client, ${options.times} times each after a first one. /health is \`SELECT 1\`
through the same gateway, function and Data API. Milliseconds; the aim is below 1,000 for a month and 3,000 for a year.
Where the last column has a number, the answer was not there within the 29 s of the API, and the rest is of what was done until then.

| route | p50 | p95 | database CPU | node CPU | KB | not 200 |
|---|--:|--:|--:|--:|--:|--:|
${times.map(rowOf).join('\n')}
`;
}
