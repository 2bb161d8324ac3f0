import type { FunctionName } from './functions.ts';

/** The stages that can be deployed. */
export const STAGE_NAMES = ['dev', 'prod'] as const;
export type StageName = (typeof STAGE_NAMES)[number];

/** What one function may use. */
export interface FunctionSize {
  readonly memoryMib: number;
  readonly timeoutSeconds: number;
  /** Share of the account's concurrency kept for it, and its limit. Absent: unreserved. */
  readonly reservedConcurrency?: number;
}

/** How one queue feeds its function. */
export interface QueueFeed {
  readonly batchSize: number;
  /** How long a batch waits to fill, where one statement serves many messages. Default 0. */
  readonly windowSeconds?: number;
  /** Concurrent invocations at most, 2 or more; what is reserved for the function must cover it. */
  readonly maximumConcurrency: number;
  /** Deliveries before a message becomes a dead letter. */
  readonly deliveries: number;
}

/** The stages of the pipeline: functions that a queue feeds. */
export type PipelineFunction =
  | 'ingest'
  | 'simulate'
  | 'source'
  | 'train'
  | 'plan'
  | 'forecast'
  | 'restock'
  | 'assess'
  | 'learn'
  | 'audit'
  | 'notify'
  | 'deliver';

/** Everything in which a deployed stage differs from another. Account and region are those of the credentials. */
export interface StageConfig {
  readonly stage: StageName;
  readonly database: {
    /** 0 lets the cluster pause. */
    readonly minAcu: number;
    readonly maxAcu: number;
    readonly pauseAfterMinutes: number;
    readonly backupDays: number;
  };
  /** Keep data when a stack goes: deletion protection, retained buckets and users, a last snapshot. */
  readonly keepsData: boolean;
  /** Dropped files and rejects are deleted after so many days; the database holds what they said. */
  readonly dropDays: number;
  readonly rejectsDays: number;
  readonly logDays: 7 | 30 | 90;
  readonly logLevel: 'DEBUG' | 'INFO' | 'WARN' | 'ERROR';
  readonly api: {
    /** Limits by caller, held by the API function. */
    readonly rateLimit: 'on' | 'off';
    /** GET /health is public, and a monitor that asks the database by it keeps a paused cluster awake. */
    readonly healthAsksDatabase: boolean;
    /** Limits of the gateway for all callers together, in requests a second. Absent: the account's. */
    readonly throttle?: { readonly rate: number; readonly burst: number };
  };
  /** Where outbound webhooks may go; `loopback-too` lets a trial on one machine post to http://127.0.0.1. */
  readonly webhookTargets: 'public' | 'loopback-too';
  /** Whether businesses may be invented into the ledger, which forgets nothing. */
  readonly simulations: 'on' | 'off';
  /** Who is told of alarms. Absent: subscribe to the topic by hand. */
  readonly alarmEmail?: string;
  readonly nightlyPlan: { readonly hour: number; readonly minute: number; readonly timeZone: string };
  /** When the data are checked against their promises, and what is past is sealed. */
  readonly nightlyAudit: { readonly hour: number; readonly minute: number; readonly timeZone: string };
  readonly weeklyTrain: {
    readonly weekDay: 'MON' | 'TUE' | 'WED' | 'THU' | 'FRI' | 'SAT' | 'SUN';
    readonly hour: number;
    readonly minute: number;
    readonly timeZone: string;
  };
  readonly functions: Readonly<Record<FunctionName, FunctionSize>>;
  readonly feeds: Readonly<Record<PipelineFunction, QueueFeed>>;
}

