import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import type { TokenKeys } from '../gateway/authorize.ts';
import { answerJson } from '../http/answer-json.ts';
import { AwsRefusal, jsonOperations } from '../http/json-operations.ts';
import type { EdgeService } from '../services.ts';
import type { UserPoolClient, UserPoolDefinition } from '../template/wiring.ts';
import { type DemoCredential, openUsers } from './demo-users.ts';
import { GuessLimit } from './guess-limit.ts';
import { issueRefreshToken, issuerOf, issueTokens, readRefreshToken } from './issue-tokens.ts';
import { openSigningKeys } from './signing-keys.ts';
import { isPasswordOf, type User } from './users.ts';

export interface CognitoOptions {
  readonly pools: readonly UserPoolDefinition[];
  /** Keys and password hashes stay here, readable by their owner only. */
  readonly directory: string;
  /** The demo users' clear passwords are written here when they are made. */
  readonly credentialsPath: string;
}

/** Cognito sign-in, and its keys for whoever checks tokens in this process. */
export interface Cognito extends EdgeService, TokenKeys {
  /** The users that this start made. */
  readonly createdUsers: readonly DemoCredential[];
}

const Input = z.object({
  AuthFlow: z.string(),
  ClientId: z.string(),
  AuthParameters: z.record(z.string(), z.string()).default({}),
});

/** InitiateAuth with a password or a refresh token, and each pool's keys at `/<poolId>/.well-known/jwks.json`. */
export async function openCognito({ pools, directory, credentialsPath }: CognitoOptions): Promise<Cognito> {
  const poolIds = pools.map(({ id }) => id);
  const keys = openSigningKeys(directory, poolIds);
  const { users, created } = await openUsers(directory, pools, credentialsPath);
  const guesses = new GuessLimit();
  const seconds = () => Math.floor(Date.now() / 1000);

  const signIn = async (pool: UserPoolDefinition, client: UserPoolClient, name: string, password: string) => {
    const username = name.toLowerCase();
    const guessed = `${pool.id}/${username}`;
    if (!guesses.take(guessed, Date.now()))
      throw new AwsRefusal('NotAuthorizedException', 'Password attempts exceeded');
    const user = users.find((one) => one.poolId === pool.id && one.username === username);
    if (!(await isPasswordOf(user, password)) || !user)
      throw new AwsRefusal('NotAuthorizedException', 'Incorrect username or password.');
    guesses.succeeded(guessed);
    refuseByStatus(user);
    const signedIn = { authTime: seconds(), originJti: randomUUID() };
    const refresh = { poolId: pool.id, clientId: client.id, sub: user.sub, ...signedIn };
    return {
      ...issueTokens(keys, pool, client, user, signedIn, seconds()),
      RefreshToken: issueRefreshToken(keys, client, refresh),
    };
  };

  const refresh = (pool: UserPoolDefinition, client: UserPoolClient, token: string) => {
    const signedIn = readRefreshToken(keys, token, seconds());
    const user = users.find(({ poolId, sub }) => poolId === signedIn?.poolId && sub === signedIn.sub);
    if (!signedIn || !user || signedIn.poolId !== pool.id || signedIn.clientId !== client.id)
      throw new AwsRefusal('NotAuthorizedException', 'Invalid Refresh Token');
    refuseByStatus(user);
    return issueTokens(keys, pool, client, user, signedIn, seconds());
  };

  const service = jsonOperations({
    async InitiateAuth(input) {
      const { data } = Input.safeParse(input);
      if (!data) throw new AwsRefusal('InvalidParameterException', 'AuthFlow and ClientId are required');
      const { pool, client } = clientOf(pools, data.ClientId);
      const needed = FLOW_PARAMETERS[data.AuthFlow];
      const flow = data.AuthFlow === 'REFRESH_TOKEN' ? 'REFRESH_TOKEN_AUTH' : data.AuthFlow;
      if (!needed || !client.authFlows.includes(`ALLOW_${flow}`))
        throw new AwsRefusal('InvalidParameterException', `${flow} flow not enabled for this client`);
      const [first = '', second = ''] = needed.map((name) => {
        const value = data.AuthParameters[name];
        if (!value) throw new AwsRefusal('InvalidParameterException', `Missing required parameter ${name}`);
        return value;
      });
      const AuthenticationResult =
        flow === 'USER_PASSWORD_AUTH'
          ? await signIn(pool, client, first, second)
          : refresh(pool, client, first);
      return { AuthenticationResult, ChallengeParameters: {} };
    },
  });

  return {
    createdUsers: created,
    keyOf(issuer, keyId) {
      const pool = pools.find((one) => issuerOf(one) === issuer);
      const key = pool && keys.ofPool(pool.id);
      return key && (keyId === undefined || key.keyId === keyId) ? key.publicKey : undefined;
    },
    async handle(request, response) {
      const poolId = /^\/([^/]+)\/\.well-known\/jwks\.json$/.exec(request.url ?? '')?.[1];
      const key = poolId === undefined ? undefined : keys.ofPool(poolId);
      if (request.method !== 'GET' || !key) return service.handle(request, response);
      const jwk = key.publicKey.export({ format: 'jwk' });
      answerJson(response, 200, { keys: [{ ...jwk, alg: 'RS256', use: 'sig', kid: key.keyId }] });
    },
  };
}

const FLOW_PARAMETERS: Readonly<Record<string, readonly string[]>> = {
  USER_PASSWORD_AUTH: ['USERNAME', 'PASSWORD'],
  REFRESH_TOKEN_AUTH: ['REFRESH_TOKEN'],
  REFRESH_TOKEN: ['REFRESH_TOKEN'],
};

function clientOf(pools: readonly UserPoolDefinition[], clientId: string) {
  for (const pool of pools) {
    const client = pool.clients.find(({ id }) => id === clientId);
    if (client) return { pool, client };
  }
  throw new AwsRefusal('ResourceNotFoundException', `User pool client ${clientId} does not exist.`);
}

function refuseByStatus({ status }: User): void {
  if (status === 'DISABLED') throw new AwsRefusal('NotAuthorizedException', 'User is disabled.');
  if (status === 'UNCONFIRMED') throw new AwsRefusal('UserNotConfirmedException', 'User is not confirmed.');
  if (status === 'RESET_REQUIRED')
    throw new AwsRefusal('PasswordResetRequiredException', 'Password reset required for the user');
}
