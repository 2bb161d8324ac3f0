import { randomUUID } from 'node:crypto';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { PresignedPostOptions } from '@aws-sdk/s3-presigned-post';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import type { ObjectDropped } from '../../../shared/contracts/messages.ts';
import { DRY_RUN_PREFIX } from '../../../shared/data/imports/import-id.ts';

/** Largest file that may be uploaded: 2 GB of order lines are about 20 million. */
export const MAX_UPLOAD_BYTES = 2_000_000_000;
const VALID_SECONDS = 900;

/** A form by which a browser or script uploads one file straight into the bucket. */
export interface UploadForm {
  readonly url: string;
  readonly fields: Readonly<Record<string, string>>;
  readonly key: string;
  readonly expiresAt: string;
}

/** Lets callers drop files for the ingest, and fetch what it rejected. */
export interface Uploads {
  /** Where its forms are sent to. */
  address(): Promise<string>;
  /** An address that downloads one object for a while. */
  link(key: string, now: Date): Promise<{ url: string; expires_at: string }>;
  /** A form for one file of this name under `drop/`; `dryRun`: to be checked only. */
  create(filename: string, now: Date, options?: { readonly dryRun?: boolean }): Promise<UploadForm>;
  /** Drops a small file itself. */
  put(
    filename: string,
    bytes: Uint8Array,
    now: Date,
    options?: { readonly dryRun?: boolean },
  ): Promise<ObjectDropped>;
  /** A dropped object by its name in this bucket. */
  dropped(object: Omit<ObjectDropped, 'bucket'>): ObjectDropped;
}

/** A folder of its own: two files of the same name must not replace each other. */
const keyOf = (filename: string, now: Date, isDryRun: boolean): string =>
  `${isDryRun ? DRY_RUN_PREFIX : 'drop/'}${now.toISOString().slice(0, 10)}/${randomUUID()}/${filename}`;

/** Uploads into one bucket, signed with the function's own rights. */
export function openUploads(bucket: string, client = new S3Client({ forcePathStyle: true })): Uploads {
  // seldom asked for, and large: it lies apart from the bundle
  const formFor = async (of: Omit<PresignedPostOptions, 'Bucket'>) => {
    const { createPresignedPost } = await import('@aws-sdk/s3-presigned-post');
    return await createPresignedPost(client, { Bucket: bucket, ...of });
  };
  const expiry = (now: Date) => new Date(now.getTime() + VALID_SECONDS * 1000).toISOString();
  return {
    async address() {
      const { url } = await formFor({ Key: 'drop/' });
      return url;
    },
    async link(key, now) {
      const command = new GetObjectCommand({
        Bucket: bucket,
        Key: key,
        // a browser that shows text would show a page of another origin instead of ours
        ResponseContentDisposition: `attachment; filename="${key.slice(key.lastIndexOf('/') + 1)}"`,
      });
      const url = await getSignedUrl(client, command, { expiresIn: VALID_SECONDS });
      return { url, expires_at: expiry(now) };
    },
    dropped: (object) => ({ bucket, ...object }),
    async put(filename, bytes, now, { dryRun = false } = {}) {
      const key = keyOf(filename, now, dryRun);
      const { ETag } = await client.send(
        new PutObjectCommand({ Bucket: bucket, Key: key, Body: bytes, ContentType: 'text/csv' }),
      );
      return { bucket, key, etag: (ETag ?? '').replaceAll('"', ''), size: bytes.length };
    },
    async create(filename, now, { dryRun = false } = {}) {
      const key = keyOf(filename, now, dryRun);
      const { url, fields } = await formFor({
        Key: key,
        Expires: VALID_SECONDS,
        Conditions: [['content-length-range', 1, MAX_UPLOAD_BYTES]],
      });
      return { url, fields, key, expiresAt: expiry(now) };
    },
  };
}
