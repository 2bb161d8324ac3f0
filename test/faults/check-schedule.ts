import * as z from 'zod';
import { salesOfDay } from '../../functions/simulate/sales-of-day.ts';
import { type MovementType, movementFault } from '../../shared/core/inventory/movement-types.ts';
import { readOutlooks } from '../../shared/data/forecasts/forecast-store.ts';
import { importIdOf } from '../../shared/data/imports/import-id.ts';
import { checkPromises } from '../../shared/data/ledger/invariants.ts';
import { type Database, json } from '../../shared/data/sql/database.ts';
import { type Effect, type FileCommand, type Schedule, textOf } from './commands.ts';
import { type Director, isDefinite, isSuccess } from './director.ts';
import { simulationRunOf } from './plant-schedule.ts';
import { dropOf } from './world.ts';

const Movement = z.object({
  log_id: z.int(),
  product_id: z.string(),
  warehouse: z.string(),
  date: z.string(),
  quantity_change: z.int(),
  stock_level: z.int(),
  change_type: z.string(),
  reason: z.string().nullable(),
  actor: z.string(),
  movement_key: z.string(),
});
type Movement = z.infer<typeof Movement>;

/** What must be true of a product's movements, by key. */
type Expected = Map<string, Effect>;

/** Compares what a settled schedule left with what its commands must have done: every difference in words. */
export async function checkSchedule(
  database: Database,
  schedule: Schedule,
  director: Director,
): Promise<string[]> {
  const { namespace } = schedule;
  const range = { after: namespace, upTo: `${namespace}~` };
  const wrong: string[] = [];
  for (const subject of ['products', 'orders'] as const) {
    for (const { promise, count, examples } of await checkPromises(database, subject, range)) {
      if (count > 0) wrong.push(`${promise}: ${count} times not, such as ${examples[0]}`);
    }
  }
  const movements = await database.select(
    Movement,
    `SELECT log_id, product_id, warehouse, CAST(date AS CHAR) AS date, quantity_change, stock_level, change_type,
            reason, actor, movement_key
       FROM inventory_log
      WHERE product_id > :after AND product_id <= :upTo
      ORDER BY log_id`,
    range,
  );
  wrong.push(...checkChain(movements, schedule));
  const keys = new Set(movements.map(({ movement_key }) => movement_key));
  const expected = expectedOfFiles(schedule);
  for (const { id, opening } of schedule.products) {
    if (opening > 0) expected.set(`opening:${id}`, { key: `opening:${id}`, product: id, change: opening });
  }
  for (const [key, fact] of await expectedOfSimulations(database, schedule)) expected.set(key, fact);
  const jobs = await jobsOf(database, schedule);
  wrong.push(...checkUndone(schedule, jobs, expected));
  wrong.push(...checkRequests(director, keys, expected));
  wrong.push(...(await checkReservations(database, namespace, director)));
  wrong.push(...checkKeys(movements, expected));
  wrong.push(...checkImports(schedule, director, movements, jobs));
  wrong.push(...(await checkMessages(database, schedule, director, expected)));
  return wrong;
}

/** Shortages cover what is missing and no more; levels are what the changes make; every movement says why and by whom. */
function checkChain(movements: readonly Movement[], { products }: Schedule): string[] {
  const wrong: string[] = [];
  const levels = new Map<string, number>();
  const open = new Map<string, { readonly of: string; readonly units: number; readonly before: number }>();
  const backorders = new Set(products.filter((product) => product.backorders).map(({ id }) => id));
  for (const movement of movements) {
    const { movement_key: key, quantity_change: change } = movement;
    const product = `${movement.product_id} at ${movement.warehouse}`;
    const before = levels.get(product) ?? 0;
    const level = before + change;
    if (level !== movement.stock_level)
      wrong.push(`${key}: level ${movement.stock_level} instead of ${level}`);
    if (level < 0 && !backorders.has(movement.product_id)) wrong.push(`${key}: the level falls to ${level}`);
    levels.set(product, level);
    const shortage = open.get(product);
    open.delete(product);
    if (shortage && (shortage.of !== key || level !== 0))
      wrong.push(
        `${shortage.of}: a shortage of ${shortage.units} at ${shortage.before} is followed by ${key} at ${level}`,
      );
    if (/^(?!reversal:).*:shortage$/.test(key))
      open.set(product, { of: key.slice(0, -9), units: change, before });
    const fault = movementFault(movement.change_type as MovementType, change, movement.reason);
    if (fault) wrong.push(`${key}: ${fault.field} ${fault.reason}`);
    if (movement.actor === '') wrong.push(`${key}: nobody did it`);
  }
  return wrong;
}

