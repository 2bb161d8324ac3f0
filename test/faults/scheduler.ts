import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '../../shared/core/math/random.ts';
import { isLockConflict } from '../../shared/data/sql/data-api-errors.ts';
import type { Transaction } from './bare-data-api.ts';
import { dataApiFault } from './bare-data-api.ts';
import { drawFault, type Fault, type FaultRates, type StepKind } from './faults.ts';

/** An invocation of a function: it runs alone until its next step, and may die there. */
export interface Process {
  readonly name: string;
  isAlive: boolean;
  readonly transactions: Set<Transaction>;
}

/** How a process ended. */
export type Ending<T> = { readonly value: T } | { readonly error: unknown } | 'crashed';

/** One thing that a process asks of the world. */
export interface StepWork {
  readonly kind: StepKind;
  readonly label: string;
  perform(): Promise<unknown>;
  /** Of a statement in a transaction. */
  readonly transaction?: Transaction;
}

interface Step extends StepWork {
  readonly process: Process;
  resolve(value: unknown): void;
  reject(error: unknown): void;
  /** It met a lock when so many transactions had ended. */
  waitsSince?: number;
}

/** Something that may happen besides the next step of a process. */
export interface Move {
  readonly weight: number;
  readonly label: string;
  run(): void;
}

/** What the scheduler asks about the world around the processes. */
export interface Surroundings {
  moves(): readonly Move[];
  rollback(transaction: Transaction): Promise<void>;
  /** The server chose this one to end a deadlock. */
  restart(transaction: Transaction): Promise<void>;
}

const STEP_WEIGHT = 4;
const ORPHAN_WEIGHT = 0.5;
/** Of a lock that is held: the chance that the wait for it ends without it. */
const WAIT_ENDS = 0.1;
const MAX_STEPS = 20_000;
/** So many faults are enough for one schedule; after them it must come to its end. */
const MAX_FAULTS = 40;
const LONGEST_RUN = 4;
/** Pauses while only the server itself holds a lock, and how many of them in a row. */
const GRACE_MS = 50;
const MOST_GRACE = 200;

/**
 * Lets one process take one step at a time, in an order that chance decides, and decides what goes wrong in it. The
 * same chance makes the same run: `trace` tells what happened, without anything that differs from run to run.
 */
export class Scheduler {
  readonly trace: string[] = [];
  readonly counts = new Map<string, number>();
  /** Milliseconds of the functions' clock. */
  now: number;
  faultRates: FaultRates | undefined;
  readonly #random: Random;
  readonly #surroundings: Surroundings;
  #steps: Step[] = [];
  readonly #orphans: Transaction[] = [];
  readonly #awake = new Set<Process>();
  readonly #alive = new Set<Process>();
  #whenAsleep: (() => void) | undefined;
  /** Transactions that have ended: a lock can only be free again after one more. */
  #ended = 0;
  #faults = 0;
  #refusals: { fault: 'throttled' | 'resuming'; left: number } | undefined;

  constructor(random: Random, now: number, surroundings: Surroundings) {
    this.#random = random;
    this.now = now;
    this.#surroundings = surroundings;
  }

  get processes(): number {
    return this.#alive.size;
  }

