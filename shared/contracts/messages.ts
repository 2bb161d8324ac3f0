import * as z from 'zod';

/** plan queue: make a plan. `cause` says who asks; `key` names the asking, so that a duplicate makes no second run. */
export const PlanRequested = z.object({
  type: z.literal('PlanRequested'),
  cause: z.enum(['schedule', 'import', 'api']),
  /** Absent on a schedule, whose message id is the key. */
  key: z.string().min(1).max(120).optional(),
});
export type PlanRequested = z.infer<typeof PlanRequested>;

/** forecast queue: forecast the series of one chunk of a run. */
export const ForecastRequested = z.object({
  type: z.literal('ForecastRequested'),
  runId: z.string().length(22),
  chunk: z.int().min(0),
});
export type ForecastRequested = z.infer<typeof ForecastRequested>;

/** restock queue: every chunk of the run is forecast; turn the forecasts into suggestions and draft orders. */
export const ForecastsReady = z.object({
  type: z.literal('ForecastsReady'),
  runId: z.string().length(22),
});
export type ForecastsReady = z.infer<typeof ForecastsReady>;

/** ingest queue, besides S3's own notification: go on with a file that outlived one invocation. */
export const ObjectDropped = z.object({
  bucket: z.string().min(1),
  key: z.string().min(1),
  etag: z.string().min(1),
  size: z.number().min(0),
});
export type ObjectDropped = z.infer<typeof ObjectDropped>;
