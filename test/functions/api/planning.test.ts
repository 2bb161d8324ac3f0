import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ForecastDetail, Suggestion } from '../../../shared/contracts/api/page.ts';
import { claimModel, finishModel } from '../../../shared/data/forecasts/forecast-model-store.ts';
import { finishChunk, insertRun } from '../../../shared/data/forecasts/forecast-run-store.ts';
import { endImport, NO_COUNTS, openImport } from '../../../shared/data/imports/import-store.ts';
import { raiseAlert } from '../../../shared/data/planning/alert-store.ts';
import { PlanSettings } from '../../../shared/data/planning/setting-store.ts';
import { AS_OF, weekly, year } from '../planning/planning-fixture.ts';
import { type Api, openApi } from './api-fixture.ts';
import { openPlanned } from './planned-api.ts';

let api: Api;
beforeAll(async () => {
  api = await openPlanned([
    { productId: 'A', onHand: 2, supplierId: 'S1', unitCost: '2.5', demand: year(20) },
    { productId: 'B', onHand: 0, supplierId: 'S2', unitCost: '10', demand: year(5) },
    { productId: 'PLENTY', onHand: 5000, supplierId: 'S1', demand: year(5) },
    { productId: 'DEAD', onHand: 7, supplierId: 'S1', demand: weekly('2011-01-07', [3, 3]) },
  ]);
});
afterAll(() => api.close());

const get = (target: string, as = 'viewer') => api.ask('GET', target, { as });
const post = (target: string, as: string, headers: Record<string, string> = {}) =>
  api.ask('POST', target, { as, headers });

describe('forecasts', () => {
  it('are listed for every series of the newest run, the largest first', async () => {
    const { json } = await get('/forecasts');
    expect(json.data.map((one: { product_id: string }) => one.product_id).slice(0, 1)).toEqual(['A']);
    expect(json.pagination.total).toBe(json.data.length);
    expect(json.data[0]).toMatchObject({ as_of: AS_OF, first_day: '2011-12-10', period_days: 7 });
    expect(json.data[0].total.low95).toBeLessThanOrEqual(json.data[0].total.mean);
    expect((await get('/forecasts?product_id=B')).json.data).toHaveLength(1);
    expect((await get('/forecasts?category=none')).json.pagination.total).toBe(0);
  });

  it('have history per period up to the business day and a band that widens around the median', async () => {
    const { json } = await get('/forecasts/A');
    const detail = ForecastDetail.parse(json);
    expect(detail.history).toHaveLength(52);
    expect(detail.history.at(-1)).toEqual({
      date: '2011-12-03',
      quantity: 20,
      days_out_of_stock: 0,
    });
    expect(detail.history.every(({ quantity }) => quantity >= 20 && quantity <= 22)).toBe(true);
    expect(detail.forecast[0]!.date).toBe('2011-12-10');
    expect(detail.forecast[1]!.date).toBe('2011-12-17');
    for (const { quantiles } of detail.forecast)
      expect(quantiles['0.025']!).toBeLessThanOrEqual(quantiles['0.975']!);
    const units = detail.forecast.reduce((sum, { expected }) => sum + expected, 0);
    expect(detail.total.expected).toBeCloseTo(units, 2);
    // what is asked for every week is no rarity: both means are the same but for chance
    expect(detail.total.expected / detail.total.mean).toBeCloseTo(1, 1);
    expect((await get('/forecasts/A?location_id=nowhere')).status).toBe(404);
    expect((await get('/forecasts/none')).status).toBe(404);
  });
});