function expectedOfFiles({ commands }: Schedule): Expected {
  const expected: Expected = new Map();
  for (const command of commands) {
    if (command.kind !== 'file') continue;
    for (const { movements } of command.lines) for (const fact of movements) expected.set(fact.key, fact);
  }
  return expected;
}

async function expectedOfSimulations(database: Database, schedule: Schedule): Promise<Expected> {
  const expected: Expected = new Map();
  const simulations = schedule.commands.filter((command) => command.kind === 'simulate');
  if (simulations.length === 0) return expected;
  const runId = simulationRunOf(schedule.namespace);
  const outlooks = await readOutlooks(database, runId, undefined, 100);
  for (const { id, days } of simulations) {
    for (let day = 0; day < days; day++) {
      const simulation = { simulationId: id, seed: schedule.seed, startDate: '2011-12-10', day };
      for (const fact of salesOfDay(outlooks, simulation).movements)
        expected.set(fact.key, { key: fact.key, product: fact.productId, change: fact.quantityChange });
    }
  }
  return expected;
}

/** An import that was taken back is so as a whole: each of its movements has its reversal. */
function checkUndone({ commands }: Schedule, jobs: Jobs, expected: Expected): string[] {
  const wrong: string[] = [];
  for (const command of commands) {
    if (command.kind !== 'undo') continue;
    const job = jobs.get(idOf(command.file));
    if (job?.status === 'undoing') wrong.push(`the undo of ${command.file.name} has not ended`);
    if (job?.status !== 'undone') continue;
    for (const { movements } of command.file.lines) {
      for (const { key, product, change } of movements)
        expected.set(`reversal:${key}`, { key: `reversal:${key}`, product, change: -change });
    }
  }
  return wrong;
}

/** A success has its effect, a refusal none; where no answer came either may be, and it was asked until one did. */
function checkRequests({ clients }: Director, keys: ReadonlySet<string>, expected: Expected): string[] {
  const wrong: string[] = [];
  for (const { command, answers } of clients) {
    const name = `${command.kind === 'request' ? command.what : 'as of'} ${command.id}`;
    const told = answers.map((answer) => answer?.status ?? '-').join(' ');
    if (!answers.some(isDefinite)) wrong.push(`${name} was never answered: ${told}`);
    if (command.kind !== 'request' || command.effect.length === 0) continue;
    const successes = answers.filter(isSuccess);
    const there = command.effect.filter(({ key }) => keys.has(key)).length;
    const isThere = there > 0;
    if (isThere && there < command.effect.length) wrong.push(`${name} is there in part`);
    if (isThere) for (const fact of command.effect) expected.set(fact.key, fact);
    if (successes.length > 0 && !isThere) wrong.push(`${name} succeeded (${told}) and is not there`);
    if (isThere && successes.length === 0)
      wrong.push(`${name} is there and its client does not know: ${told}`);
    const bodies = new Set(successes.map(({ body }) => body));
    // a cancellation is told as the order is, which may have changed since
    if (command.key !== undefined && command.what !== 'cancel' && bodies.size > 1)
      wrong.push(`${name} was answered differently under one key`);
    if (command.key === undefined && successes.filter(({ status }) => status === 201).length > 1)
      wrong.push(`${name} was made twice: ${told}`);
  }
  return wrong;
}

const Held = z.object({ reservation_id: z.string(), status: z.string() });

