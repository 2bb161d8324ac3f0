import { rmSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import * as z from 'zod';
import { type Stack, startStack } from '../../infra/local/start-stack.ts';
import { synthesizeOnce } from '../../infra/local/synthesize-once.ts';
import { waitUntil } from '../../infra/local/wait-until.ts';
import type { WorldRequested } from '../../shared/contracts/messages.ts';
import type { SimulationConfig } from '../../shared/contracts/simulation-config.ts';
import { readSimulationConfig, settingsOf } from '../../shared/contracts/simulation-settings.ts';
import { openMemoryLedger } from '../../shared/core/simulate/ledger-lines.ts';
import { openWorld, simulateDay } from '../../shared/core/simulate/simulate-day.ts';
import { engineOf, newHome } from '../speed/bench-home.ts';
import { machineFacts } from '../speed/machine.ts';

/** `npm run bench -- simulate`: a year of a large business, in memory and into the database. */
const MARKET: SimulationConfig = {
  SIMULATION_NAME: 'year',
  SIMULATION_DEMAND: 'realistic',
  SIMULATION_PRODUCTS: 10_000,
  SIMULATION_DAYS: 365,
  SIMULATION_SEED: 7,
  // what a shop of ten thousand products sells: most of them now and then, 73 units a year on average
  SIMULATION_MEAN_DEMAND: 0.2,
};
const AIM_SECONDS = 60;
const LIMIT_MS = 5 * 60_000;

const Done = z.object({
  status: z.string(),
  orders: z.int(),
  sales: z.int(),
  units: z.coerce.number(),
  refunds: z.int(),
  movements: z.int(),
  ledger_chain: z.string(),
});

process.env.TZ = 'UTC';
const log = (line: string): void => console.error(line);
const loadBefore = loadavg()[0]!;
const home = newHome();
let stack: Stack | undefined;
try {
  log('in memory');
  const memory = timeInMemory();
  const assembly = await synthesizeOnce(home, log);
  stack = await startStack({ home, assembly, port: 0, edgePort: 0, log });
  log('into the database');
  const written = await timeInDatabase(stack);
  const page = reportOf(memory, written, engineOf(home));
  writeFileSync(new URL('../results/simulate-speed.md', import.meta.url), page);
  console.log(page);
} finally {
  await stack?.close();
  rmSync(home, { recursive: true, force: true });
}

interface MemoryTime {
  readonly seconds: number;
  readonly movements: number;
}

function timeInMemory(): MemoryTime {
  const settings = settingsOf(readSimulationConfig(MARKET, 'keys'));
  const began = performance.now();
  const ledger = openMemoryLedger();
  let movements = 0;
  let state = openWorld(settings);
  for (let day = 0; day < settings.days; day++) {
    const next = simulateDay(state, settings, day);
    movements += ledger.book(next.events).length;
    state = next.state;
  }
  return { seconds: (performance.now() - began) / 1000, movements };
}

interface WrittenTime extends z.infer<typeof Done> {
  readonly seconds: number;
  /** CPU seconds of the process that runs all functions and services; the database is another. */
  readonly cpu: number;
}

/** From the message that asks for the simulation to the commit of its last day. */
async function timeInDatabase({ database, queues, wiring }: Stack): Promise<WrittenTime> {
  const queue = wiring.queues.find(({ arn }) => /simulate/i.test(arn) && !/dead/i.test(arn));
  if (!queue) throw new Error('there is no queue for simulations');
  const cpu = process.cpuUsage();
  const began = performance.now();
  const message: WorldRequested = {
    type: 'WorldRequested',
    simulationId: MARKET.SIMULATION_NAME!,
    config: MARKET,
    requestedBy: 'bench',
  };
  await queues.send(queue.arn, JSON.stringify(message));
  let done: z.infer<typeof Done> | undefined;
  await waitUntil(
    async () => {
      [done] = await database.select(
        Done,
        'SELECT status, orders, sales, units, refunds, movements, ledger_chain FROM simulation',
      );
      return done?.status === 'done';
    },
    { limitMs: LIMIT_MS, what: 'the simulated year', everyMs: 100 },
  );
  const seconds = (performance.now() - began) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  return { ...done!, seconds, cpu: (user + system) / 1e6 };
}

function reportOf(memory: MemoryTime, written: WrittenTime, engine: string): string {
  const machine = machineFacts(engine, loadBefore);
  const whole = (value: number): string => Math.round(value).toLocaleString('en');
  return `# Speed of a simulation

Made by \`npm run bench -- simulate\`. ${machine.date}, ${machine.processor}, ${machine.cores} cores, Node ${machine.node}, ${machine.engine};
load average ${machine.loadBefore.toFixed(1)} before and ${machine.loadAfter.toFixed(1)} after.

A year of ${whole(MARKET.SIMULATION_PRODUCTS!)} products in one place with realistic demand (\`--mean-demand ${MARKET.SIMULATION_MEAN_DEMAND}\`: most sell now and
then), suppliers, returns and shrinkage: ${whole(written.sales)} sales lines of ${whole(written.units)} units in ${whole(written.orders)} orders, ${whole(written.refunds)} returns,
${whole(written.movements)} movements. Into the database means through queue, function and Data API into orders, sales, ledger,
levels, demand and the feed of stock, in transactions that either hold whole days or nothing.

| | seconds | movements a second |
|---|--:|--:|
| in memory, booked by the same rule | ${memory.seconds.toFixed(1)} | ${whole(memory.movements / memory.seconds)} |
| into the database (aim: ${AIM_SECONDS} s) | ${written.seconds.toFixed(1)} | ${whole(written.movements / written.seconds)} |

CPU of the process with all functions and services, without the database's: ${written.cpu.toFixed(1)} s. More products, or products
that sell more often, take longer by their movements.
`;
}