describe('suggestions', () => {
  it('say what to order and why, and can be had by supplier', async () => {
    const { json } = await get('/suggestions?status=open');
    const suggestions = json.data.map((one: unknown) => Suggestion.parse(one));
    expect(suggestions.map((one: Suggestion) => one.product_id).sort()).toEqual(['A', 'B']);
    for (const one of suggestions) {
      expect(one.explanation.numbers.length).toBeGreaterThan(3);
      expect(Number(one.cost)).toBeCloseTo(one.quantity * Number(one.unit_cost), 2);
    }
    const ofS2 = (await get('/suggestions?supplier_id=S2')).json.data;
    expect(ofS2).toHaveLength(1);
    expect((await get(`/suggestions/${ofS2[0].suggestion_id}`)).json).toEqual(ofS2[0]);
    const needs = (await get('/suggestions/by-supplier')).json;
    expect(needs.pagination.total).toBe(2);
    expect(needs.data).toContainEqual(
      expect.objectContaining({ supplier_id: 'S2', suggestions: 1, units: ofS2[0].quantity }),
    );
    expect((await get('/suggestions/999999')).status).toBe(404);
  });

  it('make goods count as low although nobody set a threshold', async () => {
    const low = (await get('/products?low_stock=true')).json.data.map((one: { id: string }) => one.id);
    expect(low).toEqual(['A', 'B']);
    const others = (await get('/products?low_stock=false')).json.data.map((one: { id: string }) => one.id);
    expect(others).toEqual(['DEAD', 'PLENTY']);
  });

  it('are dismissed once and for all, with their line of the draft', async () => {
    const [one] = (await get('/suggestions?supplier_id=S2')).json.data;
    const target = `/suggestions/${one.suggestion_id}/dismiss`;
    expect((await post(target, 'viewer')).status).toBe(403);
    expect((await post(target, 'buyer')).json).toMatchObject({ status: 'dismissed' });
    expect((await post(target, 'buyer')).status).toBe(200);
    const drafts = (await get('/purchase-orders?status=draft')).json.data;
    expect(drafts.map((draft: { supplier_id: string }) => draft.supplier_id)).toEqual(['S1']);
  });
});

describe('purchase orders', () => {
  it('are approved from draft by an approver, once, and announced once', async () => {
    const [draft] = (await get('/purchase-orders?status=draft')).json.data;
    const target = `/purchase-orders/${draft.purchase_order_id}`;
    const detail = (await get(target)).json;
    expect(detail.lines).toMatchObject([{ product_id: 'A', quantity: draft.units, unit_cost: '2.50' }]);
    expect(draft.total_cost).toBe(detail.lines[0].cost);
    const approved = await post(`${target}/approve`, 'approver');
    expect(approved.json).toMatchObject({ status: 'approved', approved_by: 'approver', line_count: 1 });
    expect((await post(`${target}/approve`, 'approver')).json).toEqual(approved.json);
    const [{ status }] = (await get('/suggestions?product_id=A&status=all')).json.data;
    expect(status).toBe('ordered');
    const { updated } = await api.database.write(
      `DELETE FROM outbox WHERE JSON_VALUE(envelope, '$.event_type') = 'purchase_order.approved'`,
    );
    expect(updated).toBe(1);
    expect((await post('/purchase-orders/999999/approve', 'approver')).status).toBe(404);
  });
});

describe('plans', () => {
  it('are listed, and asked for once for one Idempotency-Key', async () => {
    expect((await get('/plans')).json.data).toMatchObject([
      { as_of: AS_OF, status: 'done', cause: 'api', chunks: 1, chunks_done: 1, model_version: null },
    ]);
    expect((await post('/plans', 'viewer')).status).toBe(403);
    const headers = { 'idempotency-key': 'plan-1' };
    const first = await post('/plans', 'planner', headers);
    expect([first.status, first.json.requested]).toEqual([202, true]);
    expect((await post('/plans', 'planner', headers)).json).toEqual(first.json);
    expect(api.sent).toEqual([{ type: 'PlanRequested', cause: 'api', key: first.json.key }]);
    await post('/plans', 'planner');
    expect(api.sent).toHaveLength(2);
    expect(api.sent[1]).not.toEqual(api.sent[0]);
  });
});

