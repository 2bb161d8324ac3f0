import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROUTES } from '../../../functions/api/routes.ts';
import { Fault } from '../../../shared/contracts/fault.ts';
import type { Database } from '../../../shared/data/sql/database.ts';
import { type Api, openApi } from './api-fixture.ts';

let api: Api;
beforeAll(async () => {
  api = await openApi();
});
afterAll(() => api.close());

const PROBLEM = 'application/problem+json';

describe('who may ask', () => {
  it('answers 401 to every route that is not public when there is no token', async () => {
    const closed = ROUTES.filter((route) => route.roles !== 'public');
    expect(closed.length).toBeGreaterThan(25);
    for (const { method, path } of closed) {
      const answer = await api.ask(method, path.replace(/\{\w+\}/g, '1'));
      expect([path, answer.status, answer.headers['content-type']]).toEqual([path, 401, PROBLEM]);
      expect(answer.headers['www-authenticate']).toBe('Bearer');
    }
  });

  it('leaves only the agreed routes open', () => {
    const open = ROUTES.filter((route) => route.roles === 'public').map(
      ({ method, path }) => `${method} ${path}`,
    );
    expect(open.sort()).toEqual(
      [
        'GET ',
        'GET /docs',
        'GET /health',
        'GET /openapi.json',
        'POST /auth/token',
        'POST /webhooks/{connection}',
      ].sort(),
    );
  });

  it('does not take an id token for an access token', async () => {
    const answer = await api.ask('GET', '/products', { as: 'viewer', claims: { token_use: 'id' } });
    expect(answer.status).toBe(401);
  });

  it('answers 403 without the role and lets admin do everything', async () => {
    const answer = await api.ask('POST', '/purchase-orders/1/approve', { as: 'viewer planner buyer' });
    expect([answer.status, answer.headers['content-type']]).toEqual([403, PROBLEM]);
    for (const role of ['approver', 'admin'])
      expect((await api.ask('POST', '/purchase-orders/1/approve', { as: role })).status).toBe(404);
    expect((await api.ask('GET', '/products', { as: 'stranger' })).status).toBe(403);
  });
});

describe('paths', () => {
  it('mean the same with and without a slash at the end', async () => {
    for (const path of ['/health', '/products', '/openapi.json', '/docs', '/orders/recent']) {
      const plain = await api.ask('GET', path, { as: 'viewer' });
      const slashed = await api.ask('GET', `${path}/`, { as: 'viewer' });
      expect([path, slashed.status, slashed.text]).toEqual([path, 200, plain.text]);
    }
  });

  it('answer 404 where there is nothing and 405 with Allow for another method', async () => {
    const nothing = await api.ask('GET', '/nothing', { as: 'viewer' });
    expect([nothing.status, nothing.headers['content-type']]).toEqual([404, PROBLEM]);
    expect(nothing.json).toMatchObject({ title: 'Not found', status: 404 });
    const other = await api.ask('DELETE', '/products', { as: 'viewer' });
    expect([other.status, other.headers.allow]).toEqual([405, 'GET, POST']);
    expect(other.headers['content-type']).toBe(PROBLEM);
  });

  it('answer HEAD like GET', async () => {
    expect((await api.ask('HEAD', '/health')).status).toBe(200);
  });
});

