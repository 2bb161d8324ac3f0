import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { type Asking, askAs, openLiveStack } from './live-stack.ts';

/**
 * Many orders at once for a few units, through the gateway of a whole stack: as many must be taken as there are units,
 * and all others refused with 409 and remembered as lost sales. On a machine too busy to answer all within the gateway's
 * 30 s, what got no answer is sent again, as clients should: 200 then says that it had been taken.
 * `npm run last-units -- --orders 500 --units 100`; `--url` and `--home` ask a stack that runs already.
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
const MOST_TRIES = 10;

if (values.url === undefined) {
  const home = mkdtempSync(join(tmpdir(), 'last-units-'));
  try {
    const stack = await openLiveStack(home);
    await show(stack).finally(() => stack.kill());
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
} else await show(await askAs(values.url, values.home));

async function show({ get, post }: Asking): Promise<void> {
  const product = `LAST-${Date.now()}`;
  const body = { id: product, name: product, unit_price: 5, cost: 2, current_stock: units };
  const made = await post('/products', body);
  if (made.status !== 201) throw new Error(await made.text());
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
  const { current_stock: left } = (await (await get(`/products/${product}`)).json()) as {
    current_stock: number;
  };
  const { totals } = (await (await get(`/lost-sales?product_id=${product}`)).json()) as {
    totals: { asked: number };
  };
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
