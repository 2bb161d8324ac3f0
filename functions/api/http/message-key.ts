import { createHash } from 'node:crypto';

/** A name of 22 letters for an asking: the same asking gives the same name. */
export const messageKey = (asking: string): string =>
  createHash('sha256').update(asking).digest('base64url').slice(0, 22);