  /** Starts a process; `onEnd` is told once how it ended. */
  start<T>(name: string, run: (process: Process) => Promise<T>, onEnd: (ending: Ending<T>) => void): void {
    const process: Process = { name, isAlive: true, transactions: new Set() };
    this.#alive.add(process);
    this.#awake.add(process);
    this.#onCrash.set(process, () => onEnd('crashed'));
    const end = (ending: Ending<T>): void => {
      if (!process.isAlive) return;
      process.isAlive = false;
      this.#alive.delete(process);
      // what it left open ends when the server has waited long enough
      this.#orphans.push(...process.transactions);
      this.#note(
        `${name} ends ${typeof ending === 'object' && 'error' in ending ? `with ${ending.error}` : ''}`,
      );
      onEnd(ending);
      this.#sleeps(process);
    };
    run(process).then(
      (value) => end({ value }),
      (error: unknown) => end({ error }),
    );
  }

  #grace = 0;
  readonly #onCrash = new Map<Process, () => void>();

  /** A step of a process; it is taken when its turn comes. A process that is dead never hears of it. */
  step<T>(process: Process, work: StepWork & { perform(): Promise<T> }): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      if (!process.isAlive) return;
      this.#steps.push({ ...work, process, resolve: resolve as (value: unknown) => void, reject });
      this.#sleeps(process);
    });
  }

  /** Runs until nobody has anything left to do. */
  async run(): Promise<void> {
    for (let steps = 0; ; steps++) {
      if (steps > MAX_STEPS) throw new Error('the schedule does not come to its end');
      await this.#allAsleep();
      // Who waits for a lock comes before whoever asks later, as the server's queues have it.
      const due = this.#steps.find(
        ({ waitsSince }) => waitsSince !== undefined && waitsSince !== this.#ended,
      );
      if (due) {
        await this.#take(due);
        continue;
      }
      const ready = this.#steps.filter(({ waitsSince }) => waitsSince !== this.#ended);
      const moves = this.#surroundings.moves();
      if (ready.length === 0 && moves.length === 0) {
        if (this.#orphans.length > 0) await this.#endOrphan();
        else if (this.#steps.length > 0) await this.#endDeadlock();
        else return;
        continue;
      }
      const orphanWeight = this.#orphans.length > 0 ? ORPHAN_WEIGHT : 0;
      const moveWeight = moves.reduce((sum, { weight }) => sum + weight, 0);
      let draw = this.#random.uniform() * (ready.length * STEP_WEIGHT + moveWeight + orphanWeight);
      if (draw < ready.length * STEP_WEIGHT) {
        await this.#take(ready[Math.floor(draw / STEP_WEIGHT)]!);
        continue;
      }
      draw -= ready.length * STEP_WEIGHT;
      const move = moves.find(({ weight }) => {
        draw -= weight;
        return draw < 0;
      });
      if (move) {
        this.#note(move.label);
        move.run();
      } else if (this.#orphans.length > 0) await this.#endOrphan();
    }
  }

  /** Ends a process at once: nothing of it goes on, and its transactions stay open for a while. */
  crash(process: Process): void {
    process.isAlive = false;
    this.#alive.delete(process);
    this.#steps = this.#steps.filter((step) => step.process !== process);
    this.#orphans.push(...process.transactions);
    this.#note(`${process.name} is killed`);
    this.#onCrash.get(process)!();
  }

  async #take(step: Step): Promise<void> {
    const { process, kind } = step;
    this.now += 1 + this.#random.integer(20);
    const fault = this.#draw(kind);
    const take = (): void => {
      this.#steps.splice(this.#steps.indexOf(step), 1);
      this.#awake.add(process);
    };
    const tell = (outcome: string): void => this.#note(`${process.name} ${step.label}: ${outcome}`);
    if (fault) {
      this.#count(fault);
      tell(fault.toUpperCase());
    }
    if (fault === 'crash before') return this.crash(process);
    if (fault && fault !== 'crash after' && fault !== 'answer lost') {
      if (step.transaction && fault === 'deadlock') await this.#surroundings.restart(step.transaction);
      if (step.transaction && fault === 'transaction lost') {
        await this.#surroundings.rollback(step.transaction);
        process.transactions.delete(step.transaction);
      }
      if (fault === 'deadlock' || fault === 'transaction lost') this.#ended++;
      take();
      return step.reject(errorOf(fault, kind));
    }
    let value: unknown;
    try {
      value = await step.perform();
    } catch (error) {
      if (isLockConflict(error)) {
        this.#count('lock met');
        if (this.faultRates === undefined || this.#random.uniform() >= WAIT_ENDS) {
          tell('waits for a lock');
          step.waitsSince = this.#ended;
          return;
        }
        this.#count('lock wait timeout');
      }
      tell(`fails: ${error instanceof Error ? error.message.slice(0, 160) : error}`);
      take();
      return step.reject(error);
    }
    if (kind === 'commit' || kind === 'rollback' || kind === 'write') this.#ended++;
    if (fault === 'crash after') return this.crash(process);
    take();
    if (fault === 'answer lost') return step.reject(errorOf(fault, kind));
    tell(resultOf(value));
    step.resolve(value);
  }

  #draw(kind: StepKind): Fault | undefined {
    if (this.faultRates === undefined || this.#faults >= MAX_FAULTS) return undefined;
    const isStatement = kind === 'begin' || kind === 'read' || kind === 'write';
    if (this.#refusals && isStatement) {
      const { fault } = this.#refusals;
      this.#refusals.left--;
      if (this.#refusals.left === 0) this.#refusals = undefined;
      return fault;
    }
    const fault = drawFault(this.#random, this.faultRates, kind);
    if (fault) this.#faults++;
    if ((fault === 'throttled' || fault === 'resuming') && isStatement) {
      const left = this.#random.integer(LONGEST_RUN);
      if (left > 0) this.#refusals = { fault, left };
    }
    return fault;
  }

  async #endOrphan(): Promise<void> {
    const [orphan] = this.#orphans.splice(this.#random.integer(this.#orphans.length), 1);
    this.#note('a transaction that nobody ended is rolled back');
    this.#count('transaction left open');
    await this.#surroundings.rollback(orphan!);
    this.#ended++;
  }

  /** Everybody waits for a lock of another: the server picks one and undoes it. */
  async #endDeadlock(): Promise<void> {
    const victims = this.#steps.filter(({ transaction }) => transaction !== undefined);
    const victim = victims[this.#random.integer(victims.length)];
    if (!victim) return await this.#letServerFinish();
    this.#grace = 0;
    this.#note(`${victim.process.name} ${victim.label}: is the victim of a deadlock`);
    this.#count('deadlock of processes');
    await this.#surroundings.restart(victim.transaction!);
    this.#ended++;
    this.#steps.splice(this.#steps.indexOf(victim), 1);
    this.#awake.add(victim.process);
    victim.reject(errorOf('deadlock', 'write in transaction'));
  }

  /** Nobody of ours holds a lock: the server itself does, until it has undone or purged what was ended before. */
  async #letServerFinish(): Promise<void> {
    this.#grace += 1;
    if (this.#grace > MOST_GRACE) throw new Error('everybody waits, and nobody holds anything');
    await sleep(GRACE_MS);
    this.#ended++;
  }

  #note(line: string): void {
    this.trace.push(line);
  }

  #count(what: string): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + 1);
  }

  #sleeps(process: Process): void {
    this.#awake.delete(process);
    if (this.#awake.size === 0) this.#whenAsleep?.();
  }

  /** Waits until every living process waits for its next step, or has ended. */
  async #allAsleep(): Promise<void> {
    if (this.#awake.size > 0) {
      await new Promise<void>((resolve) => {
        this.#whenAsleep = resolve;
      });
      this.#whenAsleep = undefined;
    }
  }
}