describe('models', () => {
  it('are listed with age and size, the newest first, and trained on demand once for one Idempotency-Key', async () => {
    expect((await get('/models')).json).toMatchObject({ data: [], pagination: { total: 0 } });
    const about = { trainVersion: 1, asOf: AS_OF, series: 4, seriesWeeks: 200, horizon: 13 };
    for (const version of ['first', 'second'])
      await claimModel(api.database, { version: version.padEnd(22, '_'), ...about }, version);
    await finishModel(api.database, 'first'.padEnd(22, '_'), {
      weights: { slow: { global: 0.5 } },
      objectKey: 'models/first.json.gz',
      sizeBytes: 1234,
      contentHash: '0'.repeat(64),
    });
    await api.database.write(`UPDATE forecast_model SET created_at = '2011-12-05' WHERE status = 'ready'`);
    const { json } = await get('/models');
    expect(json.data).toEqual([
      expect.objectContaining({ status: 'training', size_bytes: null, created_at: null, age_days: null }),
      {
        version: 'first'.padEnd(22, '_'),
        status: 'ready',
        as_of: AS_OF,
        series: 4,
        series_weeks: 200,
        horizon: 13,
        size_bytes: 1234,
        created_at: '2011-12-05T00:00:00.000Z',
        age_days: 5,
        weights: { slow: { global: 0.5 } },
      },
    ]);
    expect((await get('/models?limit=1&skip=1')).json.data).toEqual([json.data[1]]);

    const before = api.sent.length;
    for (const role of ['viewer', 'buyer']) expect((await post('/models', role)).status).toBe(403);
    const headers = { 'idempotency-key': 'train-1' };
    const first = await post('/models', 'planner', headers);
    expect([first.status, first.json]).toEqual([202, { requested: true }]);
    expect((await post('/models', 'planner', headers)).json).toEqual(first.json);
    expect(api.sent.slice(before)).toEqual([{ type: 'TrainRequested', cause: 'api' }]);
    await api.database.write('DELETE FROM forecast_model');
  });
});

describe('a run that lost a message', () => {
  const shown = async () => {
    const [plan] = (await get('/plans')).json.data;
    const summary = (await get('/analytics/dashboard/summary')).json;
    const { mainJob } = (await get('/health')).json;
    return [plan.status, summary.newest_run.status, mainJob];
  };

  it('is forecasting while it moves and stalled after hours, with its progress, and the main job has failed', async () => {
    const runId = 'stalled'.padEnd(22, '-');
    const chunks = [[{ productId: 'A', locationId: 'MAIN' }], [{ productId: 'B', locationId: 'MAIN' }]];
    await insertRun(
      api.database,
      { runId, cause: 'api', asOf: AS_OF, planHash: 'x', settings: PlanSettings.parse({}) },
      chunks,
    );
    try {
      await api.database.transaction((tx) => finishChunk(tx, runId, 0));
      expect(await shown()).toEqual(['forecasting', 'forecasting', 'running']);
      await api.database.write(
        `UPDATE forecast_run SET progress_at = DATE_SUB(UTC_TIMESTAMP(3), INTERVAL 7 HOUR) WHERE run_id = :runId`,
        { runId },
      );
      expect(await shown()).toEqual(['stalled', 'stalled', 'failed']);
      expect((await get('/plans')).json.data[0]).toMatchObject({ chunks: 2, chunks_done: 1 });
      // redriven, it goes on
      await api.database.transaction((tx) => finishChunk(tx, runId, 1));
      expect(await shown()).toEqual(['restocking', 'restocking', 'running']);
    } finally {
      await api.database.write('DELETE FROM forecast_run WHERE run_id = :runId', { runId });
    }
  });
});

