import type { ChecksumAlgorithm } from './checksums.ts';
import type { Metadata } from './object-table.ts';
import type { S3Request } from './read-request.ts';
import { S3Error } from './s3-error.ts';
import type { Store } from './store.ts';

/** An upload in parts that is not over. */
export interface Upload {
  readonly id: string;
  readonly metadata: Metadata;
  readonly algorithm: ChecksumAlgorithm | undefined;
}

export interface Part {
  readonly number: number;
  readonly blob: string;
  readonly size: number;
  readonly etag: string;
  /** Base64, of the algorithm of the upload or of the part's own request. */
  readonly checksum: string | null;
  readonly modifiedAt: number;
}

/** The upload that a request names; undefined where it is over or never was. */
export function findUpload(
  store: Store,
  request: S3Request,
  bucket: string,
  key: string,
): Upload | undefined {
  const row = store.sqlite.get<{ id: string; metadata: string; algorithm: ChecksumAlgorithm | null }>(
    'SELECT id, metadata, algorithm FROM uploads WHERE id = ? AND bucket = ? AND key = ?',
    request.query.get('uploadId') ?? '',
    bucket,
    key,
  );
  return row && { id: row.id, metadata: JSON.parse(row.metadata), algorithm: row.algorithm ?? undefined };
}

/** The upload that a request names; refuses one that is over. */
export function requireUpload(store: Store, request: S3Request, bucket: string, key: string): Upload {
  const upload = findUpload(store, request, bucket, key);
  if (upload === undefined) throw new S3Error('NoSuchUpload', 'The specified upload does not exist.');
  return upload;
}

/** The parts of an upload behind this number. */
export function partsOf(store: Store, uploadId: string, after = 0, limit = 10_000): Part[] {
  return store.sqlite.all<Part>(
    `SELECT number, blob, size, etag, checksum, modified_at AS modifiedAt
       FROM parts WHERE upload_id = ? AND number > ? ORDER BY number LIMIT ?`,
    uploadId,
    after,
    limit,
  );
}

/** Forgets an upload and its parts; the files stay. */
export function removeUpload(store: Store, uploadId: string): void {
  store.sqlite.run('DELETE FROM parts WHERE upload_id = ?', uploadId);
  store.sqlite.run('DELETE FROM uploads WHERE id = ?', uploadId);
}
