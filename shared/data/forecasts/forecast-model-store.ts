import * as z from 'zod';
import { haveStayed } from '../demand/signal-inputs-store.ts';
import { type Database, date, json, type Statements } from '../sql/database.ts';

/** Models that stay addressable: a quarter of weekly trainings. */
export const KEPT_MODELS = 13;
/** A training that has not ended by then never will: a function ends after 15 minutes. */
const GIVEN_UP_AFTER_MINUTES = 20;
/** Models that one pruning forgets at most; the rest goes next time. */
const MOST_FORGOTTEN = 100;

const Ready = z
  .object({
    version: z.string(),
    as_of: z.iso.date(),
    object_key: z.string(),
    content_hash: z.string(),
    inputs: z.string().transform((text) => z.array(z.string()).parse(JSON.parse(text))),
  })
  .transform((row) => ({
    version: row.version,
    asOf: row.as_of,
    objectKey: row.object_key,
    contentHash: row.content_hash,
    /** Where its known inputs came from. */
    inputs: row.inputs,
  }));
/** A model that can be loaded. */
export type ReadyModel = z.infer<typeof Ready>;

const COLUMNS = 'version, as_of, object_key, content_hash, inputs';

/** Models that are looked through for one whose inputs are all there. */
const MOST_LOOKED_AT = 2 * KEPT_MODELS;

/**
 * The newest model of a version of the code that knows nothing after a day and needs no other inputs than these; signals that
 * came since to an input do no harm. Undefined when there is none.
 */
export async function findNewestModel(
  db: Statements,
  trainVersion: number,
  asOf: string,
  inputs: readonly string[] = [],
): Promise<ReadyModel | undefined> {
  const models = await db.select(
    Ready,
    `SELECT ${COLUMNS}
       FROM forecast_model
      WHERE status = 'ready' AND train_version = :trainVersion AND as_of <= :asOf
      ORDER BY as_of DESC, model_no DESC
      LIMIT ${MOST_LOOKED_AT}`,
    { trainVersion, asOf: date(asOf) },
  );
  for (const model of models) {
    const others = model.inputs.filter((source) => !inputs.includes(source));
    if (others.length === 0 || (await haveStayed(db, others))) return model;
  }
  return undefined;
}

export async function findReadyModel(db: Statements, version: string): Promise<ReadyModel | undefined> {
  const [model] = await db.select(
    Ready,
    `SELECT ${COLUMNS} FROM forecast_model WHERE version = :version AND status = 'ready'`,
    { version },
  );
  return model;
}

export interface NewModel {
  readonly version: string;
  readonly trainVersion: number;
  readonly asOf: string;
  readonly series: number;
  readonly seriesWeeks: number;
  readonly horizon: number;
  /** Where its known inputs come from. Default: none. */
  readonly inputs?: readonly string[];
}

/**
 * Lets one message train a version: false when it is trained already, or another message is at it. A message that
 * comes again goes on with its own, and any may take over from one that has stood still.
 */
export async function claimModel(
  database: Database,
  { version, trainVersion, asOf, series, seriesWeeks, horizon, inputs = [] }: NewModel,
  claimedBy: string,
): Promise<boolean> {
  return database.transaction(async (tx) => {
    await tx.write(
      `INSERT IGNORE INTO forecast_model (version, status, claimed_by, train_version, as_of, series, series_weeks, horizon,
                                     inputs)
       VALUES (:version, 'training', :claimedBy, :trainVersion, :asOf, :series, :seriesWeeks, :horizon, :inputs)`,
      {
        version,
        claimedBy,
        trainVersion,
        asOf: date(asOf),
        series,
        seriesWeeks,
        horizon,
        inputs: JSON.stringify(inputs),
      },
    );
    const { updated } = await tx.write(
      `UPDATE forecast_model
          SET claimed_by = :claimedBy, claimed_at = UTC_TIMESTAMP(3)
        WHERE version = :version
          AND status = 'training'
          AND (claimed_by = :claimedBy
               OR claimed_at < DATE_SUB(UTC_TIMESTAMP(3), INTERVAL ${GIVEN_UP_AFTER_MINUTES} MINUTE))`,
      { version, claimedBy },
    );
    return updated === 1;
  });
}

export interface ModelFile {
  readonly weights: unknown;
  readonly objectKey: string;
  readonly sizeBytes: number;
  readonly contentHash: string;
}

/** Offers a model to plans, once its file is stored. */
export async function finishModel(
  db: Statements,
  version: string,
  { weights, objectKey, sizeBytes, contentHash }: ModelFile,
): Promise<void> {
  await db.write(
    `UPDATE forecast_model
        SET status = 'ready', created_at = COALESCE(created_at, UTC_TIMESTAMP(3)), weights = :weights,
            object_key = :objectKey, size_bytes = :sizeBytes, content_hash = :contentHash
      WHERE version = :version`,
    { version, weights: json(weights), objectKey, sizeBytes, contentHash },
  );
}

/** Gives a version up: what it was to be trained on is too little. */
export async function dropModel(db: Statements, version: string): Promise<void> {
  await db.write(`DELETE FROM forecast_model WHERE version = :version AND status = 'training'`, { version });
}

const Version = z.object({ version: z.string() });

/**
 * The versions beyond those that are kept, the oldest first, those that nobody trains any more included. What a run
 * still forecasts with is not among them.
 */
export async function readOldModels(db: Statements): Promise<string[]> {
  const rows = await db.select(
    Version,
    `SELECT m.version
       FROM forecast_model m
      WHERE (m.status = 'ready'
             AND m.model_no < (SELECT MIN(k.model_no)
                                 FROM (SELECT model_no
                                         FROM forecast_model
                                        WHERE status = 'ready'
                                        ORDER BY model_no DESC
                                        LIMIT ${KEPT_MODELS}) AS k)
             OR m.status = 'training' AND m.claimed_at < DATE_SUB(UTC_TIMESTAMP(3), INTERVAL 7 DAY))
        AND NOT EXISTS (SELECT 1
                          FROM forecast_run r
                         WHERE r.model_version = m.version AND r.status = 'forecasting')
      ORDER BY m.model_no
      LIMIT ${MOST_FORGOTTEN}`,
  );
  return rows.map((row) => row.version);
}

/** Forgets a version, once its file is gone. */
export async function forgetModel(db: Statements, version: string): Promise<void> {
  await db.write(`DELETE FROM forecast_model WHERE version = :version`, { version });
}
