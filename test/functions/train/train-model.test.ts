import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import * as z from 'zod';
import { trainModel } from '../../../functions/train/train-model.ts';
import { TRAIN_VERSION } from '../../../functions/train/training-task.ts';
import { PanelModel } from '../../../shared/core/forecast/combine/panel-model.ts';
import {
  claimModel,
  findNewestModel,
  findReadyModel,
  finishModel,
  KEPT_MODELS,
} from '../../../shared/data/forecasts/forecast-model-store.ts';
import { openTestDatabase } from '../../database.ts';
import { Crash, crashingDatabase, plantItems, silentLogger } from '../planning/planning-fixture.ts';
import { AS_OF, manyItems, openBucket, train } from './training-fixture.ts';

const PATIENCE_MS = 240_000;

let db: Awaited<ReturnType<typeof openTestDatabase>>;
let bucket: ReturnType<typeof openBucket>;

beforeAll(async () => {
  db = await openTestDatabase({ brokenOnPurpose: ['demand'] });
});
afterAll(() => db.close());
beforeEach(async () => {
  bucket = openBucket();
  for (const table of ['forecast_run', 'forecast_model', 'demand', 'stock', 'supplier_item', 'setting'])
    await db.database.write(`DELETE FROM ${table}`);
});

const models = () =>
  db.database.select(
    z.object({
      version: z.string(),
      status: z.string(),
      claimed_by: z.string(),
      as_of: z.string(),
      series: z.int(),
      series_weeks: z.int(),
      horizon: z.int(),
      size_bytes: z.int().nullable(),
      object_key: z.string().nullable(),
    }),
    `SELECT version, status, claimed_by, as_of, series, series_weeks, horizon, size_bytes, object_key
       FROM forecast_model ORDER BY model_no`,
  );

const older = (version: string, asOf: string) => ({
  version: version.padEnd(22, '_'),
  trainVersion: TRAIN_VERSION,
  asOf,
  series: 9,
  seriesWeeks: 900,
  horizon: 13,
});

/** A model that looks ready, with an object of one byte. */
async function plantModel(name: string, asOf: string): Promise<string> {
  const model = older(name, asOf);
  const objectKey = `models/${model.version}.json.gz`;
  await claimModel(db.database, model, name);
  await finishModel(db.database, model.version, {
    weights: {},
    objectKey,
    sizeBytes: 1,
    contentHash: '0'.repeat(64),
  });
  bucket.stored.set(objectKey, Buffer.from('x'));
  return model.version;
}

test('a training stores a model that can be loaded, and offers it to plans of its day and later', {
  timeout: PATIENCE_MS,
}, async () => {
  await plantItems(db.database, manyItems(8, 60));
  expect(await train(db.database, bucket.objects)).toEqual(['train']);
  const [row, ...others] = await models();
  expect(others).toEqual([]);
  expect(row).toMatchObject({ status: 'ready', as_of: AS_OF, series: 8, series_weeks: 8 * 60, horizon: 13 });
  const packed = bucket.stored.get(row!.object_key!)!;
  expect(row!.object_key).toBe(`models/${row!.version}.json.gz`);
  expect(row!.size_bytes).toBe(packed.length);
  const model = PanelModel.fromFile(gunzipSync(packed).toString());
  expect(model.singles).toEqual(['theta', 'online', 'empirical']);
  expect(model.hasGlobal).toBe(true);
  expect((await findNewestModel(db.database, TRAIN_VERSION, AS_OF))?.version).toBe(row!.version);
  expect(await findNewestModel(db.database, TRAIN_VERSION, '2011-12-08')).toBeUndefined();

  // asked again for the same data: nothing is trained, whoever asks
  const writes = bucket.stored.size;
  bucket.stored.clear();
  expect(await train(db.database, bucket.objects, 'another message')).toEqual([
    'train: this version is there, or another message is at it',
  ]);
  expect(bucket.stored.size).toBe(0);
  expect(writes).toBe(1);

  // forgotten and trained again: the same version, to the last byte
  await db.database.write('DELETE FROM forecast_model');
  await train(db.database, bucket.objects);
  expect((await models())[0]!.version).toBe(row!.version);
  expect(bucket.stored.get(row!.object_key!)!.equals(packed)).toBe(true);

  // another day of data: another version beside it
  await db.database.write(
    `INSERT INTO demand (product_id, location_id, date, quantity, sale_lines, revenue)
     VALUES ('P000', 'MAIN', '2011-12-10', 3, 1, 1)`,
  );
  await train(db.database, bucket.objects);
  const versions = (await models()).map(({ version }) => version);
  expect(new Set(versions).size).toBe(2);
  expect(versions[0]).toBe(row!.version);
  expect(await findReadyModel(db.database, row!.version)).toBeDefined();
  expect((await findNewestModel(db.database, TRAIN_VERSION, '2011-12-31'))?.version).toBe(versions[1]);
});