function resultOf(value: unknown): string {
  if (typeof value !== 'object' || value === null) return 'ok';
  if ('records' in value && Array.isArray(value.records)) return `${value.records.length} rows`;
  if ('numberOfRecordsUpdated' in value) return `${value.numberOfRecordsUpdated} changed`;
  return 'ok';
}

function errorOf(fault: Fault, kind: StepKind): Error {
  switch (fault) {
    case 'deadlock':
      return databaseFault(
        'Deadlock found when trying to get lock; try restarting transaction',
        1213,
        '40001',
      );
    case 'lock wait timeout':
      return databaseFault('Lock wait timeout exceeded; try restarting transaction', 1205, 'HY000');
    case 'throttled':
      return dataApiFault('ThrottlingException', 'Rate exceeded');
    case 'resuming':
      return dataApiFault(
        'DatabaseResumingException',
        'The Aurora DB instance is resuming after being auto-paused.',
      );
    case 'transaction lost':
      return dataApiFault('TransactionNotFoundException', 'Transaction is not found');
    default:
      return kind === 'publish' || kind === 'send' || kind === 'object'
        ? new Error(`no answer (${kind})`)
        : dataApiFault('DatabaseUnavailableException', 'no answer');
  }
}

const databaseFault = (text: string, number: number, state: string): Error =>
  dataApiFault('DatabaseErrorException', `${text}; Error code: ${number}; SQLState: ${state}`);
