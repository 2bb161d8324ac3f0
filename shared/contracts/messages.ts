import * as z from 'zod';
import { SourcingOrder } from './api/sourcing.ts';
import { ReadingOptions } from './csv/column-mapping.ts';
import { SimulationConfig } from './simulation-config.ts';

/** plan queue: make a plan. `cause` says who asks; `key` names the asking, so that a duplicate makes no second run. */
export const PlanRequested = z.object({
  type: z.literal('PlanRequested'),
  cause: z.enum(['schedule', 'import', 'api']),
  /** Absent on a schedule, whose message id is the key. */
  key: z.string().min(1).max(120).optional(),
});
export type PlanRequested = z.infer<typeof PlanRequested>;

/** train queue: learn a model from many series, unless the data are those of one that is there. */
export const TrainRequested = z.object({
  type: z.literal('TrainRequested'),
  cause: z.enum(['schedule', 'plan', 'api']),
});
export type TrainRequested = z.infer<typeof TrainRequested>;

/** What an evaluation of the policies of the classes does, with all that was left open decided. */
export const PolicyEvaluationOrder = z.object({
  /** Last day whose demand is replayed. */
  asOf: z.iso.date(),
  serviceLevel: z.number().min(0.5).max(0.999),
  /** Most series that are replayed of each class, and weeks of their histories. */
  seriesAClass: z.int().min(1).max(200),
  weeks: z.int().min(40).max(261),
  seed: z.int(),
  /** Cost of keeping a unit for a year, as a share of what it costs. */
  holdingRate: z.number().min(0),
});
export type PolicyEvaluationOrder = z.infer<typeof PolicyEvaluationOrder>;

/** train queue: replay the past of some series of each class through policies, class by class. */
export const PolicyEvaluationRequested = z.object({
  type: z.literal('PolicyEvaluationRequested'),
  evaluationId: z.string().length(22),
  requestedBy: z.string().min(1).max(128),
  order: PolicyEvaluationOrder,
});
export type PolicyEvaluationRequested = z.infer<typeof PolicyEvaluationRequested>;

/** What the train queue carries. */
export const TrainTask = z.discriminatedUnion('type', [TrainRequested, PolicyEvaluationRequested]);
export type TrainTask = z.infer<typeof TrainTask>;

/** forecast queue: forecast the series of one chunk of a run. */
export const ForecastRequested = z.object({
  type: z.literal('ForecastRequested'),
  runId: z.string().length(22),
  chunk: z.int().min(0),
});
export type ForecastRequested = z.infer<typeof ForecastRequested>;

/** forecast queue, once every chunk of the run is forecast: forecast what its series add up to. */
export const GroupsRequested = z.object({
  type: z.literal('GroupsRequested'),
  runId: z.string().length(22),
});
export type GroupsRequested = z.infer<typeof GroupsRequested>;

/** restock queue: every chunk of the run is forecast; turn the forecasts into suggestions and draft orders. */
export const ForecastsReady = z.object({
  type: z.literal('ForecastsReady'),
  runId: z.string().length(22),
  /** The drafts up to this one are raised to their suppliers' minimum already. */
  raisedTo: z.object({ supplierId: z.string(), locationId: z.string() }).optional(),
});
export type ForecastsReady = z.infer<typeof ForecastsReady>;

/** assess queue: a plan is complete; score what earlier ones forecast for the weeks that are over. */
export const AssessRequested = z.object({
  type: z.literal('AssessRequested'),
  runId: z.string().length(22),
});
export type AssessRequested = z.infer<typeof AssessRequested>;

/** audit queue: check whether the data keep their promises, seal what must not change; or go on with that. */
export const AuditRequested = z.object({
  type: z.literal('AuditRequested'),
  cause: z.enum(['schedule', 'api']),
  /** Absent on a schedule, whose message id is the id. */
  auditId: z.string().min(1).max(64).optional(),
  askedBy: z.string().max(100).optional(),
});
export type AuditRequested = z.infer<typeof AuditRequested>;

