import type { IncomingMessage } from 'node:http';
import { S3Error } from './s3-error.ts';

/** A request taken apart: path-style bucket and key, query, and headers that a presigned URL may carry in its query. */
export interface S3Request {
  readonly message: IncomingMessage;
  readonly method: string;
  readonly bucket: string | undefined;
  readonly key: string | undefined;
  readonly query: URLSearchParams;
  header(name: string): string | undefined;
}

const MAXIMUM_KEY_BYTES = 1_024;
const MAXIMUM_PRESIGNED_SECONDS = 604_800;

/** Takes a request apart; refuses presigned URLs that are over, and keys that are too long or not UTF-8. */
export function readRequest(message: IncomingMessage, now: number): S3Request {
  // No URL class here: it would resolve the ".." that a key may well contain.
  const [path, search = ''] = splitAt(message.url ?? '/', '?');
  const [bucketText, keyText] = splitAt(path.slice(1), '/');
  const bucket = decode(bucketText);
  const key = keyText === undefined ? '' : decode(keyText);
  if (Buffer.byteLength(key) > MAXIMUM_KEY_BYTES) {
    throw new S3Error('KeyTooLongError', 'Your key is too long.');
  }
  const query = new URLSearchParams(search);
  const isPresigned = checkPresigned(query, now);
  return {
    message,
    method: message.method ?? 'GET',
    bucket: bucket === '' ? undefined : bucket,
    key: key === '' ? undefined : key,
    query,
    header(name) {
      const value = message.headers[name];
      if (value !== undefined) return Array.isArray(value) ? value.join(',') : value;
      // A checksum that was computed when the URL was made says nothing of the body that is sent to it.
      if (!isPresigned || !name.startsWith('x-amz-') || name.startsWith('x-amz-checksum-')) return undefined;
      return query.get(name) ?? undefined;
    },
  };
}

/** User metadata of the request, from headers and from the query of a presigned URL. */
export function userMetadata(request: S3Request): Record<string, string> {
  const names = [...Object.keys(request.message.headers), ...request.query.keys()];
  const found = names.filter((name) => name.startsWith('x-amz-meta-'));
  return Object.fromEntries(found.map((name) => [name.slice(11), request.header(name) ?? '']));
}

function splitAt(text: string, separator: string): [string, string | undefined] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new S3Error('InvalidURI', "Couldn't parse the specified URI.");
  }
}

function checkPresigned(query: URLSearchParams, now: number): boolean {
  const [date, seconds] = [query.get('X-Amz-Date'), query.get('X-Amz-Expires')];
  if (date !== null && seconds !== null) {
    const [, year, month, day, hour, minute, second] =
      /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(date) ?? [];
    const signedAt = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
    const isInBounds = /^\d{1,7}$/.test(seconds) && Number(seconds) <= MAXIMUM_PRESIGNED_SECONDS;
    if (Number.isNaN(signedAt) || !isInBounds) {
      const message = 'X-Amz-Date and X-Amz-Expires must be a date and at most a week in seconds.';
      throw new S3Error('AuthorizationQueryParametersError', message);
    }
    refuseAfter(signedAt + Number(seconds) * 1_000, now);
    return true;
  }
  const expires = query.get('Expires');
  if (expires === null || !query.has('Signature')) return false;
  refuseAfter(Number(expires) * 1_000, now);
  return true;
}

function refuseAfter(end: number, now: number): void {
  if (!(now <= end)) throw new S3Error('AccessDenied', 'Request has expired');
}
