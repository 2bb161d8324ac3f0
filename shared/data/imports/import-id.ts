import { hash } from 'node:crypto';
import type { ObjectDropped } from '../../contracts/messages.ts';

/** Files under it are checked and reported, and nothing of them is written. */
export const DRY_RUN_PREFIX = 'drop/dry-run/';

/** The same object is the same import, however often it is announced; put there anew after an undo it is the next `round`. */
export const importIdOf = ({ bucket, key, etag }: ObjectDropped, round = 1): string =>
  hash(
    'sha256',
    JSON.stringify(round === 1 ? [bucket, key, etag] : [bucket, key, etag, round]),
    'base64url',
  ).slice(0, 22);
