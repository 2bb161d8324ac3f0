import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import type { UserPoolClient, UserPoolDefinition } from '../template/wiring.ts';
import type { SigningKeys } from './signing-keys.ts';
import type { User } from './users.ts';
import { openToken, sealToken, signToken } from './web-token.ts';

/** What a refresh token says: who signed in, when, through which client. */
const Refresh = z.object({
  poolId: z.string(),
  clientId: z.string(),
  sub: z.string(),
  authTime: z.number(),
  originJti: z.string(),
  exp: z.number(),
});
export type Refresh = z.infer<typeof Refresh>;

/** The issuer that a pool's tokens name. */
export function issuerOf({ id, arn }: UserPoolDefinition): string {
  return `https://cognito-idp.${arn.split(':')[3]}.amazonaws.com/${id}`;
}

/** Access and id token of a user, with the claims that Cognito gives; `refresh` says when the sign-in was. */
export function issueTokens(
  keys: SigningKeys,
  pool: UserPoolDefinition,
  client: UserPoolClient,
  user: User,
  refresh: Pick<Refresh, 'authTime' | 'originJti'>,
  now: number,
) {
  const { keyId, privateKey } = keys.ofPool(pool.id)!;
  const expiresIn = client.accessTokenMinutes * 60;
  const common = {
    sub: user.sub,
    ...(user.groups.length > 0 && { 'cognito:groups': user.groups }),
    iss: issuerOf(pool),
    origin_jti: refresh.originJti,
    event_id: randomUUID(),
    auth_time: refresh.authTime,
    iat: now,
    exp: now + expiresIn,
  };
  const access = {
    ...common,
    client_id: client.id,
    token_use: 'access',
    scope: 'aws.cognito.signin.user.admin',
    jti: randomUUID(),
    username: user.username,
  };
  const id = {
    ...common,
    aud: client.id,
    token_use: 'id',
    'cognito:username': user.username,
    jti: randomUUID(),
  };
  return {
    AccessToken: signToken(access, keyId, privateKey),
    IdToken: signToken(id, keyId, privateKey),
    ExpiresIn: expiresIn,
    TokenType: 'Bearer',
  };
}

/** A token that signs in again without the password, for as long as the client allows. */
export function issueRefreshToken(
  keys: SigningKeys,
  { refreshTokenMinutes }: UserPoolClient,
  refresh: Omit<Refresh, 'exp'>,
): string {
  return sealToken({ ...refresh, exp: refresh.authTime + refreshTokenMinutes * 60 }, keys.refreshSecret);
}

/** The sign-in behind a refresh token that is genuine and still good, else undefined. */
export function readRefreshToken(keys: SigningKeys, token: string, now: number): Refresh | undefined {
  const { data } = Refresh.safeParse(openToken(token, keys.refreshSecret));
  return data && data.exp > now ? data : undefined;
}
