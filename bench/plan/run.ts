import { rmSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import * as z from 'zod';
import { type Stack, startStack } from '../../infra/local/start-stack.ts';
import { synthesizeOnce } from '../../infra/local/synthesize-once.ts';
import { waitUntil } from '../../infra/local/wait-until.ts';
import { engineOf, newHome } from '../speed/bench-home.ts';
import { machineFacts } from '../speed/machine.ts';
import { writeShop } from './simulated-shop.ts';

/** `npm run bench -- plan`: a plan of a large shop, first without and then with a model of many series. */
const SIZE = { products: 9000, weeks: 261 };
const LIMIT_MS = 60 * 60_000;
const POLL_MS = 50;

interface PlanTimes {
  readonly name: string;
  readonly plan: number;
  readonly forecast: number;
  readonly restock: number;
  readonly total: number;
  /** CPU seconds of the process that runs all functions and services; the database is another. */
  readonly cpu: number;
  readonly suggestions: number;
}

process.env.TZ = 'UTC';
const log = (line: string): void => console.error(line);
const loadBefore = loadavg()[0]!;
const home = newHome();
let stack: Stack | undefined;
try {
  const assembly = await synthesizeOnce(home, log);
  stack = await startStack({ home, assembly, port: 0, edgePort: 0, log });
  log('writing the shop');
  const days = await writeShop(stack.database, SIZE);
  log('planning without a model');
  const alone = await timePlan(stack, 'each series by itself');
  log('training');
  const trained = await timeTraining(stack);
  log('planning with the model');
  const joint = await timePlan(stack, 'with the model of many series');
  const page = reportOf([alone, joint], { days, trained, engine: engineOf(home) });
  writeFileSync(new URL('../results/plan-speed.md', import.meta.url), page);
  console.log(page);
} finally {
  await stack?.close();
  rmSync(home, { recursive: true, force: true });
}

/** From the message that asks for a plan to the last suggestion and draft order. */
async function timePlan(stack: Stack, name: string): Promise<PlanTimes> {
  const Run = z.object({ runs: z.int(), status: z.string().nullable() });
  const read = async () =>
    (
      await stack.database.select(
        Run,
        `SELECT COUNT(*) AS runs, (SELECT status FROM forecast_run ORDER BY run_no DESC LIMIT 1) AS status FROM forecast_run`,
      )
    )[0]!;
  const { runs } = await read();
  const cpu = process.cpuUsage();
  const began = performance.now();
  const seconds = (): number => (performance.now() - began) / 1000;
  const reached: Record<string, number> = {};
  await send(stack, 'nightly-plan', { type: 'PlanRequested', cause: 'api', key: `bench ${name}` });
  await waitUntil(
    async () => {
      const found = await read();
      if (found.runs === runs) return false;
      reached[found.status!] ??= seconds();
      return found.status === 'done';
    },
    { limitMs: LIMIT_MS, what: 'the plan', everyMs: POLL_MS },
  );
  const { user, system } = process.cpuUsage(cpu);
  const [open] = await stack.database.select(
    z.object({ n: z.int() }),
    "SELECT COUNT(*) AS n FROM suggestion WHERE status <> 'withdrawn'",
  );
  const { forecasting = 0, done = 0 } = reached;
  const { restocking = done } = reached;
  return {
    name,
    plan: forecasting,
    forecast: restocking - forecasting,
    restock: done - restocking,
    total: done,
    cpu: (user + system) / 1e6,
    suggestions: open!.n,
  };
}

async function timeTraining(stack: Stack): Promise<number> {
  const began = performance.now();
  await send(stack, 'weekly-train', { type: 'TrainRequested', cause: 'api' });
  await waitUntil(
    async () => {
      const [found] = await stack.database.select(
        z.object({ n: z.int() }),
        "SELECT COUNT(*) AS n FROM forecast_model WHERE status = 'ready'",
      );
      return found!.n > 0;
    },
    { limitMs: LIMIT_MS, what: 'a model', everyMs: POLL_MS },
  );
  return (performance.now() - began) / 1000;
}

/** The stage's queue is where its schedule sends. */
async function send({ wiring, queues }: Stack, schedule: string, message: object): Promise<void> {
  const target = wiring.schedules.find(({ name }) => name === schedule)?.targets[0];
  if (!target) throw new Error(`there is no schedule ${schedule}`);
  await queues.send(target.arn, JSON.stringify(message));
}

function reportOf(
  plans: readonly PlanTimes[],
  { days, trained, engine }: { days: number; trained: number; engine: string },
): string {
  const machine = machineFacts(engine, loadBefore);
  const figure = (value: number): string => value.toFixed(1);
  const rows = plans.map(
    ({ name, plan, forecast, restock, total, cpu, suggestions }) =>
      `| ${name} | ${[plan, forecast, restock, total, cpu].map(figure).join(' | ')} | ${suggestions} |`,
  );
  return `# Speed of a plan

Made by \`npm run bench -- plan\`. ${machine.date}, ${machine.processor}, ${machine.cores} cores, Node ${machine.node}, ${machine.engine};
load average ${figure(machine.loadBefore)} before. ${SIZE.products} products in one place, ${SIZE.weeks} weeks, ${days} days with demand
(bench/plan/simulated-shop.ts): most sell now and then. Everything runs on this machine: queues, functions, Data API and
database. Seconds from the message that asks for the plan to the last suggestion; the aim is 30. CPU is that of the process
with all functions and services, without the database's.

| forecasts | plan | forecast | restock | all | CPU | suggestions |
|---|--:|--:|--:|--:|--:|--:|
${rows.join('\n')}

Training the model of many series, which no plan waits for: ${figure(trained)} s.
`;
}
