import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EnsembleTraining } from '../../../shared/contracts/api/ensemble.ts';
import { planThrough, plantItems, weekly } from '../planning/planning-fixture.ts';
import { type Api, openApi } from './api-fixture.ts';

/** More than one request trains, and some too young for it. */
const OLD = 60;
const YOUNG = 5;

let api: Api;
beforeAll(async () => {
  api = await openApi({}, { brokenOnPurpose: ['demand'] });
  await plantItems(
    api.database,
    Array.from({ length: OLD + YOUNG }, (_, i) => ({
      productId: `P${i}`,
      demand: weekly(
        '2011-12-09',
        Array.from({ length: i < OLD ? 30 : 10 }, (_, t) => 500 + 10 * i + ((t * 7919) % 13)),
      ),
    })),
  );
  await api.database.write(`UPDATE products SET category = CONCAT('Category of ', product_id)`);
  await planThrough(api.database);
}, 120_000);
afterAll(() => api.close());

const train = async () =>
  EnsembleTraining.parse((await api.ask('POST', '/forecast/ensemble/train', { as: 'planner' })).json);

describe('ensembles of many categories', () => {
  it('are trained request by request until none is left, and then anew', async () => {
    const first = await train();
    expect(first).toMatchObject({ categories_trained: 50, categories_remaining: OLD - 50 });
    const second = await train();
    expect(second.categories_remaining).toBe(0);
    const names = new Set(
      [...first.results, ...second.results]
        .filter(({ status }) => status === 'trained')
        .map(({ category }) => category),
    );
    expect(names.size).toBe(OLD);
    expect((await train()).results.length).toBe(50);
    const status = (await api.ask('GET', '/forecast/ensemble/status', { as: 'viewer' })).json;
    expect(status).toMatchObject({ categories_trained: OLD, categories_total: OLD + YOUNG });
  });

  it('are read page by page, each once', async () => {
    const seen: string[] = [];
    for (const skip of [0, 50]) {
      const { json } = await api.ask('GET', `/forecast/ensemble/forecasts/all?skip=${skip}`, {
        as: 'viewer',
      });
      seen.push(...json.categories.map(({ category }: { category: string }) => category));
      expect(json.pagination).toEqual({ skip, limit: 50, total: OLD });
    }
    expect(new Set(seen).size).toBe(OLD);
  });
});
