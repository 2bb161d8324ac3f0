import type { StoredObject } from './object-table.ts';
import { S3Error } from './s3-error.ts';

type Header = (name: string) => string | undefined;

/** Refuses a read whose conditions the object does not meet; `prefix` is that of the headers of a copy's source. */
export function checkRead(object: StoredObject, header: Header, prefix = ''): void {
  const seconds = Math.floor(object.modifiedAt / 1_000) * 1_000;
  const [match, noneMatch] = [header(`${prefix}if-match`), header(`${prefix}if-none-match`)];
  const unmodifiedSince = Date.parse(header(`${prefix}if-unmodified-since`) ?? '');
  const modifiedSince = Date.parse(header(`${prefix}if-modified-since`) ?? '');
  if (match !== undefined ? !names(match, object.etag) : seconds > unmodifiedSince) throw failed();
  const isUnchanged = noneMatch !== undefined ? names(noneMatch, object.etag) : seconds <= modifiedSince;
  if (!isUnchanged) return;
  if (prefix !== '') throw failed();
  throw new S3Error('NotModified', 'Not Modified', { etag: `"${object.etag}"` });
}

/** A check for the moment of a write: `If-None-Match: *` wants no object there, `If-Match` this very one. */
export function writeCheck(header: Header): (existing: StoredObject | undefined) => void {
  const [match, noneMatch] = [header('if-match'), header('if-none-match')];
  return (existing) => {
    if (noneMatch === '*' && existing !== undefined) throw failed();
    if (match === undefined) return;
    if (existing === undefined) throw new S3Error('NoSuchKey', 'The specified key does not exist.');
    if (!names(match, existing.etag)) throw failed();
  };
}

function names(list: string, etag: string): boolean {
  const tags = list.split(',').map((tag) => tag.trim().replace(/^W\//, '').replaceAll('"', ''));
  return tags.includes('*') || tags.includes(etag);
}

function failed(): S3Error {
  return new S3Error('PreconditionFailed', 'At least one of the pre-conditions you specified did not hold');
}
