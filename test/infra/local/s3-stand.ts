import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { S3Client } from '@aws-sdk/client-s3';
import { openObjects } from '../../../infra/local/s3/open-objects.ts';
import type { BucketNotification, DeliverNotification } from '../../../infra/local/services.ts';
import { serveHandler } from './serve-handler.ts';

/** One record of an S3 event, as far as tests look at it. */
export interface EventRecord {
  readonly eventVersion: string;
  readonly eventName: string;
  readonly s3: {
    readonly configurationId: string;
    readonly bucket: { readonly name: string; readonly arn: string };
    readonly object: {
      readonly key: string;
      readonly size?: number;
      readonly eTag?: string;
      readonly sequencer: string;
    };
  };
}

/** The object store of a fresh folder behind a port with a bucket `data`, and the real client before it. */
export async function standUpObjects(notifications: readonly BucketNotification[] = []) {
  const directory = mkdtempSync(join(tmpdir(), 'objects-'));
  const clock = { aheadMs: 0 };
  const delivered: { targetArn: string; record: EventRecord }[] = [];
  const keep: DeliverNotification = async (targetArn, event) => {
    delivered.push({ targetArn, record: (event as { Records: [EventRecord] }).Records[0] });
  };
  const bucket = { name: 'data', arn: 'arn:aws:s3:::data', notifications };
  const open = (deliver: DeliverNotification) =>
    openObjects({ directory, deliver, region: 'eu-central-1', now: () => Date.now() + clock.aheadMs });
  let objects = open(keep);
  objects.define(bucket);
  const served = await serveHandler((request, response) => objects.handle(request, response));
  const client = new S3Client({
    endpoint: served.url,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    forcePathStyle: true,
    maxAttempts: 1,
  });
  return {
    client,
    clock,
    served,
    directory,
    delivered,
    /** How many files hold bytes of objects. */
    blobCount: () => readdirSync(join(directory, 'blobs')).length,
    /** Closes the files and opens them again, with another way to deliver if one is given. */
    async reopen(deliver: DeliverNotification = keep) {
      await objects.close();
      objects = open(deliver);
      objects.define(bucket);
    },
    async close() {
      client.destroy();
      await served.close();
      await objects.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
