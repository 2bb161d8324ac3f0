import { type Answer, emptyAnswer, isoTime, xmlAnswer } from './answer.ts';
import type { S3Request } from './read-request.ts';
import { S3Error } from './s3-error.ts';
import { makeBucket, requireBucket, type Store } from './store.ts';

const OWNER = { ID: 'local', DisplayName: 'local' };

/** All buckets. */
export function listBuckets(store: Store): Answer {
  const rows = store.sqlite.all<{ name: string; created_at: number }>('SELECT * FROM buckets ORDER BY name');
  const Bucket = rows.map((row) => ({ Name: row.name, CreationDate: isoTime(row.created_at) }));
  return xmlAnswer('ListAllMyBucketsResult', { Owner: OWNER, Buckets: { Bucket } });
}

/** A new bucket. As in AWS, making it again is an error everywhere but in us-east-1. */
export function createBucket(store: Store, bucket: string): Answer {
  if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(bucket) || bucket.includes('..')) {
    throw new S3Error('InvalidBucketName', 'The specified bucket is not valid.');
  }
  if (!makeBucket(store, bucket) && store.region !== 'us-east-1') {
    const message = 'Your previous request to create the named bucket succeeded and you already own it.';
    throw new S3Error('BucketAlreadyOwnedByYou', message);
  }
  return emptyAnswer(200, { location: `/${bucket}` });
}

/** Removes an empty bucket and what was begun in it. */
export function deleteBucket(store: Store, bucket: string): Answer {
  requireBucket(store, bucket);
  const { sqlite } = store;
  const retired = sqlite.transaction(() => {
    if (sqlite.get('SELECT 1 FROM objects WHERE bucket = ? LIMIT 1', bucket) !== undefined) {
      throw new S3Error('BucketNotEmpty', 'The bucket you tried to delete is not empty');
    }
    const parts = sqlite.all<{ blob: string; size: number }>(
      'DELETE FROM parts WHERE upload_id IN (SELECT id FROM uploads WHERE bucket = ?) RETURNING blob, size',
      bucket,
    );
    sqlite.run('DELETE FROM uploads WHERE bucket = ?', bucket);
    sqlite.run('DELETE FROM buckets WHERE name = ?', bucket);
    return parts;
  });
  store.blobs.retire(retired);
  return emptyAnswer(204);
}

/** That a bucket is there, and where. */
export function headBucket(store: Store, bucket: string): Answer {
  requireBucket(store, bucket);
  return emptyAnswer(200, { 'x-amz-bucket-region': store.region });
}

/** The settings of a bucket that can be asked for here; undefined where the request asks for something else. */
export function bucketSetting(store: Store, { query }: S3Request, bucket: string): Answer | undefined {
  if (!['location', 'notification', 'versioning'].some((name) => query.has(name))) return undefined;
  requireBucket(store, bucket);
  // us-east-1 is written as nothing.
  if (query.has('location')) {
    return xmlAnswer('LocationConstraint', store.region === 'us-east-1' ? '' : store.region);
  }
  return xmlAnswer(query.has('notification') ? 'NotificationConfiguration' : 'VersioningConfiguration', {});
}

/** Accepts a notification configuration without keeping it: the template alone decides who is told. */
export function putNotification(store: Store, request: S3Request, bucket: string): Answer {
  requireBucket(store, bucket);
  request.message.resume();
  return emptyAnswer();
}