test('at most 600 series are read, five years of each, and the same ones again', {
  timeout: PATIENCE_MS,
}, async () => {
  const many = Array.from({ length: 650 }, (_, i) => ({
    productId: `S${i}`,
    demand: [
      ['2006-12-01', 5],
      [AS_OF, 1 + (i % 3)],
    ] as [string, number][],
  }));
  await plantItems(db.database, many);
  const seen: unknown[] = [];
  const logger = { ...silentLogger, info: (...parts: unknown[]) => void seen.push(parts) };
  const ask = () =>
    trainModel(
      { database: db.database, objects: bucket.objects },
      { type: 'TrainRequested', cause: 'schedule' },
      { messageId: 'm', logger },
    );
  await ask();
  await ask();
  expect(seen[0]).toEqual([
    'train: too little to learn from',
    expect.objectContaining({ series: 600, weeks: 600, asOf: AS_OF }),
  ]);
  expect(seen[1]).toEqual(seen[0]);
  expect(await models()).toEqual([]);
});

test('without demand there is nothing to train', async () => {
  expect(await train(db.database, bucket.objects)).toEqual(['train: no demand yet']);
  expect(await models()).toEqual([]);
});

test('a version that another message trains is left to it, until it has stood still for twenty minutes', async () => {
  const model = older('shared', AS_OF);
  expect(await claimModel(db.database, model, 'first')).toBe(true);
  expect(await claimModel(db.database, model, 'second')).toBe(false);
  expect(await claimModel(db.database, model, 'first'), 'its own redelivery').toBe(true);
  await db.database.write(
    'UPDATE forecast_model SET claimed_at = DATE_SUB(UTC_TIMESTAMP(3), INTERVAL 21 MINUTE)',
  );
  expect(await claimModel(db.database, model, 'second')).toBe(true);
  expect(await claimModel(db.database, model, 'first')).toBe(false);
  await db.database.write(`UPDATE forecast_model SET status = 'ready'`);
  expect(await claimModel(db.database, model, 'second')).toBe(false);
});

test('the newest models are kept, and those that an unfinished run needs; older ones go with their files', {
  timeout: PATIENCE_MS,
}, async () => {
  const planted: string[] = [];
  for (let i = 0; i < KEPT_MODELS + 3; i++) planted.push(await plantModel(`old-${i}`, '2011-06-01'));
  await db.database.write(
    `INSERT INTO forecast_run (run_id, cause, as_of, plan_hash, settings, series, chunks, status, model_version)
     VALUES (:runId, 'api', '2011-06-01', '', '{}', 1, 1, 'forecasting', :version)`,
    { runId: 'r'.repeat(22), version: planted[1]! },
  );
  await plantItems(db.database, manyItems(6, 60));
  await train(db.database, bucket.objects);
  const left = (await models()).map(({ version }) => version);
  expect(left).toHaveLength(KEPT_MODELS + 1);
  expect(left).toContain(planted[1]);
  for (const gone of [0, 2, 3]) {
    expect(left).not.toContain(planted[gone]);
    expect(bucket.stored.has(`models/${planted[gone]}.json.gz`)).toBe(false);
  }
  expect(bucket.stored.size).toBe(KEPT_MODELS + 1);
});

test('a death at any step is made good by the redelivery: one version, ready, with its file', {
  timeout: PATIENCE_MS,
}, async () => {
  await plantItems(db.database, manyItems(6, 60));
  let deaths = 0;
  for (let at = 1; at < 40; at++) {
    await db.database.write('DELETE FROM forecast_model');
    bucket.stored.clear();
    const died = await train(crashingDatabase(db.database, at), bucket.objects).then(
      () => false,
      (error: unknown) => error instanceof Crash,
    );
    await train(db.database, bucket.objects);
    const rows = await models();
    expect(rows, `death at step ${at}`).toHaveLength(1);
    expect(rows[0]).toMatchObject({ status: 'ready' });
    expect([...bucket.stored.keys()]).toEqual([rows[0]!.object_key]);
    if (!died) break;
    deaths++;
  }
  expect(deaths).toBeGreaterThan(7);
});
