import type { Segment } from './open-blobs.ts';
import { S3Error } from './s3-error.ts';
import type { Store } from './store.ts';

/** What is kept with an object besides its bytes. */
export interface Metadata {
  /** Content-Type, Cache-Control and the like, lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Without the `x-amz-meta-` before the names. */
  readonly user: Readonly<Record<string, string>>;
}

/** A checksum in base64; `COMPOSITE` is one over the checksums of the parts. */
export interface StoredChecksum {
  readonly algorithm: string;
  readonly value: string;
  readonly type: 'FULL_OBJECT' | 'COMPOSITE';
}

export interface NewObject {
  readonly bucket: string;
  readonly key: string;
  readonly segments: readonly Segment[];
  readonly etag: string;
  readonly metadata: Metadata;
  readonly checksum: StoredChecksum | undefined;
  readonly uploadId?: string;
}

export interface StoredObject extends Omit<NewObject, 'segments'> {
  readonly id: number;
  readonly size: number;
  readonly modifiedAt: number;
}

type Row = {
  id: number;
  size: number;
  etag: string;
  modified_at: number;
  metadata: string;
  checksum: string | null;
  upload_id: string | null;
};

/** The object of this key, or undefined. */
export function findObject(store: Store, bucket: string, key: string): StoredObject | undefined {
  const row = store.sqlite.get<Row>('SELECT * FROM objects WHERE bucket = ? AND key = ?', bucket, key);
  if (row === undefined) return undefined;
  return {
    id: row.id,
    bucket,
    key,
    size: row.size,
    etag: row.etag,
    modifiedAt: row.modified_at,
    metadata: JSON.parse(row.metadata),
    checksum: row.checksum === null ? undefined : JSON.parse(row.checksum),
    ...(row.upload_id !== null && { uploadId: row.upload_id }),
  };
}

/** The object of this key; refuses a key that is not there. */
export function requireObject(store: Store, bucket: string, key: string): StoredObject {
  const object = findObject(store, bucket, key);
  if (object === undefined) throw new S3Error('NoSuchKey', 'The specified key does not exist.');
  return object;
}

/** Where the bytes of an object are. */
export function segmentsOf(store: Store, objectId: number): readonly Segment[] {
  return store.sqlite.all<{ blob: string; size: number }>(
    'SELECT blob, size FROM segments WHERE object_id = ? ORDER BY position',
    objectId,
  );
}

/**
 * Makes the object visible in place of any earlier one, together with its notifications; `check` may refuse on what is
 * there at that moment, and `alongside` commits with it.
 */
export function putObjectRow(
  store: Store,
  eventName: string,
  object: NewObject,
  { check, alongside }: { check?: (existing: StoredObject | undefined) => void; alongside?: () => void } = {},
): StoredObject {
  const { sqlite, notifier } = store;
  const { bucket, key, etag, metadata, checksum, uploadId } = object;
  const size = object.segments.reduce((sum, segment) => sum + segment.size, 0);
  const modifiedAt = store.now();
  const { id, replaced } = sqlite.transaction(() => {
    check?.(findObject(store, bucket, key));
    const replaced = removeRow(store, bucket, key) ?? [];
    const { id } = sqlite.get<{ id: number }>(
      `INSERT INTO objects (bucket, key, size, etag, modified_at, metadata, checksum, upload_id)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?) RETURNING id`,
      bucket,
      key,
      size,
      etag,
      modifiedAt,
      JSON.stringify(metadata),
      checksum === undefined ? null : JSON.stringify(checksum),
      uploadId ?? null,
    )!;
    object.segments.forEach((segment, position) => {
      const sql = 'INSERT INTO segments (object_id, position, blob, size) VALUES (?, ?, ?, ?)';
      sqlite.run(sql, id, position, segment.blob, segment.size);
    });
    notifier.record({ name: eventName, bucket, key, created: { size, etag } });
    alongside?.();
    return { id, replaced };
  });
  store.blobs.retire(replaced);
  notifier.deliver();
  return { id, size, modifiedAt, bucket, key, etag, metadata, checksum };
}

/** Removes the object of this key; a key that is not there is no error. */
export function deleteObject(store: Store, bucket: string, key: string): void {
  const removed = store.sqlite.transaction(() => {
    const segments = removeRow(store, bucket, key);
    if (segments !== undefined) {
      store.notifier.record({ name: 'ObjectRemoved:Delete', bucket, key, created: undefined });
    }
    return segments;
  });
  store.blobs.retire(removed ?? []);
  store.notifier.deliver();
}

function removeRow(store: Store, bucket: string, key: string): readonly Segment[] | undefined {
  const { sqlite } = store;
  const row = sqlite.get<{ id: number }>('SELECT id FROM objects WHERE bucket = ? AND key = ?', bucket, key);
  if (row === undefined) return undefined;
  const segments = segmentsOf(store, row.id);
  sqlite.run('DELETE FROM segments WHERE object_id = ?', row.id);
  sqlite.run('DELETE FROM objects WHERE id = ?', row.id);
  return segments;
}
