import * as z from 'zod';
import { PlanSettings } from '../planning/setting-store.ts';
import { date, json, type Statements } from '../sql/database.ts';
import { jsonChunks } from '../sql/json-chunks.ts';
import type { SeriesKey } from './series-store.ts';

/** Most chunks of a run. */
const MAX_CHUNKS = 10_000;

/** `superseded`: a newer run's forecasts were complete first, so this one must not touch suggestions. */
export const RunStatus = z.enum(['forecasting', 'restocking', 'done', 'superseded']);

const Run = z
  .object({
    run_id: z.string(),
    run_no: z.int(),
    cause: z.string(),
    as_of: z.iso.date(),
    plan_hash: z.string(),
    model_version: z.string().nullable(),
    settings: z.string().transform((text) => PlanSettings.parse(JSON.parse(text))),
    series: z.int(),
    chunks: z.int(),
    chunks_done: z.int(),
    chunks_restocked: z.int(),
    status: RunStatus,
  })
  .transform((row) => ({
    runId: row.run_id,
    runNo: row.run_no,
    cause: row.cause,
    asOf: row.as_of,
    planHash: row.plan_hash,
    /** The model of many series that it forecasts with; null for each series by itself. */
    modelVersion: row.model_version,
    settings: row.settings,
    series: row.series,
    chunks: row.chunks,
    chunksDone: row.chunks_done,
    chunksRestocked: row.chunks_restocked,
    status: row.status,
  }));
export type ForecastRun = z.infer<typeof Run>;

const COLUMNS = `run_id, run_no, cause, as_of, plan_hash, model_version, settings, series, chunks, chunks_done,
  chunks_restocked, status`;

export type NewRun = Pick<ForecastRun, 'runId' | 'cause' | 'asOf' | 'planHash' | 'settings'> &
  Partial<Pick<ForecastRun, 'modelVersion'>>;

/** Records a run and what each of its chunks covers. */
export async function insertRun(
  tx: Statements,
  run: NewRun,
  chunks: readonly (readonly SeriesKey[])[],
): Promise<void> {
  if (chunks.length > MAX_CHUNKS) throw new RangeError(`${chunks.length} chunks in one run`);
  await tx.write(
    `INSERT INTO forecast_run (run_id, cause, as_of, plan_hash, model_version, settings, series, chunks, status)
     VALUES (:runId, :cause, :asOf, :planHash, :modelVersion, :settings, :series, :chunks, 'forecasting')`,
    {
      runId: run.runId,
      cause: run.cause,
      asOf: date(run.asOf),
      planHash: run.planHash,
      modelVersion: run.modelVersion ?? null,
      settings: json(run.settings),
      series: chunks.reduce((count, keys) => count + keys.length, 0),
      chunks: chunks.length,
    },
  );
  const rows = chunks.map((keys, i) => [
    i,
    JSON.stringify(keys.map((key) => [key.productId, key.locationId])),
  ]);
  for (const text of jsonChunks(rows)) {
    await tx.write(
      `INSERT INTO forecast_chunk (run_id, chunk_no, series_keys)
       SELECT :runId, j.chunk_no, j.series_keys
         FROM JSON_TABLE(:rows, '$[*]' COLUMNS (chunk_no INT PATH '$[0]', series_keys LONGTEXT PATH '$[1]')) AS j`,
      { runId: run.runId, rows: text },
    );
  }
}

export async function findRun(db: Statements, runId: string): Promise<ForecastRun | undefined> {
  const [run] = await db.select(Run, `SELECT ${COLUMNS} FROM forecast_run WHERE run_id = :runId`, { runId });
  return run;
}

/** The newest run that counts. */
export async function findNewestRun(db: Statements): Promise<ForecastRun | undefined> {
  const [run] = await db.select(
    Run,
    `SELECT ${COLUMNS}
       FROM forecast_run
      WHERE status <> 'superseded'
      ORDER BY run_no DESC
      LIMIT 1`,
  );
  return run;
}

/** The newest run whose forecasts are complete: what readers of forecasts look at. */
export async function findNewestCompleteRun(db: Statements): Promise<ForecastRun | undefined> {
  const [run] = await db.select(
    Run,
    `SELECT ${COLUMNS}
       FROM forecast_run
      WHERE status IN ('restocking', 'done')
      ORDER BY run_no DESC
      LIMIT 1`,
  );
  return run;
}