describe('alerts', () => {
  const raise = (level: 'info' | 'warning') =>
    api.database.transaction((tx) =>
      raiseAlert(tx, { key: 'k', type: 't', level, title: 'Title', message: level }),
    );

  it('are kept once for their reason, closed by a person for good, and open again with the reason', async () => {
    await raise('info');
    await raise('warning');
    const [alert] = (await get('/alerts?open=true')).json.data;
    expect(alert).toMatchObject({ key: 'k', level: 'warning', closed_at: null, closed_by: null });
    const target = `/alerts/${alert.id}/close`;
    expect((await post(target, 'viewer')).status).toBe(403);
    const closed = await post(target, 'planner');
    expect(closed.json).toMatchObject({ closed_by: 'planner', closed_at: expect.any(String) });
    expect((await post(target, 'buyer')).json).toEqual(closed.json);
    expect((await get('/alerts?open=true')).json.data).toEqual([]);
    expect((await get('/alerts?open=false')).json.pagination.total).toBe(1);
    await raise('info');
    expect((await get('/alerts')).json.data).toMatchObject([
      { id: alert.id, level: 'info', closed_at: null },
    ]);
    expect((await post('/alerts/999999/close', 'planner')).status).toBe(404);
  });
});

describe('suppliers', () => {
  it('are listed with what they sell us', async () => {
    expect((await get('/suppliers')).json.data).toMatchObject([
      { id: 'S1', item_count: 3 },
      { id: 'S2', item_count: 1 },
    ]);
    expect((await get('/suppliers/S2/items')).json.data).toEqual([
      {
        product_id: 'B',
        product_name: 'B',
        unit_cost: '10.00',
        lead_time_days: 14,
        lead_time_deviation: 2,
        minimum_quantity: 1,
        order_multiple: 1,
        maximum_quantity: null,
        price_breaks: [],
        order_cost: '0.00',
        priority: 1,
      },
    ]);
    expect((await get('/suppliers/none')).status).toBe(404);
    expect((await get('/suppliers/none/items')).status).toBe(404);
  });
});

describe('imports', () => {
  it('begin with a form for one file under drop/', async () => {
    const ask = (filename: string) => api.ask('POST', '/imports', { as: 'planner', body: { filename } });
    const { status, json } = await ask('orders (1).csv');
    expect(status).toBe(201);
    expect(json.key).toMatch(/^drop\/2011-12-10\/[0-9a-f-]{36}\/orders \(1\)\.csv$/);
    expect(json.fields).toMatchObject({ key: json.key, bucket: 'files' });
    const policy = JSON.parse(Buffer.from(json.fields.Policy, 'base64').toString());
    expect(policy.conditions).toContainEqual(['content-length-range', 1, json.max_bytes]);
    for (const filename of ['../x.csv', 'a/b.csv', '', '.hidden'])
      expect([filename, (await ask(filename)).status]).toEqual([filename, 422]);
  });

  it('are reported, newest first, with a link to what was rejected', async () => {
    const importId = (name: string) => name.padEnd(22, '_');
    for (const [name, rejectsKey] of [
      ['good', null],
      ['dirty', 'rejects/dirty.csv'],
    ] as const) {
      await openImport(api.database, {
        importId: importId(name),
        key: `drop/${name}.csv`,
        etag: name,
        size: 9,
      });
      await api.database.transaction((tx) =>
        endImport(tx, importId(name), {
          status: 'done',
          detail: null,
          format: 'sales_lines',
          rejectsKey,
          counts: { ...NO_COUNTS, total: 3, rejected: rejectsKey ? 1 : 0, kinds: { sale: 2 } },
        }),
      );
    }
    const { json } = await get('/imports?status=done');
    expect(json.pagination.total).toBe(2);
    const dirty = (await get(`/imports/${importId('dirty')}`)).json;
    expect(dirty).toMatchObject({
      object_key: 'drop/dirty.csv',
      rejected_rows: 1,
      counts: { sale: 2 },
      rejects: `/imports/${importId('dirty')}/rejects`,
    });
    const link = (await get(dirty.rejects)).json;
    expect(link.url).toContain('/files/rejects/dirty.csv?');
    expect((await get(`/imports/${importId('good')}/rejects`)).status).toBe(404);
    expect((await get('/imports/none')).status).toBe(404);
  });
});