// 1769 MiB is one whole vCPU. Whatever meets the database outlives its resume, which takes up to a minute.
const FUNCTIONS: StageConfig['functions'] = {
  ingest: { memoryMib: 1769, timeoutSeconds: 900 },
  simulate: { memoryMib: 1769, timeoutSeconds: 300 },
  // it mostly waits for the search API: four calls of 30 s with waits of 30 s, for each of three pages
  source: { memoryMib: 512, timeoutSeconds: 900 },
  // one thread, about a minute of it for 60,000 rows of training, and a quarter of the memory; ten minutes at most of replays
  train: { memoryMib: 1769, timeoutSeconds: 900 },
  plan: { memoryMib: 1024, timeoutSeconds: 300 },
  forecast: { memoryMib: 1769, timeoutSeconds: 300 },
  restock: { memoryMib: 1024, timeoutSeconds: 300 },
  assess: { memoryMib: 1024, timeoutSeconds: 300 },
  // a message is a handful of statements; one after an import goes on over many series
  learn: { memoryMib: 512, timeoutSeconds: 120 },
  // a range of 100,000 movements takes seconds, and the next message goes on where one ends
  audit: { memoryMib: 512, timeoutSeconds: 300 },
  notify: { memoryMib: 256, timeoutSeconds: 120 },
  // a batch of subscribers that take their ten seconds each, and a resume
  deliver: { memoryMib: 256, timeoutSeconds: 180 },
  // the gateway gives up after 30 s
  api: { memoryMib: 1024, timeoutSeconds: 29 },
  stream: { memoryMib: 256, timeoutSeconds: 29 },
  migrate: { memoryMib: 512, timeoutSeconds: 840 },
};

const FEEDS: StageConfig['feeds'] = {
  ingest: { batchSize: 1, maximumConcurrency: 2, deliveries: 3 },
  simulate: { batchSize: 1, maximumConcurrency: 2, deliveries: 3 },
  source: { batchSize: 1, maximumConcurrency: 2, deliveries: 3 },
  train: { batchSize: 1, maximumConcurrency: 2, deliveries: 3 },
  plan: { batchSize: 1, maximumConcurrency: 2, deliveries: 3 },
  forecast: { batchSize: 1, maximumConcurrency: 10, deliveries: 3 },
  restock: { batchSize: 1, maximumConcurrency: 2, deliveries: 3 },
  assess: { batchSize: 1, maximumConcurrency: 2, deliveries: 3 },
  learn: { batchSize: 20, windowSeconds: 1, maximumConcurrency: 2, deliveries: 3 },
  audit: { batchSize: 1, maximumConcurrency: 2, deliveries: 3 },
  notify: { batchSize: 10, maximumConcurrency: 5, deliveries: 5 },
  deliver: { batchSize: 10, windowSeconds: 1, maximumConcurrency: 5, deliveries: 5 },
};

const DEV: StageConfig = {
  stage: 'dev',
  database: { minAcu: 0, maxAcu: 4, pauseAfterMinutes: 10, backupDays: 1 },
  keepsData: false,
  dropDays: 30,
  rejectsDays: 30,
  logDays: 7,
  logLevel: 'INFO',
  api: { rateLimit: 'off', healthAsksDatabase: true },
  webhookTargets: 'public',
  simulations: 'on',
  nightlyPlan: { hour: 2, minute: 30, timeZone: 'Europe/London' },
  // after the nightly plan, which is in more of a hurry
  nightlyAudit: { hour: 4, minute: 30, timeZone: 'Europe/London' },
  weeklyTrain: { weekDay: 'SUN', hour: 1, minute: 0, timeZone: 'Europe/London' },
  functions: FUNCTIONS,
  feeds: FEEDS,
};

const PROD: StageConfig = {
  ...DEV,
  stage: 'prod',
  database: { minAcu: 0, maxAcu: 16, pauseAfterMinutes: 60, backupDays: 14 },
  keepsData: true,
  dropDays: 365,
  rejectsDays: 90,
  simulations: 'off',
  logDays: 90,
  api: { rateLimit: 'on', healthAsksDatabase: false, throttle: { rate: 200, burst: 400 } },
  functions: {
    ...FUNCTIONS,
    forecast: { ...FUNCTIONS.forecast, reservedConcurrency: 100 },
    api: { ...FUNCTIONS.api, reservedConcurrency: 100 },
  },
  feeds: { ...FEEDS, forecast: { ...FEEDS.forecast, maximumConcurrency: 100 } },
};

const STAGES: Readonly<Record<StageName, StageConfig>> = { dev: DEV, prod: PROD };

/** The configuration of a stage; refuses a name that is none. */
export function stageConfig(name: string): StageConfig {
  const stage = STAGE_NAMES.find((known) => known === name);
  if (!stage) throw new Error(`unknown stage "${name}": use one of ${STAGE_NAMES.join(', ')}`);
  return STAGES[stage];
}
