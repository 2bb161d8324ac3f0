import { randomUUID } from 'node:crypto';
import { type Answer, emptyAnswer, isoTime, xmlAnswer } from './answer.ts';
import { CHECKSUM_ALGORITHMS } from './checksums.ts';
import { copySource } from './copy-object.ts';
import { readRange } from './get-object.ts';
import { segmentsOf } from './object-table.ts';
import { checksumHeaders, metadataOf } from './put-object.ts';
import type { S3Request } from './read-request.ts';
import { S3Error } from './s3-error.ts';
import { requireBucket, type Store } from './store.ts';
import { type StoredBody, storeBody, storeChecked } from './store-body.ts';
import { partsOf, removeUpload, requireUpload } from './upload-table.ts';

const MAXIMUM_PARTS = 10_000;
const ABANDONED_MS = 7 * 86_400_000;

/** Begins an upload in parts. */
export function createUpload(store: Store, request: S3Request, bucket: string, key: string): Answer {
  requireBucket(store, bucket);
  const wanted = request.header('x-amz-checksum-algorithm')?.toUpperCase();
  const algorithm = CHECKSUM_ALGORITHMS.find((name) => name === wanted);
  const UploadId = randomUUID();
  store.sqlite.run(
    'INSERT INTO uploads (id, bucket, key, metadata, algorithm, started_at) VALUES (?, ?, ?, ?, ?, ?)',
    UploadId,
    bucket,
    key,
    JSON.stringify(metadataOf(request)),
    algorithm ?? null,
    store.now(),
  );
  const headers = algorithm === undefined ? {} : { 'x-amz-checksum-algorithm': algorithm };
  return xmlAnswer('InitiateMultipartUploadResult', { Bucket: bucket, Key: key, UploadId }, headers);
}

/** Stores one part, from the request or as a copy of another object; the same number again replaces it. */
export async function uploadPart(
  store: Store,
  request: S3Request,
  bucket: string,
  key: string,
): Promise<Answer> {
  requireBucket(store, bucket);
  const upload = requireUpload(store, request, bucket, key);
  const number = Number(request.query.get('partNumber'));
  if (!Number.isInteger(number) || number < 1 || number > MAXIMUM_PARTS) {
    throw new S3Error('InvalidArgument', `Part number must be an integer between 1 and ${MAXIMUM_PARTS}`);
  }
  const isCopy = request.header('x-amz-copy-source') !== undefined;
  const body = isCopy ? await copyPart(store, request) : await storeBody(store, request);
  const { segment, md5, checksum } = body;
  const modifiedAt = store.now();
  try {
    const replaced = store.sqlite.transaction(() => {
      // The upload may have ended while the part was on its way.
      requireUpload(store, request, bucket, key);
      const earlier = store.sqlite.all<{ blob: string; size: number }>(
        'DELETE FROM parts WHERE upload_id = ? AND number = ? RETURNING blob, size',
        upload.id,
        number,
      );
      store.sqlite.run(
        'INSERT INTO parts (upload_id, number, blob, size, etag, checksum, modified_at) VALUES (?, ?, ?, ?, ?, ?, ?)',
        upload.id,
        number,
        segment.blob,
        segment.size,
        md5,
        checksum?.value ?? null,
        modifiedAt,
      );
      return earlier;
    });
    store.blobs.retire(replaced);
  } catch (error) {
    store.blobs.retire([segment]);
    throw error;
  }
  if (isCopy) return xmlAnswer('CopyPartResult', { LastModified: isoTime(modifiedAt), ETag: `"${md5}"` });
  const { 'x-amz-checksum-type': _, ...headers } = checksumHeaders(checksum);
  return emptyAnswer(200, { etag: `"${md5}"`, ...headers });
}

async function copyPart(store: Store, request: S3Request): Promise<StoredBody> {
  const source = copySource(store, request);
  const [start, end] = readRange(request.header('x-amz-copy-source-range'), source.size) ?? [0, source.size];
  return storeChecked(store, store.blobs.read(segmentsOf(store, source.id), start, end), {
    bytes: end - start,
  });
}

/** Ends an upload and removes its parts. */
export function abortUpload(store: Store, request: S3Request, bucket: string, key: string): Answer {
  requireBucket(store, bucket);
  const upload = requireUpload(store, request, bucket, key);
  dropUpload(store, upload.id);
  return emptyAnswer(204);
}

/** Removes uploads that nobody has ended for a week. */
export function dropAbandonedUploads(store: Store): void {
  const rows = store.sqlite.all<{ id: string }>(
    'SELECT id FROM uploads WHERE started_at < ?',
    store.now() - ABANDONED_MS,
  );
  for (const { id } of rows) dropUpload(store, id);
}

function dropUpload(store: Store, uploadId: string): void {
  const parts = partsOf(store, uploadId);
  store.sqlite.transaction(() => removeUpload(store, uploadId));
  store.blobs.retire(parts);
}

/** The parts that have arrived so far. */
export function listParts(store: Store, request: S3Request, bucket: string, key: string): Answer {
  requireBucket(store, bucket);
  const upload = requireUpload(store, request, bucket, key);
  const after = Number(request.query.get('part-number-marker') ?? 0);
  const maximum = Math.min(Number(request.query.get('max-parts') ?? 1_000), 1_000);
  if (!Number.isInteger(after) || !Number.isInteger(maximum)) {
    throw new S3Error('InvalidArgument', 'part-number-marker and max-parts must be whole numbers.');
  }
  const found = partsOf(store, upload.id, after, maximum + 1);
  const parts = found.slice(0, maximum);
  const { algorithm } = upload;
  return xmlAnswer('ListPartsResult', {
    Bucket: bucket,
    Key: key,
    UploadId: upload.id,
    PartNumberMarker: after,
    NextPartNumberMarker: parts.at(-1)?.number,
    MaxParts: maximum,
    IsTruncated: found.length > maximum,
    ChecksumAlgorithm: algorithm,
    Part: parts.map((part) => ({
      PartNumber: part.number,
      LastModified: isoTime(part.modifiedAt),
      ETag: `"${part.etag}"`,
      Size: part.size,
      ...(algorithm !== undefined && part.checksum !== null && { [`Checksum${algorithm}`]: part.checksum }),
    })),
  });
}

/** The uploads of a bucket that are not over. */
export function listUploads(store: Store, request: S3Request, bucket: string): Answer {
  requireBucket(store, bucket);
  const prefix = request.query.get('prefix') ?? '';
  const rows = store.sqlite.all<{ id: string; key: string; started_at: number }>(
    `SELECT id, key, started_at FROM uploads
      WHERE bucket = ? AND substr(key, 1, length(?)) = ? ORDER BY key, started_at LIMIT 1000`,
    bucket,
    prefix,
    prefix,
  );
  return xmlAnswer('ListMultipartUploadsResult', {
    Bucket: bucket,
    Prefix: prefix,
    MaxUploads: 1_000,
    IsTruncated: false,
    Upload: rows.map((row) => ({ Key: row.key, UploadId: row.id, Initiated: isoTime(row.started_at) })),
  });
}