/** What was promised is kept until it is given back. */
async function checkReservations(
  database: Database,
  namespace: string,
  { clients }: Director,
): Promise<string[]> {
  const wrong: string[] = [];
  const rows = await database.select(
    Held,
    `SELECT reservation_id, status FROM reservation WHERE reservation_id LIKE CONCAT(:namespace, '%')`,
    { namespace },
  );
  const held = new Map(rows.map((row) => [row.reservation_id, row.status]));
  for (const { command, answers } of clients) {
    if (command.kind !== 'request') continue;
    const told = answers.map((answer) => answer?.status ?? '-').join(' ');
    const isDone = answers.some(isSuccess);
    const status = held.get(command.id);
    if (command.what === 'reserve' && isDone !== (status !== undefined))
      wrong.push(`reservation ${command.id} is ${status}: ${told}`);
    if (command.what === 'release' && isDone !== (status === 'released'))
      wrong.push(`reservation ${command.id} was released (${told}) and is ${status}`);
  }
  return wrong;
}

/** The ledger holds each expected movement once, and nothing else but shortages, their reversals, and counts. */
function checkKeys(movements: readonly Movement[], expected: Expected): string[] {
  const wrong: string[] = [];
  const missing = new Map(expected);
  for (const { movement_key, product_id, quantity_change } of movements) {
    if (/:shortage$|^(reversal:)+#|^count:/.test(movement_key)) continue;
    const key = missing.has(movement_key) ? movement_key : withoutContent(movement_key);
    const fact = missing.get(key);
    missing.delete(key);
    if (!fact) wrong.push(`${movement_key} is in the ledger and nobody asked for it`);
    else if (fact.product !== product_id || fact.change !== quantity_change)
      wrong.push(
        `${movement_key} moves ${quantity_change} of ${product_id} instead of ${fact.change} of ${fact.product}`,
      );
  }
  for (const key of missing.keys()) wrong.push(`${key} is not in the ledger`);
  return wrong;
}

/** `sale:INVOICE:hash` without the hash. */
const withoutContent = (key: string): string => key.replace(/^(sale|return):([^:]+):.*$/, '$1:$2:');

const Job = z.object({
  import_id: z.string(),
  status: z.string(),
  total_rows: z.int(),
  imported_rows: z.int(),
  duplicate_rows: z.int(),
  rejected_rows: z.int(),
  rejects_key: z.string().nullable(),
});

type Jobs = ReadonlyMap<string, z.infer<typeof Job>>;

const idOf = (file: FileCommand): string => importIdOf(dropOf(file.name, textOf(file)));

async function jobsOf(database: Database, { commands }: Schedule): Promise<Jobs> {
  const ids = commands.flatMap((command) => (command.kind === 'file' ? [idOf(command)] : []));
  const jobs = await database.select(
    Job,
    `SELECT import_id, status, total_rows, imported_rows, duplicate_rows, rejected_rows, rejects_key
       FROM import_job
      WHERE import_id IN (SELECT j.id FROM JSON_TABLE(:ids, '$[*]' COLUMNS (id CHAR(22) PATH '$')) AS j)`,
    { ids: json(ids) },
  );
  return new Map(jobs.map((job) => [job.import_id, job]));
}

function checkImports(
  { commands }: Schedule,
  { world }: Director,
  movements: readonly Movement[],
  jobs: Jobs,
): string[] {
  const wrong: string[] = [];
  const files = commands.filter((command) => command.kind === 'file');
  const undone = new Set(commands.flatMap((command) => (command.kind === 'undo' ? [command.file.name] : [])));
  for (const file of files) {
    const job = jobs.get(idOf(file));
    const tell = (what: string): void => void wrong.push(`import of ${file.name}: ${what}`);
    if (!job) {
      tell('was never begun');
      continue;
    }
    const twins = files.filter((other) => textOf(other) === textOf(file));
    const done = undone.has(file.name) ? ['done', 'undone'] : ['done'];
    const expectedStatus = file.isHopeless ? ['failed'] : twins.length > 1 ? ['done', 'duplicate'] : done;
    if (!expectedStatus.includes(job.status)) tell(`ended as ${job.status}`);
    if (job.status !== 'done') continue;
    const bad = file.lines.flatMap(({ isBad }, i) => (isBad ? [i + 2] : []));
    if (job.total_rows !== file.lines.length) tell(`${job.total_rows} rows instead of ${file.lines.length}`);
    if (job.rejected_rows !== bad.length) tell(`${job.rejected_rows} rejects instead of ${bad.length}`);
    if (job.imported_rows + job.duplicate_rows + job.rejected_rows !== job.total_rows)
      tell('its counts do not add up');
    const report = job.rejects_key === null ? undefined : world.objects.get(job.rejects_key)?.toString();
    const told = (report ?? '')
      .split('\n')
      .slice(1)
      .filter(Boolean)
      .map((line) => Number(line.split(',')[0]));
    if (told.join() !== bad.join()) tell(`reports the rejects ${told} instead of ${bad}`);
    wrong.push(...checkCounts(file, job.import_id, movements));
  }
  return wrong;
}

/** A count makes the level of its time what was counted, as known when it was booked. */
function checkCounts(file: FileCommand, importId: string, movements: readonly Movement[]): string[] {
  const wrong: string[] = [];
  for (const { line, product, quantity, date } of file.counts) {
    const key = `count:${importId}:${line}`;
    const at = movements.findIndex(({ movement_key }) => movement_key === key);
    if (at === -1) continue;
    const known = movements
      .slice(0, at + 1)
      .filter((one) => one.product_id === product && one.warehouse === 'MAIN')
      .filter((one) => one.date.slice(0, 10) < date || one.date.startsWith(`${date} 00:00:00`));
    const sum = (list: readonly Movement[]) => list.reduce((total, one) => total + one.quantity_change, 0);
    // what was missing to book the count is no part of what was found
    const level = sum(known.filter((one) => one.movement_key !== `${key}:shortage`));
    if (level !== quantity)
      wrong.push(`${key} of ${file.name}: level ${level} instead of the ${quantity} counted`);
  }
  return wrong;
}

const Left = z.object({ what: z.string(), n: z.coerce.number() });

/** Everything that happened was announced, and nothing is left half done. */
async function checkMessages(
  database: Database,
  { namespace, commands }: Schedule,
  { world, clients }: Director,
  expected: Expected,
): Promise<string[]> {
  const wrong: string[] = [];
  const rows = await database.select(
    Left,
    `SELECT 'events in the outbox' AS what, COUNT(*) AS n FROM outbox
      UNION ALL
     SELECT 'claims without an answer', COUNT(*) FROM idempotency
      WHERE username = 'ada' AND idempotency_key LIKE CONCAT(:namespace, '%') AND status_code = 0`,
    { namespace },
  );
  for (const { what, n } of rows) if (n > 0) wrong.push(`${n} ${what}`);
  const told = new Map<string, Set<string>>();
  for (const { event_type, event_id, data } of world.published) {
    const id = `${event_type} ${data.orderId ?? data.importId ?? data.simulationId ?? ''}`;
    told.set(id, (told.get(id) ?? new Set()).add(event_id));
  }
  const mustBeTold = (id: string): void => {
    const events = told.get(id)?.size ?? 0;
    if (events !== 1) wrong.push(`${id} was announced as ${events} events`);
  };
  for (const { command } of clients) {
    if (command.kind !== 'request' || command.what !== 'order') continue;
    if (expected.has(`sale:${command.id}:1`)) mustBeTold(`order.created ${command.id}`);
    else if (told.has(`order.created ${command.id}`))
      wrong.push(`${command.id} was announced and is not there`);
  }
  for (const command of commands)
    if (command.kind === 'simulate') mustBeTold(`simulation.completed ${command.id}`);
  for (const queue of Object.values(world.queues)) {
    const poison = new Set(commands.flatMap((command) => (command.kind === 'poison' ? [command.body] : [])));
    const left = [...queue.dead, ...queue.waiting, ...queue.lost].filter(({ body }) => !poison.has(body));
    for (const { body } of left) wrong.push(`message ${body} was never done`);
  }
  return wrong;
}
