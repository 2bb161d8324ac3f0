import { type KeyObject, verify } from 'node:crypto';
import type { JwtAuthorizer } from '../template/wiring.ts';

/** Who made tokens: the keys by which an issuer's signatures are checked. */
export interface TokenKeys {
  /** The public RSA key of this id of this issuer, or undefined when the issuer is not known here. */
  keyOf(issuer: string, keyId: string | undefined): KeyObject | undefined;
}

/** Either the caller's claims, or the gateway's own refusal. */
export type Authorization =
  | {
      readonly ok: true;
      readonly claims: Readonly<Record<string, string>>;
      readonly scopes: readonly string[] | null;
    }
  | { readonly ok: false; readonly status: 401 | 403; readonly challenge: string };

type Claims = Readonly<Record<string, unknown>>;

/**
 * Checks a bearer token as an HTTP API's JWT authorizer does: RS256 signature by the issuer's key, `iss`, `aud` (or
 * `client_id` where there is no `aud`), `exp`, `nbf`, `iat`, then that one of the route's scopes is granted.
 */
export function authorize(
  header: string | undefined,
  wanted: JwtAuthorizer,
  keys: TokenKeys,
  now: Date,
): Authorization {
  const token = header?.replace(/^Bearer(\s+|$)/i, '').trim();
  if (!token) return { ok: false, status: 401, challenge: 'Bearer' };
  const claims = readSigned(token, wanted.issuer, keys);
  const problem = typeof claims === 'string' ? claims : claimProblem(claims, wanted, now.getTime() / 1000);
  if (problem !== undefined || typeof claims === 'string') return refuse(401, 'invalid_token', problem ?? '');
  if (wanted.scopes.length > 0) {
    const granted = scopesOf(claims);
    if (!wanted.scopes.some((scope) => granted.includes(scope)))
      return refuse(403, 'insufficient_scope', 'the token does not have a valid scope', wanted.scopes);
  }
  return {
    ok: true,
    claims: flatten(claims),
    scopes: wanted.scopes.length > 0 ? scopesOf(claims) : null,
  };
}

function refuse(status: 401 | 403, error: string, description: string, scopes: readonly string[] = []) {
  const challenge = `Bearer scope="${scopes.join(' ')}" error="${error}" error_description="${description}"`;
  return { ok: false, status, challenge } as const;
}

function readSigned(token: string, issuer: string, keys: TokenKeys): Claims | string {
  const [head, payload, signature, ...more] = token.split('.');
  const header = parsePart(head);
  const claims = parsePart(payload);
  if (!header || !claims || signature === undefined || more.length > 0) return 'the token is malformed';
  // Only the algorithm that this side expects: a token never chooses how it is checked.
  if (header.alg !== 'RS256') return 'signing method is invalid';
  if (claims.iss !== issuer) return 'the token does not have a valid issuer';
  const key = keys.keyOf(issuer, typeof header.kid === 'string' ? header.kid : undefined);
  if (!key) return 'unable to find a signing key that matches';
  const isSigned = verify(
    'RSA-SHA256',
    Buffer.from(`${head}.${payload}`),
    key,
    Buffer.from(signature, 'base64url'),
  );
  return isSigned ? claims : 'the token has an invalid signature';
}

function claimProblem(claims: Claims, wanted: JwtAuthorizer, now: number): string | undefined {
  const audiences = claims.aud === undefined ? [claims.client_id] : [claims.aud].flat();
  if (!audiences.some((audience) => wanted.audience.includes(String(audience))))
    return 'the token does not have a valid audience';
  if (typeof claims.exp !== 'number' || claims.exp <= now) return 'the token has expired';
  if (claims.nbf !== undefined && !(Number(claims.nbf) <= now)) return 'the token is not valid yet';
  // A second of grace: issuers round `iat`, and two clocks never agree entirely.
  if (claims.iat !== undefined && !(Number(claims.iat) <= now + 1))
    return 'the token was issued in the future';
  return undefined;
}

function scopesOf(claims: Claims): string[] {
  const granted = claims.scope ?? claims.scp;
  if (Array.isArray(granted)) return granted.map(String);
  return typeof granted === 'string' ? granted.split(' ').filter((scope) => scope !== '') : [];
}

/** Every claim as the text in which a function receives it: lists as `[a b]`. */
function flatten(claims: Claims): Record<string, string> {
  return Object.fromEntries(
    Object.entries(claims).map(([name, value]) => [
      name,
      Array.isArray(value)
        ? `[${value.join(' ')}]`
        : value !== null && typeof value === 'object'
          ? JSON.stringify(value)
          : String(value),
    ]),
  );
}

function parsePart(part: string | undefined): Claims | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part ?? '', 'base64url').toString());
    return value !== null && typeof value === 'object' && !Array.isArray(value)
      ? (value as Claims)
      : undefined;
  } catch {
    return undefined;
  }
}
