import type { Random } from '../../shared/core/math/random.ts';

/** What a step does to the world outside its process. */
export type StepKind =
  | 'begin'
  | 'read'
  | 'write'
  | 'read in transaction'
  | 'write in transaction'
  | 'commit'
  | 'rollback'
  | 'publish'
  | 'send'
  | 'object'
  | 'pause';

/** Everything that may go wrong, and at which steps. */
export const FAULTS = {
  /** the process ends before the step */
  'crash before': [
    'begin',
    'read',
    'write',
    'read in transaction',
    'write in transaction',
    'commit',
    'rollback',
    'publish',
    'send',
    'object',
    'pause',
  ],
  /** the process ends after the step, whose answer nobody hears */
  'crash after': ['begin', 'write', 'write in transaction', 'commit', 'publish', 'send', 'object'],
  deadlock: ['write', 'read in transaction', 'write in transaction'],
  'lock wait timeout': ['write', 'read in transaction', 'write in transaction'],
  throttled: ['begin', 'read', 'write', 'read in transaction', 'write in transaction', 'commit'],
  resuming: ['begin', 'read', 'write'],
  /** it did not happen, and the caller cannot know */
  unavailable: [
    'begin',
    'read',
    'write',
    'read in transaction',
    'write in transaction',
    'commit',
    'rollback',
    'publish',
    'send',
    'object',
  ],
  /** it happened, and the caller cannot know */
  'answer lost': ['begin', 'write', 'write in transaction', 'commit', 'publish', 'send', 'object'],
  /** the connection of the transaction is gone, and with it what it did */
  'transaction lost': ['read in transaction', 'write in transaction', 'commit'],
} as const satisfies Readonly<Record<string, readonly StepKind[]>>;

export type Fault = keyof typeof FAULTS;
export const FAULT_NAMES = Object.keys(FAULTS) as Fault[];

/** Chance of each fault at each step where it may happen. */
export type FaultRates = Readonly<Record<Fault, number>>;

const RATES = [0, 0, 0.004, 0.01, 0.03];

/** Every schedule suffers from other faults: some from one kind often, some from all now and then. */
export function drawRates(random: Random): FaultRates {
  return Object.fromEntries(
    FAULT_NAMES.map((fault) => [fault, RATES[random.integer(RATES.length)]!]),
  ) as FaultRates;
}

/** The fault of this step, or none. */
export function drawFault(random: Random, rates: FaultRates, kind: StepKind): Fault | undefined {
  let draw = random.uniform();
  for (const fault of FAULT_NAMES) {
    if (!(FAULTS[fault] as readonly StepKind[]).includes(kind)) continue;
    draw -= rates[fault];
    if (draw < 0) return fault;
  }
  return undefined;
}
