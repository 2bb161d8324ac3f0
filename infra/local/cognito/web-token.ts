import { createHmac, type KeyObject, sign, timingSafeEqual } from 'node:crypto';

const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A JSON web token signed with RS256. */
export function signToken(claims: object, keyId: string, privateKey: KeyObject): string {
  const text = `${encode({ kid: keyId, alg: 'RS256' })}.${encode(claims)}`;
  return `${text}.${sign('RSA-SHA256', Buffer.from(text), privateKey).toString('base64url')}`;
}

/** A token that only the holder of the secret can read back as genuine: `payload.mac`, on purpose no JSON web token. */
export function sealToken(claims: object, secret: Buffer): string {
  const text = encode(claims);
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
}

/** The claims of a sealed token, or undefined when it is not ours. */
export function openToken(token: string, secret: Buffer): unknown {
  const [text = '', mac = ''] = token.split('.');
  const expected = createHmac('sha256', secret).update(text).digest();
  const given = Buffer.from(mac, 'base64url');
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined;
  return JSON.parse(Buffer.from(text, 'base64url').toString());
}
