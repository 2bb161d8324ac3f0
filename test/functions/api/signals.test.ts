import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Signal } from '../../../shared/contracts/api/signal.ts';
import { plantItems } from '../planning/planning-fixture.ts';
import { type Api, openApi } from './api-fixture.ts';

let api: Api;
beforeAll(async () => {
  api = await openApi({}, { brokenOnPurpose: ['demand'] });
  await plantItems(api.database, [{ productId: 'A', demand: [['2011-12-09', 3]] }]);
});
afterAll(() => api.close());

const get = (target: string, as = 'viewer') => api.ask('GET', target, { as });
const post = (target: string, body: unknown, headers: Record<string, string> = {}, as = 'planner') =>
  api.ask('POST', target, { as, body, headers });

const promotion = { name: 'promotion', kind: 'promotion', scope: 'product', scope_key: 'A', future: 'known' };

describe('signals', () => {
  it('are made once for an Idempotency-Key, and once for a name and what it is attached to', async () => {
    const made = await post('/signals', promotion, { 'idempotency-key': 'k1' });
    expect(made.status).toBe(201);
    expect(Signal.parse(made.json)).toMatchObject({ ...promotion, values: 0, first_day: null });
    const again = await post('/signals', promotion, { 'idempotency-key': 'k1' });
    expect(again.status).toBe(201);
    expect(again.json.id).toBe(made.json.id);
    expect((await post('/signals', promotion)).status).toBe(409);
    expect((await get('/signals?name=promotion')).json.pagination.total).toBe(1);
    expect((await get(`/signals/${made.json.id}`)).json).toEqual(made.json);
  });

  it('of one name are of one kind and future, whatever they are attached to', async () => {
    const category = { ...promotion, scope: 'category', scope_key: 'Toys' };
    expect((await post('/signals', { ...category, kind: 'event' })).status).toBe(409);
    expect((await post('/signals', { ...category, future: 'none' })).status).toBe(409);
    expect((await post('/signals', category)).status).toBe(201);
  });

  it('of one name are of one kind when several are made at the same time', async () => {
    const kinds = ['event', 'price', 'weather', 'market'];
    const one = { name: 'race', scope: 'category', future: 'known' };
    const answers = await Promise.all(
      [...kinds, ...kinds].map((kind, i) => post('/signals', { ...one, kind, scope_key: `Category ${i}` })),
    );
    const made = (await get('/signals?name=race')).json.data as Signal[];
    expect(made.length).toBe(answers.filter(({ status }) => status === 201).length);
    expect(made.length).toBeGreaterThan(0);
    expect(new Set(made.map(({ kind }) => kind)).size).toBe(1);
    for (const { status } of answers) expect([201, 409]).toContain(status);
    for (const { id } of made) await api.ask('DELETE', `/signals/${id}`, { as: 'planner' });
  });

  it('are refused for what is not there, without a key where one is needed, and beyond ten names', async () => {
    expect((await post('/signals', { ...promotion, scope_key: 'NONE' })).status).toBe(422);
    expect((await post('/signals', { ...promotion, scope: 'location', scope_key: 'MOON' })).status).toBe(422);
    expect((await post('/signals', { ...promotion, scope_key: null })).status).toBe(422);
    expect((await post('/signals', { ...promotion, scope: 'all' })).status).toBe(422);
    const outside = { kind: 'market', scope: 'all', future: 'lagged' };
    for (let i = 1; i < 10; i++)
      expect((await post('/signals', { ...outside, name: `index ${i}` })).status).toBe(201);
    expect((await post('/signals', { ...outside, name: 'one more' })).status).toBe(409);
  });

  it('are looked at by everybody and kept by those who keep the catalogue', async () => {
    expect((await get('/signals')).status).toBe(200);
    expect((await post('/signals', promotion, {}, 'viewer')).status).toBe(403);
    expect((await api.ask('GET', '/signals', {})).status).toBe(401);
  });
});

describe('values of a signal', () => {
  it('replace those of their days, go with null, and are the same when sent again', async () => {
    const { id } = (await get('/signals?name=promotion')).json.data.find(
      (one: Signal) => one.scope === 'product',
    );
    const values = [
      { day: '2011-12-12', value: 0.25 },
      { day: '2011-12-10', value: 1 },
      { day: '2011-12-11', value: 1 },
    ];
    const saved = await post(`/signals/${id}/values`, { values });
    expect(saved.json).toMatchObject({ values: 3, first_day: '2011-12-10', last_day: '2011-12-12' });
    expect((await post(`/signals/${id}/values`, { values })).json).toEqual(saved.json);
    await post(`/signals/${id}/values`, {
      values: [
        { day: '2011-12-10', value: 0.5 },
        { day: '2011-12-11', value: null },
      ],
    });
    const { json } = await get(`/signals/${id}/values`);
    expect(json.data).toEqual([
      { day: '2011-12-10', value: 0.5 },
      { day: '2011-12-12', value: 0.25 },
    ]);
    expect((await post(`/signals/${id}/values`, { values: [{ day: '2011-02-30', value: 1 }] })).status).toBe(
      422,
    );
    expect((await post(`/signals/99999/values`, { values })).status).toBe(404);
  });

  it('go with their signal', async () => {
    const { id } = (await get('/signals?name=promotion')).json.data.find(
      (one: Signal) => one.scope === 'product',
    );
    expect((await api.ask('DELETE', `/signals/${id}`, { as: 'planner' })).json).toEqual({ deleted: true });
    expect((await get(`/signals/${id}/values`)).status).toBe(404);
    expect((await api.ask('DELETE', `/signals/${id}`, { as: 'planner' })).status).toBe(404);
  });
});
