import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TRAIN_VERSION } from '../../../functions/train/training-task.ts';
import { ModelStatus, Retraining } from '../../../shared/contracts/api/planning.ts';
import { claimModel, finishModel } from '../../../shared/data/forecasts/forecast-model-store.ts';
import { planThrough, plantItems, weekly } from '../planning/planning-fixture.ts';
import { type Api, openApi } from './api-fixture.ts';

const LAST = '2011-12-09';
let api: Api;
beforeAll(async () => {
  api = await openApi({}, { brokenOnPurpose: ['demand'] });
  await plantItems(api.database, [
    {
      productId: 'A',
      demand: weekly(
        LAST,
        Array.from({ length: 60 }, (_, t) => 20 + (t % 7)),
      ),
    },
  ]);
}, 60_000);
afterAll(() => api.close());

const status = async (query = '') =>
  ModelStatus.parse((await api.ask('GET', `/forecast/model-status${query}`, { as: 'viewer' })).json);
const retrain = (query = '', as = 'planner', headers = {}) =>
  api.ask('POST', `/forecast/retrain-models${query}`, { as, headers });
const store = async (version: string, asOf: string, trainVersion = TRAIN_VERSION) => {
  const model = { version, trainVersion, asOf, series: 5, seriesWeeks: 300, horizon: 13 };
  await claimModel(api.database, model, 'm');
  const file = { weights: {}, objectKey: `models/${version}.json.gz`, sizeBytes: 1234, contentHash: 'x' };
  await finishModel(api.database, version, file);
};

describe('models', () => {
  it('are none at first, and training is asked for by planners only', async () => {
    expect(await status()).toMatchObject({ models_available: 0, models: [], model_directory: 'models/' });
    expect((await retrain('', 'viewer')).status).toBe(403);
    expect((await api.ask('POST', '/forecast/retrain-models')).status).toBe(401);
    expect((await retrain('?force=perhaps')).status).toBe(422);
    expect(api.sent).toEqual([]);
    const { status: code, json: body } = await retrain();
    expect(code).toBe(202);
    expect(Retraining.parse(body)).toMatchObject({ requested: true, force: false, model: null });
    expect(api.sent).toEqual([{ type: 'TrainRequested', cause: 'api' }]);
  });

  it('are asked for once by a key', async () => {
    const headers = { 'idempotency-key': 'k' };
    const before = api.sent.length;
    const first = await retrain('', 'planner', headers);
    expect((await retrain('', 'planner', headers)).text).toBe(first.text);
    expect(api.sent).toHaveLength(before + 1);
  });

  it('are asked for when they do not know the last day, or when someone insists', async () => {
    await store('old-version', '2011-12-02');
    const before = api.sent.length;
    expect(Retraining.parse((await retrain()).json)).toMatchObject({
      requested: true,
      model: { version: 'old-version', as_of: '2011-12-02' },
    });
    await store('new-version', LAST);
    const kept = Retraining.parse((await retrain()).json);
    expect(kept).toMatchObject({ requested: false, model: { version: 'new-version' } });
    expect(kept.message).toContain(LAST);
    expect(api.sent).toHaveLength(before + 1);
    expect((await retrain('?force=true')).json).toMatchObject({ requested: true, force: true });
    expect(api.sent).toHaveLength(before + 2);
  });

  it('are asked for when a plan would not take the newest', async () => {
    const { database } = api;
    const change = (sql: string) => database.write(sql);
    const isRequested = async () => Retraining.parse((await retrain()).json).requested;
    expect(await isRequested()).toBe(false);
    await change(
      `UPDATE forecast_model SET train_version = ${TRAIN_VERSION - 1} WHERE version = 'new-version'`,
    );
    expect(await isRequested(), 'it is of older code').toBe(true);
    await change(`UPDATE forecast_model SET train_version = ${TRAIN_VERSION}`);
    await change(`INSERT INTO setting (name, value) VALUES ('holidays', 'GB')`);
    expect(await isRequested(), 'there are inputs that it has not learnt').toBe(true);
    await change(`DELETE FROM setting WHERE name = 'holidays'`);
    await change(`UPDATE forecast_model SET inputs = '["holidays GB"]' WHERE version = 'new-version'`);
    expect(await isRequested(), 'it has learnt inputs that are gone').toBe(true);
    await change(`UPDATE forecast_model SET inputs = '[]'`);
    expect(await isRequested()).toBe(false);
  });

  it('are listed with age and size, ensembles among them, the old one still there', async () => {
    await planThrough(api.database);
    await api.ask('POST', '/forecast/ensemble/train', { as: 'planner' });
    const found = await status();
    expect(found).toMatchObject({ models_available: 3, pagination: { total: 3 } });
    const files = found.models.filter(({ kind }) => kind === 'panel').map((one) => one.model_file);
    expect(files.toSorted()).toEqual(['models/new-version.json.gz', 'models/old-version.json.gz']);
    const [ensemble] = found.models.filter(({ kind }) => kind === 'ensemble');
    expect(ensemble).toMatchObject({
      category: 'Uncategorised',
      as_of: LAST,
      status: 'ready',
      version: null,
    });
    for (const model of found.models) {
      expect(model.size_bytes!).toBeGreaterThan(0);
      expect(model.age_days!).toBeGreaterThanOrEqual(0);
      expect(Number.isNaN(Date.parse(model.last_modified!))).toBe(false);
    }
    const page = await status('?skip=1&limit=1');
    expect(page.models).toEqual([found.models[1]]);
  });
});
