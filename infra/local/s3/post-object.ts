import { type Answer, emptyAnswer, xmlAnswer } from './answer.ts';
import { checkPolicy } from './check-policy.ts';
import { type Metadata, putObjectRow } from './object-table.ts';
import { readForm } from './read-form.ts';
import type { S3Request } from './read-request.ts';
import { S3Error } from './s3-error.ts';
import { requireBucket, type Store } from './store.ts';
import { storeChecked } from './store-body.ts';

const KEPT_FIELDS = ['content-type', 'cache-control', 'content-disposition', 'content-encoding', 'expires'];
const MAXIMUM_KEY_BYTES = 1_024;

/** Stores the file of a browser's form under the key that the form names, if its policy allows. */
export async function postObject(store: Store, request: S3Request, bucket: string): Promise<Answer> {
  requireBucket(store, bucket);
  const raw: AsyncIterable<Buffer> = request.message.iterator({ destroyOnReturn: false });
  const form = await readForm(request.header('content-type') ?? '', raw);
  const fields = new Map(form.fields);
  const key = fields.get('key')?.replace(/\$\{filename\}/g, () => form.fileName) ?? '';
  if (key === '') throw new S3Error('InvalidArgument', "Bucket POST must contain a field named 'key'.");
  if (Buffer.byteLength(key) > MAXIMUM_KEY_BYTES)
    throw new S3Error('KeyTooLongError', 'Your key is too long.');
  fields.set('key', key);
  fields.set('bucket', bucket);
  const allowed = checkPolicy(fields.get('policy'), fields, store.now());
  const { segment, md5, checksum } = await storeChecked(store, limited(form.file, allowed.high), {});
  try {
    if (segment.size < allowed.low) {
      throw new S3Error('EntityTooSmall', 'Your proposed upload is smaller than the minimum allowed size');
    }
    const object = { bucket, key, segments: [segment], etag: md5, metadata: metadataOf(fields), checksum };
    putObjectRow(store, 'ObjectCreated:Post', object);
  } catch (error) {
    store.blobs.retire([segment]);
    throw error;
  }
  return answer(request, fields, { bucket, key, etag: md5 });
}

async function* limited(file: AsyncIterable<Buffer>, high: number): AsyncGenerator<Buffer> {
  let bytes = 0;
  for await (const chunk of file) {
    bytes += chunk.length;
    if (bytes > high)
      throw new S3Error('EntityTooLarge', 'Your proposed upload exceeds the maximum allowed size');
    yield chunk;
  }
}

function metadataOf(fields: ReadonlyMap<string, string>): Metadata {
  const headers: Record<string, string> = {};
  for (const name of KEPT_FIELDS) {
    const value = fields.get(name);
    if (value !== undefined) headers[name] = asHeader(value);
  }
  const user = [...fields].filter(([name]) => name.startsWith('x-amz-meta-'));
  return {
    headers,
    user: Object.fromEntries(user.map(([name, value]) => [name.slice(11), asHeader(value)])),
  };
}

// Forms are UTF-8 and may hold line ends; headers are single lines of bytes.
function asHeader(value: string): string {
  return Buffer.from(value.replace(/[\r\n]+/g, ' ')).toString('latin1');
}

function answer(
  request: S3Request,
  fields: ReadonlyMap<string, string>,
  { bucket, key, etag }: { bucket: string; key: string; etag: string },
): Answer {
  const redirect = fields.get('success_action_redirect') ?? fields.get('redirect');
  if (redirect !== undefined && URL.canParse(redirect)) {
    const target = new URL(redirect);
    for (const [name, value] of Object.entries({ bucket, key, etag: `"${etag}"` })) {
      target.searchParams.set(name, value);
    }
    return emptyAnswer(303, { location: target.href });
  }
  const path = encodeURIComponent(key).replaceAll('%2F', '/');
  const location = `http://${request.header('host')}/${bucket}/${path}`;
  const headers = { location, etag: `"${etag}"` };
  const status = fields.get('success_action_status');
  if (status !== '201') return emptyAnswer(status === '200' ? 200 : 204, headers);
  const created = xmlAnswer('PostResponse', {
    Location: location,
    Bucket: bucket,
    Key: key,
    ETag: `"${etag}"`,
  });
  return { ...created, status: 201, headers: { ...created.headers, ...headers } };
}