describe('an import that lost its message', () => {
  it('is running while it moves and stalled after hours, and the main job has failed', async () => {
    const id = 'lost'.padEnd(22, '_');
    await openImport(api.database, { importId: id, key: 'drop/lost.csv', etag: 'lost', size: 9 });
    const shown = async () => [
      (await get(`/imports/${id}`)).json.status,
      (await get('/health')).json.mainJob,
    ];
    try {
      expect(await shown()).toEqual(['running', 'running']);
      await api.database.write(
        'UPDATE import_job SET updated_at = DATE_SUB(UTC_TIMESTAMP(3), INTERVAL 7 HOUR) WHERE import_id = :id',
        { id },
      );
      expect(await shown()).toEqual(['stalled', 'failed']);
    } finally {
      await api.database.write('DELETE FROM import_job WHERE import_id = :id', { id });
    }
  });
});

describe('analytics', () => {
  it('count goods by their stock', async () => {
    expect((await get('/analytics/inventory/status')).json).toEqual({
      as_of: AS_OF,
      total_products: 4,
      in_stock_count: 3,
      // A is ordered, B dismissed: nothing is left to do
      low_stock_count: 0,
      out_of_stock_count: 1,
      dead_stock_count: 1,
    });
  });

  it('sum sales per day, Monday week and month, the same in all', async () => {
    const trends = async (period: string, days: number) =>
      (await get(`/analytics/sales-trends?period=${period}&days=${days}`)).json;
    const daily = await trends('daily', 28);
    expect(daily.trends).toHaveLength(4);
    expect(daily).toMatchObject({ period_type: 'daily', days_covered: 28 });
    expect(daily.trends.at(-1)).toMatchObject({ period: AS_OF, total_sales: '3.00' });
    const weeklySums = await trends('weekly', 28);
    expect(weeklySums.trends.at(-1).period).toBe('2011-12-05');
    const units = (answer: { trends: { total_units: number }[] }) =>
      answer.trends.reduce((sum, one) => sum + one.total_units, 0);
    expect(units(weeklySums)).toBe(units(daily));
    const monthly = await trends('monthly', 28);
    expect(monthly.trends.map((one: { period: string }) => one.period)).toEqual(['2011-11-01', '2011-12-01']);
    expect(units(monthly)).toBe(units(daily));
    expect((await get('/analytics/sales-trends?days=6')).status).toBe(422);
  });

  it('summarise for the first page', async () => {
    const { json } = await get('/analytics/dashboard/summary');
    expect(json).toMatchObject({
      as_of: AS_OF,
      total_orders: 0,
      total_revenue_mtd: '6.00',
      open_suggestions: 0,
      suggested_cost: '0.00',
      suggested_elsewhere: [],
      draft_purchase_orders: 0,
      rejected_rows: 1,
      newest_run: { as_of: AS_OF, status: 'done' },
    });
  });

  it('answer zeros and empty lists while there is no data', async () => {
    const empty = await openApi();
    try {
      const ask = async (target: string) => (await empty.ask('GET', target, { as: 'viewer' })).json;
      expect(await ask('/analytics/dashboard/summary')).toMatchObject({ as_of: null, newest_run: null });
      expect(await ask('/analytics/inventory/status')).toMatchObject({ as_of: null, total_products: 0 });
      expect(await ask('/analytics/sales-trends')).toMatchObject({ trends: [] });
      expect((await ask('/forecasts')).data).toEqual([]);
      expect((await ask('/alerts')).data).toEqual([]);
      expect((await ask('/health')).mainJob).toBe('none');
    } finally {
      await empty.close();
    }
  });
});
