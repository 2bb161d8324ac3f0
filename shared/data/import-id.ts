import { hash } from 'node:crypto';
import type { ObjectDropped } from '../contracts/messages.ts';

/** Files under it are checked and reported, and nothing of them is written. */
export const DRY_RUN_PREFIX = 'drop/dry-run/';

/** The same object is the same import, however often it is announced. */
export const importIdOf = ({ bucket, key, etag }: ObjectDropped): string =>
  hash('sha256', JSON.stringify([bucket, key, etag]), 'base64url').slice(0, 22);