describe('input', () => {
  it('answers 422 naming each field that the route does not know, however deep it lies', async () => {
    const refusal = async (method: string, path: string, body: object) => {
      const { status, json } = await api.ask(method, path, { as: 'admin', body });
      return [
        status,
        (json.errors ?? []).map((one: { field: string; reason: string }) => `${one.field} ${one.reason}`),
      ];
    };
    expect(
      await refusal('POST', '/purchase-orders/1/receipts', {
        lines: [{ product_id: 'A', quantity: 1, damage: 1 }],
      }),
    ).toEqual([422, ['lines.0.damage is not known here']]);
    expect(await refusal('PUT', '/policies/P/MAIN', { foo: 1, constructor: 2 })).toEqual([
      422,
      ['foo is not known here', 'constructor is not known here'],
    ]);
    expect(await refusal('POST', '/allocations', { limit: { budget: 1, money: 2 }, of: 'x' })).toEqual([
      422,
      [expect.stringMatching(/^of /), 'limit.money is not known here'],
    ]);
    // strict contracts of their own say it likewise
    expect(await refusal('POST', '/policies/evaluations', { seriesInClass: 3 })).toEqual([
      422,
      ['seriesInClass is not known here'],
    ]);
  });

  it('leaves records, tokens of OAuth 2 and whole bodies of a route that takes none alone', async () => {
    const text = 'grant_type=password&username=ann&password=right&scope=';
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    expect((await api.ask('POST', '/auth/token', { text, headers })).status).toBe(200);
    const columns = { product_id: 'Artikel', anything: 'else' };
    const { json } = await api.ask('POST', '/imports/mappings', {
      as: 'admin',
      body: { name: 'Till', headers: ['Artikel'], template: 'sales_lines', columns },
    });
    expect(JSON.stringify(json)).not.toContain('is not known here');
  });

  it('refuses more decimals than are kept, and not what arithmetic leaves behind', async () => {
    const make = async (id: string, cost: unknown) => {
      const { status, json } = await api.ask('POST', '/products', {
        as: 'admin',
        body: { id, name: id, cost },
      });
      return [status, json.cost ?? json.errors];
    };
    const tooMany = [{ field: 'cost', reason: 'has more than the 4 decimals that are kept' }];
    expect(await make('D1', '0.00001')).toEqual([422, tooMany]);
    expect(await make('D1', 2.55001)).toEqual([422, tooMany]);
    expect(await make('D1', '99999998.12345')).toEqual([422, tooMany]);
    expect(await make('D1', 0.1 + 0.2)).toEqual([201, '0.30']);
    expect(await make('D2', '2.55550000')).toEqual([201, '2.5555']);
    expect(await make('D3', 99_999_998.1234)).toEqual([201, '99999998.1234']);
    const supplier = await api.ask('POST', '/suppliers', {
      as: 'admin',
      body: { id: 'CENTS', name: 'Cents', minimum_order: '10.005' },
    });
    expect(supplier.json.errors).toEqual([{ field: 'minimum_order', reason: 'is no whole number of cents' }]);
  });

  it('refuses a status that there is not, and a period that ends before it begins', async () => {
    expect((await api.ask('GET', '/purchase-orders?status=banana', { as: 'viewer' })).status).toBe(422);
    expect((await api.ask('GET', '/purchase-orders?status=draft', { as: 'viewer' })).status).toBe(200);
    await api.database.write(`INSERT INTO supplier (supplier_id, supplier_name) VALUES ('SCORED', 'Scored')`);
    const card = (query: string) => api.ask('GET', `/suppliers/SCORED/scorecard?${query}`, { as: 'viewer' });
    const refused = await card('from=2011-12-02&to=2011-12-01');
    expect([refused.status, refused.json.errors]).toEqual([
      422,
      [{ field: 'from', reason: 'is later than 2011-12-01' }],
    ]);
    expect((await card('from=2999-01-01')).status).toBe(422);
    expect((await card('from=2011-12-01&to=2011-12-01')).status).toBe(200);
  });

  it('answers 422 naming each wrong field', async () => {
    const answer = await api.ask('POST', '/products', { as: 'planner', body: { unit_price: 'x', name: '' } });
    expect([answer.status, answer.headers['content-type']]).toEqual([422, PROBLEM]);
    expect(answer.json.errors.map((error: { field: string }) => error.field).sort()).toEqual([
      'id',
      'name',
      'unit_price',
    ]);
    expect(answer.json).toMatchObject({ title: 'Invalid input', status: 422, detail: expect.any(String) });
  });

  it('answers 422 to a query or a path that makes no sense', async () => {
    for (const target of [
      '/products?limit=0',
      '/products?skip=-1',
      '/suggestions/x',
      '/orders?start_date=now',
    ])
      expect([target, (await api.ask('GET', target, { as: 'viewer' })).status]).toEqual([target, 422]);
  });

  it('answers 422 to a body that is no JSON or no object', async () => {
    for (const text of ['{', '[]', '"x"', '7'])
      expect((await api.ask('POST', '/products', { as: 'planner', text })).status).toBe(422);
  });
});

