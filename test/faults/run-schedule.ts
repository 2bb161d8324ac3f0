import { createHash } from 'node:crypto';
import type { Random } from '../../shared/core/math/random.ts';
import { seededRandom, seedOf } from '../../shared/core/math/random.ts';
import type { BareDataApi } from './bare-data-api.ts';
import { checkSchedule } from './check-schedule.ts';
import { type Command, makeSchedule, type OrderCommand, type Schedule, textOf } from './commands.ts';
import type { Operations } from './data-api-commands.ts';
import { drawRates } from './faults.ts';
import { plainDatabase } from './faulty-database.ts';
import { plantSchedule, simulationRunOf } from './plant-schedule.ts';
import type { Move } from './scheduler.ts';
import { etagOf, type HttpAnswer, World } from './world.ts';

/** A client that asks for an order until it knows what became of it. */
export interface OrderClient {
  readonly command: OrderCommand;
  readonly answers: HttpAnswer[];
  inFlight: number;
  isDone: boolean;
}

export interface RunOptions {
  readonly seed: number;
  /** Another run of the same seed in the same database needs another. */
  readonly run?: number;
  /** Commands to leave out, by their number. */
  readonly without?: ReadonlySet<number>;
  /** Chance of the scheduler, when it shall differ from the seed's. */
  readonly luck?: number;
  readonly asked?: (api: BareDataApi) => Operations;
}

/** What a schedule came to. */
export interface Outcome {
  readonly seed: number;
  readonly schedule: Schedule;
  readonly violations: readonly string[];
  readonly trace: readonly string[];
  /** The same for the same seed, whatever the run. */
  readonly traceHash: string;
  /** What went wrong on the way, by kind. */
  readonly faults: ReadonlyMap<string, number>;
  readonly steps: number;
}

const MAX_PROCESSES = 4;
const FAULTY_ATTEMPTS = 4;
const SETTLING_ATTEMPTS = 20;

/** Runs the schedule of a seed with its faults, lets everything settle, and checks what must be true then. */
export async function runSchedule(api: BareDataApi, options: RunOptions): Promise<Outcome> {
  const { seed } = options;
  const namespace =
    `Q${(seed % 36 ** 6).toString(36).padStart(6, '0')}${(options.run ?? 0).toString(36).padStart(2, '0')}`.toUpperCase();
  const made = makeSchedule(seededRandom(seedOf(seed, 'commands')), seed, namespace);
  const schedule = { ...made, commands: made.commands.filter((_, n) => !options.without?.has(n)) };
  const database = plainDatabase(api);
  // a schedule before it that broke may have left something
  await api.endAll();
  await database.write('DELETE FROM outbox');
  await plantSchedule(database, schedule);
  const director = new Director(
    api,
    schedule,
    seededRandom(seedOf(seed, `luck ${options.luck ?? 0}`)),
    options.asked,
  );
  const violations: string[] = [];
  try {
    await director.run();
    violations.push(...(await checkSchedule(database, schedule, director)));
  } catch (error) {
    violations.push(`it broke: ${error instanceof Error ? error.stack : error}`);
  }
  const trace = director.world.scheduler.trace.map((line) => line.replaceAll(namespace, ''));
  return {
    seed,
    schedule,
    violations,
    trace,
    traceHash: createHash('sha256').update(trace.join('\n')).digest('hex').slice(0, 16),
    faults: director.faults(),
    steps: trace.length,
  };
}

/** Issues the commands, delivers the messages and asks again, in the order that chance decides. */
class Director {
  readonly world: World;
  readonly clients: OrderClient[] = [];
  readonly #schedule: Schedule;
  readonly #random: Random;
  #issued = 0;
  #isSettling = false;
  #counts = new Map<string, number>();

  constructor(api: BareDataApi, schedule: Schedule, random: Random, asked: RunOptions['asked']) {
    this.#schedule = schedule;
    this.#random = random;
    this.world = new World(api, random, {
      now: schedule.startMs,
      chunkRows: schedule.chunkRows,
      moves: () => this.#moves(),
      ...(asked && { asked }),
    });
  }