const ChunkNo = z.object({ chunk_no: z.int() });

/** Chunks of a run whose forecasts are still to be made. */
export async function readOpenChunks(db: Statements, runId: string): Promise<number[]> {
  const rows = await db.select(
    ChunkNo,
    `SELECT chunk_no
       FROM forecast_chunk
      WHERE run_id = :runId AND is_done = 0
      ORDER BY chunk_no
      LIMIT ${MAX_CHUNKS}`,
    { runId },
  );
  return rows.map((row) => row.chunk_no);
}

const Chunk = z
  .object({
    is_done: z.boolean(),
    series_keys: z
      .string()
      .transform((text) => z.array(z.tuple([z.string(), z.string()])).parse(JSON.parse(text))),
  })
  .transform((row) => ({
    isDone: row.is_done,
    keys: row.series_keys.map(([productId, locationId]): SeriesKey => ({ productId, locationId })),
  }));
export type ForecastChunk = z.infer<typeof Chunk>;

export async function findChunk(
  db: Statements,
  runId: string,
  chunkNo: number,
): Promise<ForecastChunk | undefined> {
  const [chunk] = await db.select(
    Chunk,
    `SELECT is_done, series_keys FROM forecast_chunk WHERE run_id = :runId AND chunk_no = :chunkNo`,
    { runId, chunkNo },
  );
  return chunk;
}

/** Marks a chunk done, once its forecasts are stored, and counts it once. The last one moves the run on to restocking. */
export async function finishChunk(tx: Statements, runId: string, chunkNo: number): Promise<void> {
  const { updated } = await tx.write(
    `UPDATE forecast_chunk SET is_done = 1 WHERE run_id = :runId AND chunk_no = :chunkNo AND is_done = 0`,
    { runId, chunkNo },
  );
  if (updated === 0) return;
  await tx.write(
    `UPDATE forecast_run
        SET status = CASE WHEN status = 'forecasting' AND chunks_done + 1 = chunks THEN 'restocking' ELSE status END,
            chunks_done = chunks_done + 1,
            progress_at = UTC_TIMESTAMP(3)
      WHERE run_id = :runId`,
    { runId },
  );
}

/** Counts the chunks after those that are restocked, in the transaction that makes their suggestions. */
export async function countRestockedChunks(tx: Statements, runId: string, chunks: number): Promise<void> {
  await tx.write(
    `UPDATE forecast_run
        SET chunks_restocked = chunks_restocked + :chunks, progress_at = UTC_TIMESTAMP(3)
      WHERE run_id = :runId`,
    { runId, chunks },
  );
}

/** Holds the run's row until the transaction ends, so that one restock of it works at a time; answers its state. */
export async function lockRun(tx: Statements, runId: string): Promise<ForecastRun | undefined> {
  const [run] = await tx.select(Run, `SELECT ${COLUMNS} FROM forecast_run WHERE run_id = :runId FOR UPDATE`, {
    runId,
  });
  return run;
}

const Count = z.object({ n: z.int() });

/**
 * Lets a run whose forecasts are complete replace all older ones, unless a newer one has done so already.
 * Older runs wait for nothing and stop at their next transaction. False when this run is the older one.
 */
export async function supersedeOlderRuns(tx: Statements, run: ForecastRun): Promise<boolean> {
  const [newer] = await tx.select(
    Count,
    `SELECT COUNT(*) AS n FROM forecast_run WHERE run_no > :runNo AND status IN ('restocking', 'done')`,
    { runNo: run.runNo },
  );
  const isNewest = newer?.n === 0;
  await tx.write(
    `UPDATE forecast_run
        SET status = 'superseded', finished_at = UTC_TIMESTAMP(3)
      WHERE status IN ('forecasting', 'restocking') AND ${isNewest ? 'run_no < :runNo' : 'run_no = :runNo'}`,
    { runNo: run.runNo },
  );
  return isNewest;
}

export async function finishRun(tx: Statements, runId: string): Promise<void> {
  await tx.write(
    `UPDATE forecast_run SET status = 'done', finished_at = UTC_TIMESTAMP(3) WHERE run_id = :runId`,
    { runId },
  );
}