describe('POST /auth/token', () => {
  it('takes JSON and a form', async () => {
    const body = { username: 'ann', password: 'right' };
    const expected = { access_token: 'token of ann', token_type: 'bearer', expires_in: 3600 };
    expect((await api.ask('POST', '/auth/token', { body })).json).toEqual(expected);
    const form = await api.ask('POST', '/auth/token', {
      text: 'username=ann&password=right',
      headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
    });
    expect(form.json).toEqual(expected);
    expect(form.headers['cache-control']).toBe('no-store');
  });

  it('answers 401 to a wrong password and 422 without one', async () => {
    const wrong = await api.ask('POST', '/auth/token', { body: { username: 'ann', password: 'wrong' } });
    expect([wrong.status, wrong.headers['content-type']]).toEqual([401, PROBLEM]);
    expect((await api.ask('POST', '/auth/token', { body: { username: 'ann' } })).status).toBe(422);
  });
});

describe('the service itself', () => {
  it('tells of its health, of the database and of the main job', async () => {
    const answer = await api.ask('GET', '/health');
    expect(answer.json).toMatchObject({
      status: 'ok',
      service: 'smart-inventory',
      database: 'up',
      mainJob: 'none',
    });
  });

  it('answers for its health without asking the database, where that would keep it awake', async () => {
    let asked = 0;
    const ask = () => {
      asked++;
      return Promise.reject(new Error('asked'));
    };
    const database: Database = { select: ask, write: ask, transaction: ask };
    const sleepy = await openApi({ database, healthAsksDatabase: false });
    try {
      const { status, json } = await sleepy.ask('GET', '/health');
      expect([status, json.status, json.database, json.mainJob]).toEqual([200, 'ok', 'unasked', 'none']);
      expect(asked).toBe(0);
    } finally {
      await sleepy.close();
    }
  });

  it('serves the page to browsers and a list to programs', async () => {
    const page = await api.ask('GET', '/', { headers: { accept: 'text/html,*/*' } });
    expect(page.text).toContain('<title>dashboard</title>');
    expect(page.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(page.headers['content-security-policy']).toContain("default-src 'self'");
    expect(page.headers['content-security-policy']).toContain('wss://stream.example');
    expect(page.headers['cache-control']).toBe('no-cache');
    const list = await api.ask('GET', '/', { headers: { accept: '*/*' } });
    expect(list.json).toMatchObject({ smape: null, docs: '/docs', endpoints: { products: '/products' } });
  });

  it('serves hashed files for ever, gzipped to who takes it, and nothing beside its folder', async () => {
    const plain = await api.ask('GET', '/assets/app-1a2b.js');
    expect(plain.text).toContain('console.log(1);');
    expect(plain.headers['cache-control']).toContain('immutable');
    const zipped = await api.ask('GET', '/assets/app-1a2b.js', {
      headers: { 'accept-encoding': 'gzip, br' },
    });
    expect(zipped.headers['content-encoding']).toBe('gzip');
    expect(zipped.text.length).toBeLessThan(plain.text.length);
    const again = await api.ask('GET', '/assets/app-1a2b.js', {
      headers: { 'if-none-match': plain.headers.etag! },
    });
    expect([again.status, again.text]).toEqual([304, '']);
    for (const path of ['/../package.json', '/assets/../../package.json', '/assets', '/assets/none.js'])
      expect([path, (await api.ask('GET', path)).status]).toEqual([path, 404]);
  });

  it('describes every route in OpenAPI 3.1 and on the page', async () => {
    const { json } = await api.ask('GET', '/openapi.json');
    expect(json.openapi).toBe('3.1.0');
    const described = Object.entries(json.paths).flatMap(([path, operations]) =>
      Object.keys(operations as object).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(described.sort()).toEqual(ROUTES.map(({ method, path }) => `${method} ${path || '/'}`).sort());
    const create = json.paths['/orders'].post;
    expect(create.requestBody.content['application/json'].schema).toMatchObject({
      required: ['id'],
      anyOf: [{ required: ['product_id', 'quantity'] }, { required: ['lines'] }],
    });
    expect(create.parameters).toContainEqual(expect.objectContaining({ name: 'Idempotency-Key' }));
    const ids = Object.values(json.paths).flatMap((operations) =>
      Object.values(operations as Record<string, { operationId: string }>).map((one) => one.operationId),
    );
    expect(new Set(ids).size).toBe(ids.length);
    const page = await api.ask('GET', '/docs');
    expect(page.headers['content-type']).toBe('text/html; charset=utf-8');
    for (const { path } of ROUTES) expect(page.text).toContain(`<code>${path || '/'}</code>`);
    expect(page.text).not.toMatch(/<script|https?:\/\//);
  });

  it('gives a ticket for the event stream', async () => {
    const { status, json } = await api.ask('POST', '/stream/tickets', { as: 'viewer' });
    expect(status).toBe(201);
    expect(json).toEqual({
      ticket: expect.stringMatching(/^[\w-]{43}$/),
      url: `wss://stream.example/live?ticket=${json.ticket}`,
      expires_in: 60,
    });
  });
});

describe('failures', () => {
  const failing = (error: unknown): Database => {
    const fail = () => Promise.reject(error);
    return { select: fail, write: fail, transaction: fail };
  };

  it('answers 503 with Retry-After while the database resumes, and health says so', async () => {
    const database = failing(new Fault('unavailable', 'The database is resuming'));
    const resuming = await openApi({ database });
    try {
      const answer = await resuming.ask('GET', '/products', { as: 'viewer' });
      expect([answer.status, answer.headers['retry-after']]).toEqual([503, '5']);
      expect(answer.headers['content-type']).toBe(PROBLEM);
      const health = await resuming.ask('GET', '/health');
      expect([health.status, health.json.status, health.json.database]).toEqual([
        200,
        'degraded',
        'resuming',
      ]);
    } finally {
      await resuming.close();
    }
  });

  it('reports a bug, answers 500 with the request id and gives nothing away', async () => {
    const broken = await openApi({ database: failing(new Error('secret detail')) });
    try {
      const answer = await broken.ask('GET', '/products', { as: 'viewer' });
      expect(answer.status).toBe(500);
      expect(answer.text).not.toContain('secret');
      expect(answer.json.detail).toContain(answer.json.request_id);
      expect(broken.reports).toHaveLength(1);
    } finally {
      await broken.close();
    }
  });

  it('keeps an effect whose events cannot leave yet', async () => {
    const failed = await openApi({ publishEvents: () => Promise.reject(new Error('bus')) });
    try {
      const body = { id: 'P1', name: 'One' };
      expect((await failed.ask('POST', '/products', { as: 'planner', body })).status).toBe(201);
      expect(failed.reports).toHaveLength(1);
      expect((await failed.ask('GET', '/products/P1', { as: 'viewer' })).status).toBe(200);
    } finally {
      await failed.close();
    }
  });
});

describe('rate limits', () => {
  it('let 100 requests a minute and address pass, over all containers, and say when to come back', async () => {
    const limited = await openApi({ isRateLimited: true });
    try {
      for (let i = 0; i < 100; i += 1)
        expect((await limited.ask('GET', '/sellers', { as: 'viewer' })).status).toBe(200);
      const answer = await limited.ask('GET', '/sellers', { as: 'viewer' });
      expect([answer.status, answer.headers['content-type']]).toEqual([429, PROBLEM]);
      expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
      expect(Number(answer.headers['retry-after'])).toBeLessThanOrEqual(60);
      expect((await limited.ask('GET', '/health')).status).toBe(200);
    } finally {
      await limited.close();
    }
  });

  it('begin anew with the next window, and hold a user over an hour whatever the address', async () => {
    let now = new Date('2011-12-10T08:00:00Z');
    const limited = await openApi({ isRateLimited: true, now: () => now });
    try {
      await limited.database.write(
        `INSERT INTO request_window (subject, window_start, requests) VALUES
           ('address:127.0.0.1', '2011-12-10 08:00:00.000', 100), ('user:viewer', '2011-12-10 08:00:00.000', 998)`,
      );
      const ask = async () => (await limited.ask('GET', '/sellers', { as: 'viewer' })).status;
      expect(await ask()).toBe(429);
      now = new Date('2011-12-10T08:01:00Z');
      expect(await ask()).toBe(200);
      expect(await ask()).toBe(429);
      now = new Date('2011-12-10T09:00:00Z');
      expect(await ask()).toBe(200);
    } finally {
      await limited.close();
    }
  });
});
