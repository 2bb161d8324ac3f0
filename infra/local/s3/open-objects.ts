import { join } from 'node:path';
import type { DeliverNotification, Objects } from '../services.ts';
import { openSqlite } from '../sqlite/open-sqlite.ts';
import { answerRequest } from './answer-request.ts';
import { openBlobs } from './open-blobs.ts';
import { openNotifier } from './open-notifier.ts';
import { S3_SCHEMA } from './schema.ts';
import { makeBucket, type Store } from './store.ts';
import { dropAbandonedUploads } from './upload-actions.ts';

export interface ObjectsOptions {
  /** Where the objects live; what is in it from an earlier start is kept. */
  readonly directory: string;
  /** Tells a queue or a function of a change; called again, also after a restart, until it succeeds. */
  readonly deliver: DeliverNotification;
  readonly region: string;
  /** Milliseconds since 1970; a test may let time pass. */
  readonly now?: () => number;
}

/** Opens the durable object store of one machine. Define targets of notifications before the buckets. */
export function openObjects({ directory, deliver, region, now = Date.now }: ObjectsOptions): Objects {
  const sqlite = openSqlite(join(directory, 'objects.sqlite'), S3_SCHEMA);
  const named = new Set<string>();
  for (const table of ['segments', 'parts']) {
    for (const { blob } of sqlite.all<{ blob: string }>(`SELECT blob FROM ${table}`)) named.add(blob);
  }
  const blobs = openBlobs(join(directory, 'blobs'), (blob) => named.has(blob));
  named.clear();
  const notifier = openNotifier(sqlite, deliver, { region, now });
  const store: Store = { sqlite, blobs, notifier, region, now };
  dropAbandonedUploads(store);
  return {
    handle: (request, response) => answerRequest(store, request, response),
    define(bucket) {
      makeBucket(store, bucket.name);
      notifier.define(bucket);
    },
    async close() {
      await notifier.close();
      sqlite.close();
    },
  };
}
