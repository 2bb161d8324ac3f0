import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  CognitoIdentityProviderClient,
  InitiateAuthCommand,
  InvalidParameterException,
  NotAuthorizedException,
  PasswordResetRequiredException,
  ResourceNotFoundException,
  UserNotConfirmedException,
} from '@aws-sdk/client-cognito-identity-provider';
import { createRemoteJWKSet, decodeJwt, jwtVerify } from 'jose';
import { describe, expect, it } from 'vitest';
import { type Cognito, openCognito } from '../../../infra/local/cognito/open-cognito.ts';
import type { UserPoolDefinition } from '../../../infra/local/template/wiring.ts';
import { serveEdge } from './serve-edge.ts';
import { tempFolder } from './temp-folder.ts';

const roles = ['viewer', 'planner', 'buyer', 'approver', 'warehouse', 'admin'];
const pool: UserPoolDefinition = {
  id: 'eu-west-1_Users',
  arn: 'arn:aws:cognito-idp:eu-west-1:000000000000:userpool/eu-west-1_Users',
  name: 'users',
  clients: [
    {
      id: 'client1',
      name: 'api',
      authFlows: ['ALLOW_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
      accessTokenMinutes: 60,
      refreshTokenMinutes: 1440,
    },
    {
      id: 'locked',
      name: 'locked',
      authFlows: ['ALLOW_USER_SRP_AUTH'],
      accessTokenMinutes: 60,
      refreshTokenMinutes: 1440,
    },
  ],
  groups: roles,
};
const issuer = 'https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Users';

const open = (home: string, pools = [pool]) =>
  openCognito({ pools, directory: join(home, 'cognito'), credentialsPath: join(home, 'credentials.json') });

async function signInClient(cognito: Cognito) {
  const url = await serveEdge(cognito);
  const sdk = new CognitoIdentityProviderClient({ endpoint: url, region: 'eu-west-1', maxAttempts: 1 });
  const initiate = (AuthFlow: string, AuthParameters: Record<string, string>, ClientId = 'client1') =>
    sdk.send(new InitiateAuthCommand({ AuthFlow: AuthFlow as never, ClientId, AuthParameters }));
  return {
    url,
    initiate,
    byPassword: (USERNAME: string, PASSWORD: string, clientId?: string) =>
      initiate('USER_PASSWORD_AUTH', { USERNAME, PASSWORD }, clientId),
  };
}

const passwordOf = (cognito: Cognito, username: string) =>
  cognito.createdUsers.find((user) => user.username === username)!.password;

describe('local sign-in', () => {
  it('makes one user for each group, with a password given once and a private file of them', async () => {
    const home = tempFolder();
    const cognito = await open(home);
    expect(cognito.createdUsers.map((user) => [user.username, user.roles])).toEqual(
      roles.map((role) => [role, [role]]),
    );
    expect(new Set(cognito.createdUsers.map((user) => user.password)).size).toBe(roles.length);
    const path = join(home, 'credentials.json');
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual({ users: cognito.createdUsers });
    expect(statSync(path).mode & 0o777).toBe(0o600);
    for (const name of ['cognito-keys.json', 'cognito-users.json'])
      expect(statSync(join(home, 'cognito', name)).mode & 0o777).toBe(0o600);
    const stored = readFileSync(join(home, 'cognito', 'cognito-users.json'), 'utf8');
    for (const { password } of cognito.createdUsers) expect(stored).not.toContain(password);
  });

  it("gives an access token with Cognito's claims, signed by the published key", async () => {
    const cognito = await open(tempFolder());
    const { url, byPassword } = await signInClient(cognito);
    const { AuthenticationResult: result } = await byPassword('approver', passwordOf(cognito, 'approver'));
    expect(result).toMatchObject({ ExpiresIn: 3600, TokenType: 'Bearer' });
    const jwks = createRemoteJWKSet(new URL(`${url}/${pool.id}/.well-known/jwks.json`));
    const { payload, protectedHeader } = await jwtVerify(result!.AccessToken!, jwks, { issuer });
    expect(protectedHeader).toEqual({ alg: 'RS256', kid: expect.any(String) });
    expect(payload).toMatchObject({
      client_id: 'client1',
      token_use: 'access',
      scope: 'aws.cognito.signin.user.admin',
      'cognito:groups': ['approver'],
      username: 'approver',
      sub: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    expect(payload.exp! - payload.iat!).toBe(3600);
    const id = await jwtVerify(result!.IdToken!, jwks, { issuer, audience: 'client1' });
    expect(id.payload).toMatchObject({ token_use: 'id', 'cognito:username': 'approver', sub: payload.sub });
  });

  it('keeps users and keys over a restart, and makes no password twice', async () => {
    const home = tempFolder();
    const first = await open(home);
    const before = await signInClient(first);
    const { AuthenticationResult: result } = await before.byPassword('viewer', passwordOf(first, 'viewer'));
    const second = await open(home);
    expect(second.createdUsers).toEqual([]);
    const after = await signInClient(second);
    const jwks = createRemoteJWKSet(new URL(`${after.url}/${pool.id}/.well-known/jwks.json`));
    await jwtVerify(result!.AccessToken!, jwks, { issuer });
    await after.byPassword('viewer', passwordOf(first, 'viewer'));
    await after.initiate('REFRESH_TOKEN_AUTH', { REFRESH_TOKEN: result!.RefreshToken! });
  });

  it('takes the passwords of the credentials file when the users are gone', async () => {
    const home = tempFolder();
    const first = await open(home);
    rmSync(join(home, 'cognito', 'cognito-users.json'));
    const second = await open(home);
    expect(second.createdUsers).toEqual(first.createdUsers);
  });

  it('makes a user for a group that came later and leaves the others alone', async () => {
    const home = tempFolder();
    const first = await open(home, [{ ...pool, groups: ['viewer'] }]);
    const second = await open(home, [{ ...pool, groups: ['viewer', 'auditor'] }]);
    expect(second.createdUsers.map((user) => user.username)).toEqual(['auditor']);
    const stored = JSON.parse(readFileSync(join(home, 'credentials.json'), 'utf8')) as object;
    expect(stored).toEqual({ users: [...first.createdUsers, ...second.createdUsers] });
  });

  it('renews tokens by a refresh token, which it does not renew', async () => {
    const cognito = await open(tempFolder());
    const { initiate, byPassword } = await signInClient(cognito);
    const { AuthenticationResult: first } = await byPassword('buyer', passwordOf(cognito, 'buyer'));
    for (const flow of ['REFRESH_TOKEN_AUTH', 'REFRESH_TOKEN']) {
      const { AuthenticationResult: again } = await initiate(flow, { REFRESH_TOKEN: first!.RefreshToken! });
      expect(again!.RefreshToken).toBeUndefined();
      const [old, renewed] = [decodeJwt(first!.AccessToken!), decodeJwt(again!.AccessToken!)];
      expect(renewed).toMatchObject({ sub: old.sub, origin_jti: old.origin_jti, auth_time: old.auth_time });
      expect(renewed.jti).not.toBe(old.jti);
    }
  });

  it('refuses a refresh token once the time that the client allows is over', async () => {
    const clients = [{ ...pool.clients[0]!, refreshTokenMinutes: 0 }];
    const cognito = await open(tempFolder(), [{ ...pool, clients }]);
    const { byPassword, initiate } = await signInClient(cognito);
    const { AuthenticationResult: result } = await byPassword('buyer', passwordOf(cognito, 'buyer'));
    await expect(
      initiate('REFRESH_TOKEN_AUTH', { REFRESH_TOKEN: result!.RefreshToken! }),
    ).rejects.toBeInstanceOf(NotAuthorizedException);
  });

  it('refuses a refresh token that was changed or that is another token', async () => {
    const cognito = await open(tempFolder());
    const { initiate, byPassword } = await signInClient(cognito);
    const { AuthenticationResult: result } = await byPassword('buyer', passwordOf(cognito, 'buyer'));
    const { RefreshToken: token, AccessToken } = result!;
    const flipped = token!.endsWith('A') ? 'B' : 'A';
    for (const REFRESH_TOKEN of [`${token!.slice(0, -2)}${flipped}_`, AccessToken!, 'x', '.'])
      await expect(initiate('REFRESH_TOKEN_AUTH', { REFRESH_TOKEN })).rejects.toBeInstanceOf(
        NotAuthorizedException,
      );
  });

  it('answers a wrong password and an unknown user alike', async () => {
    const { byPassword } = await signInClient(await open(tempFolder()));
    for (const name of ['viewer', 'nobody'])
      await expect(byPassword(name, 'wrong')).rejects.toMatchObject({
        name: 'NotAuthorizedException',
        message: 'Incorrect username or password.',
      });
  });

  it('reads user names in any case', async () => {
    const cognito = await open(tempFolder());
    const { byPassword } = await signInClient(cognito);
    await byPassword('Viewer', passwordOf(cognito, 'viewer'));
  });

  it('stops guessing after ten wrong passwords of one user in a minute, and no other user', async () => {
    const cognito = await open(tempFolder());
    const { byPassword } = await signInClient(cognito);
    const tries = Array.from({ length: 12 }, (_, i) => byPassword('viewer', `wrong${i}`));
    const messages = (await Promise.allSettled(tries)).map(
      (one) => (one as PromiseRejectedResult).reason.message as string,
    );
    expect(messages.filter((message) => message === 'Incorrect username or password.')).toHaveLength(10);
    await expect(byPassword('VIEWER', passwordOf(cognito, 'viewer'))).rejects.toMatchObject({
      name: 'NotAuthorizedException',
      message: 'Password attempts exceeded',
    });
    await byPassword('admin', passwordOf(cognito, 'admin'));
  });

  it('refuses unknown clients, flows that the client does not allow, and missing parameters', async () => {
    const cognito = await open(tempFolder());
    const { initiate, byPassword } = await signInClient(cognito);
    const password = passwordOf(cognito, 'viewer');
    await expect(byPassword('viewer', password, 'other')).rejects.toBeInstanceOf(ResourceNotFoundException);
    await expect(byPassword('viewer', password, 'locked')).rejects.toBeInstanceOf(InvalidParameterException);
    await expect(initiate('USER_SRP_AUTH', { USERNAME: 'viewer' })).rejects.toBeInstanceOf(
      InvalidParameterException,
    );
    await expect(initiate('USER_PASSWORD_AUTH', { USERNAME: 'viewer' })).rejects.toMatchObject({
      name: 'InvalidParameterException',
      message: 'Missing required parameter PASSWORD',
    });
  });

  it('refuses users who must reset their password, are not confirmed, or are disabled', async () => {
    const home = tempFolder();
    const first = await open(home);
    const path = join(home, 'cognito', 'cognito-users.json');
    const statuses = { viewer: 'RESET_REQUIRED', planner: 'UNCONFIRMED', buyer: 'DISABLED' };
    const stored = JSON.parse(readFileSync(path, 'utf8')) as {
      users: { username: string; status: string }[];
    };
    for (const user of stored.users)
      user.status = statuses[user.username as keyof typeof statuses] ?? user.status;
    writeFileSync(path, JSON.stringify(stored));
    const { byPassword } = await signInClient(await open(home));
    const expected = {
      viewer: PasswordResetRequiredException,
      planner: UserNotConfirmedException,
      buyer: NotAuthorizedException,
    };
    for (const [name, type] of Object.entries(expected)) {
      await expect(byPassword(name, passwordOf(first, name))).rejects.toBeInstanceOf(type);
      // Only who knows the password learns of the state.
      await expect(byPassword(name, 'wrong')).rejects.toMatchObject({
        message: 'Incorrect username or password.',
      });
    }
  });
});
