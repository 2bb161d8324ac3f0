import type { Random } from '../../shared/core/math/random.ts';
import { importIdOf } from '../../shared/data/imports/import-id.ts';
import type { BareDataApi } from './bare-data-api.ts';
import { type AskCommand, type Command, type FileCommand, type Schedule, textOf } from './commands.ts';
import type { Operations } from './data-api-commands.ts';
import { drawRates } from './faults.ts';
import { simulationRunOf } from './plant-schedule.ts';
import type { Move } from './scheduler.ts';
import { dropOf, type HttpAnswer, type HttpRequest, World } from './world.ts';

/** A client that asks until it knows what became of its request. */
export interface Client {
  readonly command: AskCommand;
  readonly answers: HttpAnswer[];
  inFlight: number;
  isDone: boolean;
}

const MAX_PROCESSES = 4;
const FAULTY_ATTEMPTS = 4;
const SETTLING_ATTEMPTS = 20;

/** Issues the commands, delivers the messages and asks again, in the order that chance decides. */
export class Director {
  readonly world: World;
  readonly clients: Client[] = [];
  readonly counts = new Map<string, number>();
  readonly #schedule: Schedule;
  readonly #random: Random;
  #issued = 0;
  /** Commands whose time has not come. */
  #waiting: Command[] = [];
  #isSettling = false;

  constructor(
    api: BareDataApi,
    schedule: Schedule,
    random: Random,
    asked: ((api: BareDataApi) => Operations) | undefined,
  ) {
    this.#schedule = schedule;
    this.#random = random;
    this.world = new World(api, random, {
      now: schedule.startMs,
      chunkRows: schedule.chunkRows,
      moves: () => this.#moves(),
      ...(asked && { asked }),
    });
  }

  /** Until nobody has anything left to do: first in trouble, then without. */
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

  /** Asks once more for what was known when each question about stock was answered: answers that differ, in words. */
  async askAboutThePast(): Promise<readonly string[]> {
    const wrong: string[] = [];
    for (const { command, answers } of this.clients) {
      const first = answers.find(isSuccess);
      if (command.kind !== 'as of' || first === undefined) continue;
      const known = JSON.parse(first.body) as { known_at: string };
      const { product, location, day } = command;
      this.world.ask(asOfRequest(product, location, day, known.known_at), (answer) => {
        if (answer?.body !== first.body)
          wrong.push(`as of ${command.id} was ${first.body} and is ${answer?.body}`);
      });
    }
    await this.world.scheduler.run();
    return wrong;
  }

  /** What went wrong on the way, by kind. */
  faults(): ReadonlyMap<string, number> {
    const sum = new Map(this.counts);
    const { scheduler, queues } = this.world;
    for (const counts of [scheduler.counts, ...Object.values(queues).map((queue) => queue.counts)]) {
      for (const [what, n] of counts) sum.set(what, (sum.get(what) ?? 0) + n);
    }
    return sum;
  }

  /** The client of a command, once it was issued. */
  clientOf(command: AskCommand): Client | undefined {
    return this.clients.find((client) => client.command === command);
  }

