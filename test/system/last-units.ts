import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { killTree, SHOWS_PROCESSES, startStack } from './run-once.ts';

/**
 * Many orders at once for a few units, through the gateway of a whole stack: as many must be taken as there are units,
 * and all others refused with 409 and remembered as lost sales. On a machine too busy to answer all within the gateway's
 * 30 s, what got no answer is sent again, as clients should: 200 then says that it had been taken.
 * `node test/system/last-units.ts --orders 500 --units 100`; `--url` and `--home` ask a stack that runs already.
 */
const { values } = parseArgs({
  options: {
    orders: { type: 'string', default: '500' },
    units: { type: 'string', default: '100' },
    url: { type: 'string' },
    home: { type: 'string', default: '.local' },
  },
});
const orders = Number(values.orders);
const units = Number(values.units);
const START_MS = 300_000;
const MOST_TRIES = 10;

if (values.url === undefined) {
  const home = mkdtempSync(join(tmpdir(), 'last-units-'));
  const port = await freePort();
  const stack = startStack(home, ['--empty'], { PORT: String(port) });
  let said = '';
  for (const stream of [stack.stdout!, stack.stderr!]) stream.on('data', (chunk) => (said += chunk));
  try {
    const url = `http://127.0.0.1:${port}`;
    for (const limit = Date.now() + START_MS; !(await isHealthy(url)); await sleep(500)) {
      if (Date.now() > limit || stack.exitCode !== null) throw new Error(`the stack did not start\n${said}`);
    }
    await show(url, home).catch((error) => {
      console.error(said.slice(-5_000));
      throw error;
    });
  } finally {
    if (stack.exitCode === null) {
      if (SHOWS_PROCESSES) killTree(stack.pid!);
      else stack.kill('SIGTERM');
      await once(stack, 'exit');
    }
    rmSync(home, { recursive: true, force: true });
  }
} else await show(values.url, values.home);

async function show(url: string, home: string): Promise<void> {
  const { users } = JSON.parse(readFileSync(join(home, 'credentials.json'), 'utf8')) as {
    users: { username: string; password: string; roles: string[] }[];
  };
  const { username, password } = users.find(({ roles }) => roles.includes('admin'))!;
  const signedIn = await fetch(`${url}/auth/token`, {
    method: 'POST',
    body: new URLSearchParams({ username, password }),
  });
  const { access_token: token } = (await signedIn.json()) as { access_token: string };
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const post = (path: string, body: unknown) =>
    fetch(url + path, { method: 'POST', headers, body: JSON.stringify(body) });
  const get = async (path: string) => (await fetch(url + path, { headers })).json();

  const product = `LAST-${Date.now()}`;
  const body = { id: product, name: product, unit_price: 5, cost: 2, current_stock: units };
  // A stack that has just started may still be making its tables.
  for (const limit = Date.now() + START_MS; ; await sleep(1_000)) {
    const made = await post('/products', body);
    if (made.status === 201) break;
    if (Date.now() > limit) throw new Error(await made.text());
  }
  const began = performance.now();
  let repeated = 0;
  const answers = await Promise.all(
    Array.from({ length: orders }, async (_, i) => {
      const sent = performance.now();
      for (let tries = 1; ; tries++) {
        const answer = await post('/orders', { id: `${product}-${i}`, product_id: product, quantity: 1 });
        const body = await answer.text();
        // Too busy to answer in time: whether it was taken shows when the same order is sent again.
        if ((answer.status !== 503 && answer.status !== 429) || tries === MOST_TRIES)
          return { status: answer.status, body, ms: performance.now() - sent };
        repeated++;
        await sleep(1_000 * tries * Math.random());
      }
    }),
  );
  const seconds = (performance.now() - began) / 1000;
  const counts: Record<string, number> = {};
  for (const { status } of answers) counts[status] = (counts[status] ?? 0) + 1;
  const strange = answers.find(({ status }) => ![200, 201, 409].includes(status));
  if (strange) console.log(strange.status, strange.body);
  const ms = answers.map((answer) => answer.ms).sort((a, b) => a - b);
  const { current_stock: left } = (await get(`/products/${product}`)) as { current_stock: number };
  const { totals } = (await get(`/lost-sales?product_id=${product}`)) as { totals: { asked: number } };
  const sold = Math.min(units, orders);
  const isExact =
    (counts[201] ?? 0) + (counts[200] ?? 0) === sold &&
    (counts[409] ?? 0) === orders - sold &&
    left === units - sold &&
    totals.asked === orders - sold;
  console.log(
    `${orders} orders at once for ${units} units in ${seconds.toFixed(1)} s:`,
    `${JSON.stringify(counts)}, ${repeated} repeated after 503, ${left} left, ${totals.asked} lost;`,
    `p50 ${at(ms, 0.5)} ms, p95 ${at(ms, 0.95)} ms: ${isExact ? 'exact' : 'WRONG'}`,
  );
  if (!isExact) process.exitCode = 1;
}

function at(sorted: readonly number[], share: number): string {
  return sorted[Math.ceil(sorted.length * share) - 1]!.toFixed(0);
}

function isHealthy(url: string): Promise<boolean> {
  return fetch(`${url}/health`).then(
    (answer) => answer.ok,
    () => false,
  );
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  return port;
}
