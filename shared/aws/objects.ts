import type { Readable } from 'node:stream';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  NoSuchKey,
  NotFound,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';

/** What is known of an object without reading it. */
export interface ObjectHead {
  readonly etag: string;
  readonly size: number;
}

/** Objects of one bucket, always streamed. */
export interface Objects {
  /** Undefined when there is no such object. */
  head(key: string): Promise<ObjectHead | undefined>;
  /** The bytes of the object; `ifMatch` refuses one that was overwritten meanwhile. Undefined when it is gone. */
  read(key: string, ifMatch?: string): Promise<Readable | undefined>;
  /** The object is gone afterwards, if it was there at all. */
  remove(key: string): Promise<void>;
  /** Writes the whole stream or nothing. */
  write(key: string, body: Readable, contentType: string): Promise<void>;
}

/** A bucket by its name. Path-style addresses are right in AWS and on one machine alike. */
export function openObjects(bucket: string, client = new S3Client({ forcePathStyle: true })): Objects {
  return {
    async head(key) {
      try {
        const answer = await client.send(new HeadObjectCommand({ Bucket: bucket, Key: key }));
        return { etag: unquote(answer.ETag ?? ''), size: answer.ContentLength ?? 0 };
      } catch (error) {
        if (error instanceof NotFound) return undefined;
        throw error;
      }
    },
    async read(key, ifMatch) {
      try {
        const match = ifMatch === undefined ? {} : { IfMatch: ifMatch };
        const answer = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key, ...match }));
        return answer.Body as Readable;
      } catch (error) {
        if (error instanceof NoSuchKey) return undefined;
        // 412: there is an object, but not the one that was meant.
        if (error instanceof S3ServiceException && error.name === 'PreconditionFailed') return undefined;
        throw error;
      }
    },
    async remove(key) {
      await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }));
    },
    async write(key, body, contentType) {
      const params = { Bucket: bucket, Key: key, Body: body, ContentType: contentType };
      await new Upload({ client, params, queueSize: 1 }).done();
    },
  };
}

const unquote = (etag: string): string => etag.replaceAll('"', '');
