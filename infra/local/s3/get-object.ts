import type { Answer } from './answer.ts';
import { checkRead } from './conditions.ts';
import { requireObject, type StoredObject, segmentsOf } from './object-table.ts';
import { checksumHeaders } from './put-object.ts';
import type { S3Request } from './read-request.ts';
import { S3Error } from './s3-error.ts';
import { requireBucket, type Store } from './store.ts';

/** The bytes of an object or of a range of it; for HEAD the same headers without them. */
export function getObject(store: Store, request: S3Request, bucket: string, key: string): Answer {
  requireBucket(store, bucket);
  const object = requireObject(store, bucket, key);
  checkRead(object, request.header);
  const range = readRange(request.header('range'), object.size);
  const [start, end] = range ?? [0, object.size];
  const wantsChecksum = request.header('x-amz-checksum-mode')?.toUpperCase() === 'ENABLED';
  return {
    status: range === undefined ? 200 : 206,
    headers: {
      ...objectHeaders(object, request.query),
      'content-length': String(end - start),
      ...(range !== undefined && { 'content-range': `bytes ${start}-${end - 1}/${object.size}` }),
      ...(wantsChecksum && range === undefined && checksumHeaders(object.checksum)),
    },
    body: request.method === 'HEAD' ? undefined : store.blobs.read(segmentsOf(store, object.id), start, end),
  };
}

const OVERRIDABLE = [
  'content-type',
  'content-language',
  'expires',
  'cache-control',
  'content-disposition',
  'content-encoding',
];

function objectHeaders(object: StoredObject, query: URLSearchParams): Record<string, string> {
  const headers: Record<string, string> = {
    'content-type': 'binary/octet-stream',
    ...object.metadata.headers,
    etag: `"${object.etag}"`,
    'last-modified': new Date(object.modifiedAt).toUTCString(),
    'accept-ranges': 'bytes',
  };
  for (const [name, value] of Object.entries(object.metadata.user)) headers[`x-amz-meta-${name}`] = value;
  for (const name of OVERRIDABLE) {
    const wanted = query.get(`response-${name}`);
    if (wanted !== null) headers[name] = wanted;
  }
  return headers;
}

/** The first byte of a range and the one after its last; undefined where all is meant. Several ranges are all. */
export function readRange(header: string | undefined, size: number): readonly [number, number] | undefined {
  const [, first, last] = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? '') ?? [];
  if (first === undefined || last === undefined || (first === '' && last === '')) return undefined;
  const isFromEnd = first === '';
  const start = isFromEnd ? Math.max(0, size - Number(last)) : Number(first);
  const end = isFromEnd || last === '' ? size : Math.min(size, Number(last) + 1);
  if (!isFromEnd && last !== '' && Number(last) < Number(first)) return undefined;
  if (start >= end) {
    const headers = { 'content-range': `bytes */${size}` };
    throw new S3Error('InvalidRange', 'The requested range is not satisfiable', headers);
  }
  return [start, end];
}
