import * as z from 'zod';

/** What `smart-inventory status` reads from the stack that runs on this machine. */
export const LocalStatus = z.object({
  apiUrl: z.string(),
  bucket: z.string(),
  mainJob: z.enum(['none', 'running', 'done', 'failed']),
  functions: z.array(
    z.object({
      name: z.string(),
      /** Hash of the bundled asset that runs: the one the synthesized template names. */
      assetHash: z.string(),
      workers: z.int(),
      invocations: z.int(),
      errors: z.int(),
    }),
  ),
  queues: z.array(
    z.object({
      name: z.string(),
      arn: z.string(),
      isDeadLetter: z.boolean(),
      visible: z.int(),
      inFlight: z.int(),
      delayed: z.int(),
      oldestAgeSeconds: z.number(),
      /** Of dead letters only: the first few bodies. */
      messages: z.array(z.object({ messageId: z.string(), body: z.string(), receiveCount: z.int() })),
    }),
  ),
  schedules: z.array(
    z.object({ name: z.string(), expression: z.string(), enabled: z.boolean(), next: z.string().nullable() }),
  ),
  imports: z.array(
    z.object({
      importId: z.string(),
      objectKey: z.string(),
      format: z.string().nullable(),
      status: z.string(),
      detail: z.string().nullable(),
      totalRows: z.int(),
      rejectedRows: z.int(),
      rejectsKey: z.string().nullable(),
    }),
  ),
  runs: z.array(
    z.object({
      runId: z.string(),
      cause: z.string(),
      asOf: z.string(),
      status: z.string(),
      series: z.int(),
      chunks: z.int(),
      chunksDone: z.int(),
      createdAt: z.string(),
    }),
  ),
  summary: z.record(z.string(), z.number()),
});
export type LocalStatus = z.infer<typeof LocalStatus>;
