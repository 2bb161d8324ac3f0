import { hash } from 'node:crypto';

/** 12 letters that stand for the values of an order line, as `sales.content_hash` keeps them. */
export const contentHashOf = (values: readonly unknown[]): string =>
  hash('sha256', JSON.stringify(values), 'base64url').slice(0, 12);
