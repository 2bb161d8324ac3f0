import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answerRequest } from '../../../functions/api/answer-request.ts';
import { ROUTES } from '../../../functions/api/routes.ts';
import { openSignIn } from '../../../functions/api/sign-in.ts';
import { type Cognito, openCognito } from '../../../infra/local/cognito/open-cognito.ts';
import { type Gateway, startGateway } from '../../../infra/local/gateway/start-gateway.ts';
import type { HttpRoute } from '../../../infra/local/template/wiring.ts';
import { ROLES } from '../../../shared/contracts/role.ts';
import { type Api, openApi } from './api-fixture.ts';

const pool = {
  id: 'eu-west-1_Users',
  arn: 'arn:aws:cognito-idp:eu-west-1:000000000000:userpool/eu-west-1_Users',
  name: 'users',
  clients: [
    {
      id: 'client1',
      name: 'api',
      authFlows: ['ALLOW_USER_PASSWORD_AUTH'],
      accessTokenMinutes: 60,
    },
  ],
  groups: ROLES,
};
const issuer = 'https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Users';

const open = (routeKey: string): HttpRoute => ({
  routeKey,
  functionArn: 'api',
  payloadFormat: '2.0',
  timeoutMs: 30_000,
});

let home: string;
let cognito: Cognito;
let edge: Server;
let api: Api;
let gateway: Gateway;

/** Sign-in, gateway and API as they are joined on one machine, with a real database behind them. */
beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'smart-inventory-'));
  cognito = await openCognito({
    pools: [pool],
    directory: join(home, 'cognito'),
    credentialsPath: join(home, 'credentials.json'),
  });
  edge = createServer((request, response) => void cognito.handle(request, response));
  await new Promise<void>((resolve) => edge.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${(edge.address() as AddressInfo).port}`;
  const client = new CognitoIdentityProviderClient({ endpoint, region: 'eu-west-1', maxAttempts: 1 });
  api = await openApi({ signIn: openSignIn('client1', client) });
  gateway = await startGateway({
    port: 0,
    httpApi: {
      apiId: 'api1',
      name: 'api',
      stageName: '$default',
      stageVariables: {},
      routes: [
        open('GET /'),
        open('GET /assets/{proxy+}'),
        open('GET /health'),
        open('GET /health/{proxy+}'),
        open('POST /auth/token'),
        open('POST /auth/token/{proxy+}'),
        { ...open('$default'), authorizer: { issuer, audience: ['client1'], scopes: [] } },
      ],
    },
    webSocketApis: [],
    functions: {
      invoke: async (_arn, event) => ({
        ok: true,
        payload: await answerRequest(api.needs, ROUTES, JSON.parse(JSON.stringify(event))),
      }),
    },
    tokens: cognito,
  });
});
afterAll(async () => {
  await gateway.close();
  await api.close();
  edge.closeAllConnections();
  await new Promise((resolve) => edge.close(resolve));
  rmSync(home, { recursive: true, force: true });
});

const passwordOf = (role: string) => cognito.createdUsers.find(({ username }) => username === role)!.password;

async function tokenOf(role: string): Promise<string> {
  const answer = await fetch(`${gateway.url}/auth/token`, {
    method: 'POST',
    body: new URLSearchParams({ username: role, password: passwordOf(role) }),
  });
  const { access_token: token } = (await answer.json()) as { access_token: string };
  return token;
}

async function ask(role: string, path: string, init: RequestInit = {}) {
  const headers = { authorization: `Bearer ${await tokenOf(role)}`, 'content-type': 'application/json' };
  return fetch(gateway.url + path, { ...init, headers: { ...headers, ...init.headers } });
}

describe('the API behind the gateway', () => {
  it('gives a token to a form and to JSON, and a problem to a wrong password', async () => {
    const post = (body: unknown) =>
      fetch(`${gateway.url}/auth/token/`, {
        method: 'POST',
        body: JSON.stringify(body),
        headers: { 'content-type': 'application/json' },
      });
    expect(await tokenOf('viewer')).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/);
    const json = await post({ username: 'viewer', password: passwordOf('viewer') });
    expect(await json.json()).toMatchObject({ token_type: 'bearer', expires_in: 3600 });
    const wrong = await post({ username: 'viewer', password: 'wrong' });
    expect([wrong.status, wrong.headers.get('content-type')]).toEqual([401, 'application/problem+json']);
  });

  it('lets each role do its own', async () => {
    const body = JSON.stringify({ id: 'Ä/1', name: 'Tea light', unit_price: '0.42', current_stock: 3 });
    expect((await ask('viewer', '/products', { method: 'POST', body })).status).toBe(403);
    const made = await ask('planner', '/products/', { method: 'POST', body });
    expect([made.status, ((await made.json()) as { id: string }).id]).toEqual([201, 'Ä/1']);
    for (const role of ROLES) expect((await ask(role, '/products?search=tea')).status).toBe(200);
    expect((await ask('admin', '/purchase-orders/1/approve', { method: 'POST' })).status).toBe(404);
  });

  it("answers without a token with the gateway's own 401, except where all may look", async () => {
    const refused = await fetch(`${gateway.url}/products`);
    expect([refused.status, await refused.json()]).toEqual([401, { message: 'Unauthorized' }]);
    for (const path of ['/', '/health', '/health/', '/assets/app-1a2b.js'])
      expect([path, (await fetch(gateway.url + path)).status]).toEqual([path, 200]);
  });

  it('answers an unknown path with its own 404', async () => {
    const answer = await ask('viewer', '/nothing');
    expect([answer.status, answer.headers.get('content-type')]).toEqual([404, 'application/problem+json']);
  });

  it('sends files whole, gzipped or not', async () => {
    const plain = await fetch(`${gateway.url}/assets/app-1a2b.js`, {
      headers: { 'accept-encoding': 'identity' },
    });
    const zipped = await fetch(`${gateway.url}/assets/app-1a2b.js`, {
      headers: { 'accept-encoding': 'gzip' },
    });
    expect(zipped.headers.get('content-encoding')).toBe('gzip');
    expect(await zipped.text()).toBe(await plain.text());
  });

  it('makes one order of a repeated request', async () => {
    const order = {
      method: 'POST',
      body: JSON.stringify({ id: 'G1', product_id: 'Ä/1', quantity: 2 }),
      headers: { 'idempotency-key': 'once' },
    };
    const first = await ask('warehouse', '/orders', order);
    const second = await ask('warehouse', '/orders', order);
    expect([first.status, second.status]).toEqual([201, 201]);
    expect(await second.json()).toEqual(await first.json());
    expect((await ask('warehouse', '/orders', { ...order, headers: {} })).status).toBe(409);
  });
});
