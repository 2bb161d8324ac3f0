import { createSecretKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { SignJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import { httpApi, httpRoute, openGateway } from './gateway-fixture.ts';
import { localFunctions } from './local-functions.ts';

const issuer = 'https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Users';
const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
const seconds = () => Math.floor(Date.now() / 1000);

const good = () => ({
  iss: issuer,
  client_id: 'client1',
  token_use: 'access',
  scope: 'stock/read stock/write',
  'cognito:groups': ['buyer', 'viewer'],
  username: 'buyer',
  iat: seconds(),
  exp: seconds() + 600,
});

const sign = (claims: object, key: KeyObject = privateKey, header: object = {}) =>
  new SignJWT({ ...claims }).setProtectedHeader({ alg: 'RS256', kid: 'key1', ...header }).sign(key);

const open = () =>
  openGateway({
    httpApi: httpApi([
      httpRoute('GET /any', { authorizer: { issuer, audience: ['client1', 'client2'], scopes: [] } }),
      httpRoute('GET /scoped', {
        authorizer: { issuer, audience: ['client1'], scopes: ['stock/count', 'stock/write'] },
      }),
      httpRoute('GET /barred', { authorizer: { issuer, audience: ['client1'], scopes: ['stock/count'] } }),
      httpRoute('GET /public'),
    ]),
    functions: localFunctions({ echo: (event) => event }),
    tokens: { keyOf: (name, id) => (name === issuer && (id ?? 'key1') === 'key1' ? publicKey : undefined) },
  });

const ask = (url: string, authorization?: string) =>
  fetch(url, authorization === undefined ? {} : { headers: { authorization } });

describe('the JWT authorizer', () => {
  it('hands the claims to the function as text, lists as [a b]', async () => {
    const gateway = await open();
    const claims = good();
    const event = (await (
      await ask(`${gateway.url}/any`, `Bearer ${await sign({ ...claims, ok: true })}`)
    ).json()) as { requestContext: { authorizer: unknown } };
    expect(event.requestContext.authorizer).toEqual({
      jwt: {
        claims: {
          ...claims,
          ok: 'true',
          'cognito:groups': '[buyer viewer]',
          iat: String(claims.iat),
          exp: String(claims.exp),
        },
        scopes: null,
      },
    });
  });

  it('hands over the scopes where the route asks for some', async () => {
    const gateway = await open();
    const answer = await ask(`${gateway.url}/scoped`, `Bearer ${await sign(good())}`);
    expect(await answer.json()).toMatchObject({
      requestContext: { authorizer: { jwt: { scopes: ['stock/read', 'stock/write'] } } },
    });
  });

  it('takes the token with or without Bearer, and the audience from aud before client_id', async () => {
    const gateway = await open();
    const url = `${gateway.url}/any`;
    expect((await ask(url, await sign(good()))).status).toBe(200);
    expect((await ask(url, `bearer ${await sign(good())}`)).status).toBe(200);
    expect((await ask(url, await sign({ ...good(), client_id: 'x', aud: ['y', 'client2'] }))).status).toBe(
      200,
    );
    expect((await ask(url, await sign({ ...good(), aud: 'y' }))).status).toBe(401);
  });

  it('answers 401 with a challenge when there is no token', async () => {
    const gateway = await open();
    for (const header of [undefined, '', 'Bearer ']) {
      const answer = await ask(`${gateway.url}/any`, header);
      expect([answer.status, await answer.json()]).toEqual([401, { message: 'Unauthorized' }]);
      expect(answer.headers.get('www-authenticate')).toBe('Bearer');
    }
  });

  it('answers 401 to every token that is not good', async () => {
    const gateway = await open();
    const now = seconds();
    const [head, payload, signature] = (await sign(good())).split('.') as [string, string, string];
    const hmac = createSecretKey(publicKey.export({ type: 'spki', format: 'pem' }) as string, 'utf8');
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const bad: Record<string, string> = {
      nonsense: 'nonsense',
      'no signature': `${head}.${payload}.`,
      'none algorithm': `${part({ alg: 'none' })}.${payload}.`,
      'HMAC by the public key': await sign(good(), hmac, { alg: 'HS256' }),
      'other claims': `${head}.${part({ ...good(), username: 'admin' })}.${signature}`,
      'a stranger’s key': await sign(good(), stranger),
      'an unknown key id': await sign(good(), privateKey, { kid: 'key2' }),
      'a stranger as issuer': await sign({ ...good(), iss: 'https://evil.example' }),
      'another audience': await sign({ ...good(), client_id: 'client3' }),
      'no audience': await sign({ ...good(), client_id: undefined }),
      expired: await sign({ ...good(), exp: now - 1 }),
      'no expiry': await sign({ ...good(), exp: undefined }),
      'not yet': await sign({ ...good(), nbf: now + 600 }),
      'from the future': await sign({ ...good(), iat: now + 600 }),
    };
    for (const [what, token] of Object.entries(bad)) {
      const answer = await ask(`${gateway.url}/any`, `Bearer ${token}`);
      expect([what, answer.status, await answer.json()]).toEqual([what, 401, { message: 'Unauthorized' }]);
      expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer scope="" error="invalid_token"/);
    }
  });

  it('answers 403 when none of the scopes of the route is granted', async () => {
    const gateway = await open();
    const answer = await ask(`${gateway.url}/barred`, `Bearer ${await sign(good())}`);
    expect([answer.status, await answer.json()]).toEqual([403, { message: 'Forbidden' }]);
    expect(answer.headers.get('www-authenticate')).toContain('error="insufficient_scope"');
  });

  it('leaves routes without an authorizer open, and never believes claims there', async () => {
    const gateway = await open();
    const event = (await (await ask(`${gateway.url}/public`, `Bearer ${await sign(good())}`)).json()) as {
      requestContext: object;
    };
    expect(event.requestContext).not.toHaveProperty('authorizer');
  });
});
