import { type Answer, emptyAnswer } from './answer.ts';
import { writeCheck } from './conditions.ts';
import { type Metadata, putObjectRow, type StoredChecksum } from './object-table.ts';
import { type S3Request, userMetadata } from './read-request.ts';
import { requireBucket, type Store } from './store.ts';
import { storeBody } from './store-body.ts';

const KEPT_HEADERS = ['content-type', 'cache-control', 'content-disposition', 'content-language', 'expires'];

/** Stores the body of the request under its key. */
export async function putObject(
  store: Store,
  request: S3Request,
  bucket: string,
  key: string,
): Promise<Answer> {
  requireBucket(store, bucket);
  const { segment, md5, checksum } = await storeBody(store, request);
  const metadata = metadataOf(request);
  try {
    const object = { bucket, key, segments: [segment], etag: md5, metadata, checksum };
    putObjectRow(store, 'ObjectCreated:Put', object, { check: writeCheck(request.header) });
  } catch (error) {
    store.blobs.retire([segment]);
    throw error;
  }
  return emptyAnswer(200, { etag: `"${md5}"`, ...checksumHeaders(checksum) });
}

/** Headers and user metadata that a request asks to keep. */
export function metadataOf(request: S3Request): Metadata {
  const headers: Record<string, string> = {};
  for (const name of KEPT_HEADERS) {
    const value = request.header(name);
    if (value !== undefined) headers[name] = value;
  }
  // The chunks are an affair of the transport, whatever else the content is encoded with.
  const codings = (request.header('content-encoding') ?? '').split(',').map((coding) => coding.trim());
  const kept = codings.filter((coding) => coding !== '' && coding !== 'aws-chunked');
  if (kept.length > 0) headers['content-encoding'] = kept.join(',');
  return { headers, user: userMetadata(request) };
}

/** A checksum as answers carry it. */
export function checksumHeaders(checksum: StoredChecksum | undefined): Record<string, string> {
  if (checksum === undefined) return {};
  const { algorithm, value, type } = checksum;
  return { [`x-amz-checksum-${algorithm.toLowerCase()}`]: value, 'x-amz-checksum-type': type };
}
