import { type Answer, isoTime, xmlAnswer } from './answer.ts';
import { checkRead, writeCheck } from './conditions.ts';
import { putObjectRow, requireObject, type StoredObject, segmentsOf } from './object-table.ts';
import { metadataOf } from './put-object.ts';
import type { S3Request } from './read-request.ts';
import { S3Error } from './s3-error.ts';
import { requireBucket, type Store } from './store.ts';

/** Copies an object without moving its bytes: files never change, so that both may share them. */
export function copyObject(store: Store, request: S3Request, bucket: string, key: string): Answer {
  requireBucket(store, bucket);
  const source = copySource(store, request);
  const isReplaced = request.header('x-amz-metadata-directive')?.toUpperCase() === 'REPLACE';
  if (source.bucket === bucket && source.key === key && !isReplaced) {
    const message =
      'This copy request is illegal: it copies an object to itself without changing its metadata.';
    throw new S3Error('InvalidRequest', message);
  }
  const segments = segmentsOf(store, source.id).map((segment) => store.blobs.copy(segment));
  const metadata = isReplaced ? metadataOf(request) : source.metadata;
  const { etag, checksum } = source;
  try {
    const object = { bucket, key, segments, etag, metadata, checksum };
    const copied = putObjectRow(store, 'ObjectCreated:Copy', object, { check: writeCheck(request.header) });
    return xmlAnswer('CopyObjectResult', { LastModified: isoTime(copied.modifiedAt), ETag: `"${etag}"` });
  } catch (error) {
    store.blobs.retire(segments);
    throw error;
  }
}

/** The object that a copy reads, after the conditions that the request makes for it. */
export function copySource(store: Store, request: S3Request): StoredObject {
  const [path, search] = request.header('x-amz-copy-source')!.split('?');
  if (search !== undefined && search !== 'versionId=null') {
    throw new S3Error('NotImplemented', 'Versions are not available on one machine.');
  }
  let source: string;
  try {
    source = decodeURIComponent(path!.replace(/^\//, ''));
  } catch {
    throw new S3Error('InvalidArgument', 'The copy source is not URL-encoded.');
  }
  const slash = source.indexOf('/');
  if (slash <= 0) throw new S3Error('InvalidArgument', 'Copy Source must mention the source bucket and key.');
  const bucket = source.slice(0, slash);
  requireBucket(store, bucket);
  const object = requireObject(store, bucket, source.slice(slash + 1));
  checkRead(object, request.header, 'x-amz-copy-source-');
  return object;
}