  #moves(): Move[] {
    const { world } = this;
    if (world.scheduler.processes >= MAX_PROCESSES) return [];
    const moves: Move[] = [];
    const { commands } = this.#schedule;
    if (this.#issued < commands.length) {
      const command = commands[this.#issued]!;
      const issue = (): void => {
        this.#issued += 1;
        if (this.#readiness(command) === 'ready') this.#issue(command);
        else this.#waiting.push(command);
      };
      moves.push({ weight: 1.5, label: `command: ${nameOf(command)}`, run: issue });
    }
    this.#waiting = this.#waiting.filter((command) => this.#readiness(command) !== 'never');
    for (const command of this.#waiting) {
      if (this.#readiness(command) !== 'ready') continue;
      const issue = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(command), 1);
        this.#issue(command);
      };
      moves.push({ weight: 1, label: `at last: ${nameOf(command)}`, run: issue });
    }
    for (const name of ['ingest', 'simulate'] as const) {
      if (world.queues[name].waiting.length > 0)
        moves.push({ weight: 1, label: `${name} is delivered`, run: () => world.deliver(name) });
    }
    const limit = this.#isSettling ? SETTLING_ATTEMPTS : FAULTY_ATTEMPTS;
    for (const client of this.clients) {
      if (client.isDone || client.inFlight > 0 || client.answers.length >= limit) continue;
      moves.push({ weight: 1, label: `asks again: ${nameOf(client.command)}`, run: () => this.#ask(client) });
    }
    if (!this.#isSettling && moves.length > 0)
      moves.push({ weight: 0.03, label: 'the clock jumps', run: () => this.#jump() });
    return moves;
  }

  /** Whether what a command follows has happened. */
  #readiness(command: Command): 'ready' | 'not yet' | 'never' {
    if (command.kind === 'request' && command.after) {
      const before = this.clientOf(command.after);
      if (before?.isDone) return before.answers.some(isSuccess) ? 'ready' : 'never';
      return before || this.#schedule.commands.includes(command.after) ? 'not yet' : 'never';
    }
    if (command.kind === 'undo') {
      const done = this.#endOf(command.file);
      if (done !== undefined) return done === 'done' ? 'ready' : 'never';
      return this.#schedule.commands.includes(command.file) ? 'not yet' : 'never';
    }
    return 'ready';
  }

  #endOf(file: FileCommand): unknown {
    const id = importIdOf(dropOf(file.name, textOf(file)));
    return this.world.published.find(
      ({ event_type, data }) => event_type === 'import.completed' && data.importId === id,
    )?.data.status;
  }

  #issue(command: Command): void {
    const { world } = this;
    switch (command.kind) {
      case 'request':
      case 'as of': {
        const client: Client = { command, answers: [], inFlight: 0, isDone: false };
        this.clients.push(client);
        this.#ask(client);
        if (command.kind === 'request' && command.twice) this.#ask(client);
        return;
      }
      case 'file':
        world.drop(command.name, textOf(command));
        return;
      case 'undo':
        world.queues.ingest.send({
          type: 'ImportUndoRequested',
          importId: importIdOf(dropOf(command.file.name, textOf(command.file))),
          actor: 'ada',
          reason: 'wrong file',
        });
        return;
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

  #ask(client: Client): void {
    client.inFlight += 1;
    this.world.ask(this.#requestOf(client.command), (answer) => {
      client.inFlight -= 1;
      const isLost = !this.#isSettling && answer !== undefined && this.#random.integer(30) === 0;
      if (isLost) this.#count('answer lost on its way to the client');
      client.answers.push(isLost ? undefined : answer);
      client.isDone = isSettled(client, this.#isSettling);
    });
  }

  #requestOf(command: AskCommand): HttpRequest {
    if (command.kind === 'as of') return asOfRequest(command.product, command.location, command.day);
    const { path, body, key, after } = command;
    const before = after && this.clientOf(after)?.answers.find(isSuccess);
    const logId = path.includes('{log_id}') ? logIdOf(before!.body, after!.id) : '';
    return { method: 'POST', path: path.replace('{log_id}', logId), body, key };
  }

  #jump(): void {
    const hours = [-25, -1, 1, 23, 0.5, -0.5][this.#random.integer(6)]!;
    this.world.scheduler.now += hours * 3_600_000;
    this.#count(`clock jumps ${hours < 0 ? 'backwards' : 'forwards'}`);
  }

  #count(what: string): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + 1);
  }
}

/** The question about stock on a day, as known now or at another time. */
export function asOfRequest(product: string, location: string, day: string, knownAt?: string): HttpRequest {
  const query = new URLSearchParams({ product_id: product, location_id: location, effective_at: day });
  if (knownAt !== undefined) query.set('known_at', knownAt);
  return { method: 'GET', path: '/ledger/as-of', query: query.toString() };
}

/** The number of the movement in the answer that booked it. */
function logIdOf(body: string, id: string): string {
  const { data } = JSON.parse(body) as { data: { movement_key: string; log_id: number }[] };
  return String(data.find(({ movement_key }) => movement_key === `movement:${id}`)!.log_id);
}

export const isSuccess = (answer: HttpAnswer): answer is NonNullable<HttpAnswer> =>
  answer !== undefined && answer.status < 300;

/** An answer that settles the matter: not a failure, and no conflict that asks to try again. */
export function isDefinite(answer: HttpAnswer): answer is NonNullable<HttpAnswer> {
  return answer !== undefined && answer.status < 500 && !answer.body.includes('try again');
}

/** A client that once got no answer believes only a success, until the trouble is over. */
function isSettled({ answers }: Client, isSettling: boolean): boolean {
  const last = answers.at(-1);
  if (!isDefinite(last)) return false;
  return isSuccess(last) || isSettling || answers.every(isDefinite);
}

function nameOf(command: Command): string {
  switch (command.kind) {
    case 'request':
      return `${command.what} ${command.id}${command.key ? ' with key' : ''}${command.twice ? ' twice' : ''}`;
    case 'as of':
      return `stock of ${command.product} at ${command.location} on ${command.day}`;
    case 'file':
      return `file ${command.name} (${command.header.split(',')[0]}, ${command.lines.length} lines)`;
    case 'undo':
      return `undo ${command.file.name}`;
    case 'simulate':
      return `simulate ${command.id} for ${command.days} days`;
    case 'poison':
      return 'poison';
  }
}
