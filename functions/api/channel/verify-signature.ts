import { createHmac, timingSafeEqual } from 'node:crypto';
import type { ShopSystem } from '../../../shared/contracts/api/connection.ts';

/** A request as it came: what a signature covers. */
export interface SignedRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** The address that the shop posted to; only Square signs it. */
  readonly url: string;
}

const HEADER: Readonly<Record<ShopSystem, string>> = {
  shopify: 'x-shopify-hmac-sha256',
  woocommerce: 'x-wc-webhook-signature',
  square: 'x-square-hmacsha256-signature',
};

/** Whether whoever sent this knows the secret: HMAC-SHA256 over the bytes as they came, compared in constant time. */
export function hasRightSignature(
  system: ShopSystem,
  secret: string,
  { headers, body, url }: SignedRequest,
): boolean {
  const given = headers[HEADER[system]];
  if (given === undefined) return false;
  const hmac = createHmac('sha256', secret);
  if (system === 'square') hmac.update(url);
  const expected = hmac.update(body).digest();
  const bytes = Buffer.from(given, 'base64');
  return bytes.length === expected.length && timingSafeEqual(bytes, expected);
}