/** simulate queue: invent sales from `day` on, drawn from a run's forecasts. */
export const SimulateRequested = z.object({
  type: z.literal('SimulateRequested'),
  /** The same id, seed and forecasts make the same sales; a day of a simulation happens once. */
  simulationId: z.string().regex(/^[A-Za-z0-9_-]{1,24}$/),
  seed: z.int(),
  startDate: z.iso.date(),
  days: z.int().min(1).max(899),
  /** The first day still to be simulated, 0 for the start date. */
  day: z.int().min(0).default(0),
  /** Whose forecasts; absent on the first message, which takes the newest complete run. */
  runId: z.string().length(22).optional(),
});
export type SimulateRequested = z.infer<typeof SimulateRequested>;

/** simulate queue: go on with a simulated business where it stands; the first asking brings all that it needs. */
export const WorldRequested = z.object({
  type: z.literal('WorldRequested'),
  simulationId: z.string().regex(/^[A-Za-z0-9_-]{1,24}$/),
  config: SimulationConfig,
  requestedBy: z.string().min(1).max(128),
});
export type WorldRequested = z.infer<typeof WorldRequested>;

/** What the simulate queue carries. */
export const SimulationTask = z.discriminatedUnion('type', [SimulateRequested, WorldRequested]);
export type SimulationTask = z.infer<typeof SimulationTask>;

/** source queue: look for the products of one category of a sourcing, then hand on to the next. */
export const SourceRequested = z.object({
  type: z.literal('SourceRequested'),
  sourcingId: z.string().length(22),
  requestedBy: z.string().min(1).max(128),
  order: SourcingOrder,
  /** The category, 0 for the first. */
  position: z.int().min(0),
});
export type SourceRequested = z.infer<typeof SourceRequested>;

/** ingest queue, besides S3's own notification: go on with a file that outlived one invocation. */
export const ObjectDropped = z.object({
  bucket: z.string().min(1),
  key: z.string().min(1),
  etag: z.string().min(1),
  size: z.number().min(0),
  /** When it was put there, where that is told. */
  droppedAt: z.iso.datetime().optional(),
  /** The import that it is, once that is known: the same object put there again after an undo is another one. */
  importId: z.string().length(22).optional(),
});
export type ObjectDropped = z.infer<typeof ObjectDropped>;

/** ingest queue: take an import back. Redelivered, it goes on where it stopped. */
export const ImportUndoRequested = z.object({
  type: z.literal('ImportUndoRequested'),
  importId: z.string().length(22),
  actor: z.string().min(1),
  reason: z.string().min(1).max(200),
});
export type ImportUndoRequested = z.infer<typeof ImportUndoRequested>;

/** ingest queue: import a file again that failed, or that was only checked. */
export const ImportRetryRequested = z.object({
  type: z.literal('ImportRetryRequested'),
  drop: ObjectDropped,
  options: ReadingOptions,
  dryRun: z.boolean(),
});
export type ImportRetryRequested = z.infer<typeof ImportRetryRequested>;

/** What the ingest queue carries. */
export type ImportTask = ObjectDropped | ImportUndoRequested | ImportRetryRequested;

/** deliver queue, besides events of the bus: tell one event to one subscriber. */
export const DeliveryRequested = z.object({
  type: z.literal('DeliveryRequested'),
  deliveryId: z.int().min(1),
  /** Attempts so far, as the asker knew them. */
  attempts: z.int().min(0),
});
export type DeliveryRequested = z.infer<typeof DeliveryRequested>;

/** deliver queue: ask anew for every delivery to a subscriber that is pending, in pages. */
export const PendingRequested = z.object({
  type: z.literal('PendingRequested'),
  subscriptionId: z.int().min(1),
  /** Deliveries up to this one have been asked for. */
  after: z.int().min(0),
});
export type PendingRequested = z.infer<typeof PendingRequested>;
