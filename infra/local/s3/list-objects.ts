import { type Answer, isoTime, xmlAnswer } from './answer.ts';
import type { S3Request } from './read-request.ts';
import { S3Error } from './s3-error.ts';
import { requireBucket, type Store } from './store.ts';

const MAXIMUM_KEYS = 1_000;
// Sorts behind every key that starts with what stands before it.
const BEHIND = '\u{10FFFF}';

type Row = { key: string; size: number; etag: string; modified_at: number };
type Page = { contents: Row[]; prefixes: string[]; next: string | undefined };

/** ListObjects in both versions: keys in the order of their bytes, grouped at the delimiter. */
export function listObjects(store: Store, { query }: S3Request, bucket: string): Answer {
  requireBucket(store, bucket);
  const isSecond = query.get('list-type') === '2';
  const [prefix, delimiter] = [query.get('prefix') ?? '', query.get('delimiter') ?? ''];
  const maximum = readMaximum(query.get('max-keys'));
  const token = query.get('continuation-token');
  const after = isSecond ? (decodeToken(token) ?? query.get('start-after')) : query.get('marker');
  const page = readPage(store, bucket, { prefix, delimiter, maximum, after: after ?? '' });
  const isEncoded = query.get('encoding-type') === 'url';
  const shown = (key: string) => (isEncoded ? encodeURIComponent(key).replaceAll('%2F', '/') : key);
  return xmlAnswer('ListBucketResult', {
    Name: bucket,
    Prefix: shown(prefix),
    Delimiter: delimiter === '' ? undefined : shown(delimiter),
    MaxKeys: maximum,
    EncodingType: isEncoded ? 'url' : undefined,
    IsTruncated: page.next !== undefined,
    ...(isSecond
      ? {
          KeyCount: page.contents.length + page.prefixes.length,
          ContinuationToken: token ?? undefined,
          NextContinuationToken: page.next && Buffer.from(page.next).toString('base64'),
          StartAfter: query.get('start-after') ?? undefined,
        }
      : {
          Marker: shown(query.get('marker') ?? ''),
          NextMarker: page.next && delimiter !== '' ? shown(page.next) : undefined,
        }),
    Contents: page.contents.map((row) => ({
      Key: shown(row.key),
      LastModified: isoTime(row.modified_at),
      ETag: `"${row.etag}"`,
      Size: row.size,
      StorageClass: 'STANDARD',
    })),
    CommonPrefixes: page.prefixes.map((Prefix) => ({ Prefix: shown(Prefix) })),
  });
}

function readPage(
  store: Store,
  bucket: string,
  {
    prefix,
    delimiter,
    maximum,
    after,
  }: { prefix: string; delimiter: string; maximum: number; after: string },
): Page {
  const page: Page = { contents: [], prefixes: [], next: undefined };
  // A page may end with a group, and its key is then the group's: go on behind all of the group.
  let cursor = delimiter !== '' && groupOf(after, prefix, delimiter) === after ? after + BEHIND : after;
  let last: string | undefined;
  const count = () => page.contents.length + page.prefixes.length;
  for (;;) {
    const rows = store.sqlite.all<Row>(
      `SELECT key, size, etag, modified_at FROM objects
        WHERE bucket = ? AND key > ? AND key >= ? ORDER BY key LIMIT ?`,
      bucket,
      cursor,
      prefix,
      MAXIMUM_KEYS + 1,
    );
    let hasJumped = false;
    for (const row of rows) {
      if (!row.key.startsWith(prefix)) return page;
      if (count() >= maximum) {
        if (maximum > 0) page.next = last;
        return page;
      }
      const group = delimiter === '' ? undefined : groupOf(row.key, prefix, delimiter);
      if (group === undefined) page.contents.push(row);
      else page.prefixes.push(group);
      last = group ?? row.key;
      cursor = group === undefined ? row.key : group + BEHIND;
      hasJumped = group !== undefined;
      if (hasJumped) break;
    }
    if (!hasJumped && rows.length <= MAXIMUM_KEYS) return page;
  }
}

/** The key up to and with the first delimiter behind the prefix; undefined where there is none. */
function groupOf(key: string, prefix: string, delimiter: string): string | undefined {
  if (!key.startsWith(prefix)) return undefined;
  const at = key.indexOf(delimiter, prefix.length);
  return at < 0 ? undefined : key.slice(0, at + delimiter.length);
}

function readMaximum(text: string | null): number {
  if (text === null) return MAXIMUM_KEYS;
  if (!/^\d{1,10}$/.test(text)) throw new S3Error('InvalidArgument', 'max-keys must be a whole number.');
  return Math.min(Number(text), MAXIMUM_KEYS);
}

function decodeToken(token: string | null): string | undefined {
  if (token === null) return undefined;
  const key = Buffer.from(token, 'base64').toString();
  if (key === '') throw new S3Error('InvalidArgument', 'The continuation token provided is incorrect');
  return key;
}
