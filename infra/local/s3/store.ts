import type { Sqlite } from '../sqlite/open-sqlite.ts';
import type { Blobs } from './open-blobs.ts';
import type { Notifier } from './open-notifier.ts';
import { S3Error } from './s3-error.ts';

/** What every action on the objects works with. */
export interface Store {
  readonly sqlite: Sqlite;
  readonly blobs: Blobs;
  readonly notifier: Notifier;
  readonly region: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Refuses a bucket that does not exist. */
export function requireBucket(store: Store, bucket: string): void {
  if (store.sqlite.get('SELECT 1 FROM buckets WHERE name = ?', bucket) === undefined) {
    throw new S3Error('NoSuchBucket', 'The specified bucket does not exist');
  }
}

/** Makes a bucket; answers whether it is new. */
export function makeBucket(store: Pick<Store, 'sqlite' | 'now'>, bucket: string): boolean {
  const sql = 'INSERT OR IGNORE INTO buckets (name, created_at) VALUES (?, ?)';
  return store.sqlite.run(sql, bucket, store.now()) === 1;
}