  async run(): Promise<void> {
    const { scheduler, queues } = this.world;
    scheduler.faultRates = drawRates(this.#random);
    await scheduler.run();
    scheduler.trace.push('the trouble is over');
    scheduler.faultRates = undefined;
    this.#isSettling = true;
    for (const queue of Object.values(queues)) {
      queue.isFaulty = false;
      queue.redrive();
    }
    await scheduler.run();
    this.world.publishLeftovers();
    await scheduler.run();
  }

  faults(): ReadonlyMap<string, number> {
    const sum = new Map(this.#counts);
    const { scheduler, queues } = this.world;
    for (const counts of [scheduler.counts, ...Object.values(queues).map((queue) => queue.counts)]) {
      for (const [what, n] of counts) sum.set(what, (sum.get(what) ?? 0) + n);
    }
    return sum;
  }

  #moves(): Move[] {
    const { world } = this;
    if (world.scheduler.processes >= MAX_PROCESSES) return [];
    const moves: Move[] = [];
    if (this.#issued < this.#schedule.commands.length) {
      const command = this.#schedule.commands[this.#issued]!;
      moves.push({
        weight: 1.5,
        label: `command: ${nameOf(command)}`,
        run: () => {
          this.#issued += 1;
          this.#issue(command);
        },
      });
    }
    for (const name of ['ingest', 'simulate'] as const) {
      if (world.queues[name].waiting.length > 0)
        moves.push({ weight: 1, label: `${name} is delivered`, run: () => world.deliver(name) });
    }
    const limit = this.#isSettling ? SETTLING_ATTEMPTS : FAULTY_ATTEMPTS;
    for (const client of this.clients) {
      if (client.isDone || client.inFlight > 0 || client.answers.length >= limit) continue;
      moves.push({ weight: 1, label: `asks again: ${client.command.id}`, run: () => this.#ask(client) });
    }
    if (!this.#isSettling && moves.length > 0)
      moves.push({ weight: 0.03, label: 'the clock jumps', run: () => this.#jump() });
    return moves;
  }

  #issue(command: Command): void {
    const { world } = this;
    switch (command.kind) {
      case 'order': {
        const client: OrderClient = { command, answers: [], inFlight: 0, isDone: false };
        this.clients.push(client);
        this.#ask(client);
        if (command.twice) this.#ask(client);
        return;
      }
      case 'file': {
        const bytes = Buffer.from(textOf(command));
        const key = `drop/${command.name}.csv`;
        world.objects.set(key, bytes);
        world.queues.ingest.send({
          Records: [
            { s3: { bucket: { name: 'files' }, object: { key, size: bytes.length, eTag: etagOf(bytes) } } },
          ],
        });
        return;
      }
      case 'simulate':
        world.queues.simulate.send({
          type: 'SimulateRequested',
          simulationId: command.id,
          seed: this.#schedule.seed,
          startDate: '2011-12-10',
          days: command.days,
          runId: simulationRunOf(this.#schedule.namespace),
        });
        return;
      case 'poison':
        world.queues[this.#random.integer(2) === 0 ? 'ingest' : 'simulate'].sendText(command.body);
    }
  }

  #ask(client: OrderClient): void {
    const { id, product, quantity, price, date, key } = client.command;
    const body = {
      id,
      product_id: product,
      quantity,
      unit_price: price / 100,
      ...(date && { order_date: date }),
    };
    client.inFlight += 1;
    this.world.ask({ method: 'POST', path: '/orders', body, key }, (answer) => {
      client.inFlight -= 1;
      const isLost = !this.#isSettling && answer !== undefined && this.#random.integer(30) === 0;
      if (isLost) this.#count('answer lost on its way to the client');
      client.answers.push(isLost ? undefined : answer);
      client.isDone = isSettled(client, this.#isSettling);
    });
  }

  #jump(): void {
    const hours = [-25, -1, 1, 23, 0.5, -0.5][this.#random.integer(6)]!;
    this.world.scheduler.now += hours * 3_600_000;
    this.#count(`clock jumps ${hours < 0 ? 'backwards' : 'forwards'}`);
  }

  #count(what: string): void {
    this.#counts.set(what, (this.#counts.get(what) ?? 0) + 1);
  }
}

/** An answer that settles the matter: not a failure, and no conflict that asks to try again. */
export function isDefinite(answer: HttpAnswer): answer is NonNullable<HttpAnswer> {
  return answer !== undefined && answer.status < 500 && !answer.body.includes('try again');
}

/** A client that once got no answer believes only a success, until the trouble is over. */
function isSettled({ answers }: OrderClient, isSettling: boolean): boolean {
  const last = answers.at(-1);
  if (!isDefinite(last)) return false;
  return last.status < 300 || isSettling || answers.every(isDefinite);
}

const nameOf = (command: Command): string => {
  switch (command.kind) {
    case 'order':
      return `order ${command.id} of ${command.quantity} ${command.product}${command.key ? ' with key' : ''}${command.twice ? ' twice' : ''}`;
    case 'file':
      return `file ${command.name} (${command.header.split(',')[0]}, ${command.lines.length} lines)`;
    case 'simulate':
      return `simulate ${command.id} for ${command.days} days`;
    case 'poison':
      return 'poison';
  }
};

export type { Director };
