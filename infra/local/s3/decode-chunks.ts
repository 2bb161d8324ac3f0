import { S3Error } from './s3-error.ts';

const MAXIMUM_LINE_BYTES = 8_192;
const MAXIMUM_TRAILERS = 20;

/**
 * The bytes inside an `aws-chunked` body, signed or not. The trailing headers are in `trailers` when the last byte has
 * been read.
 */
export async function* decodeChunks(
  source: AsyncIterable<Buffer>,
  trailers: Map<string, string>,
): AsyncGenerator<Buffer> {
  const iterator = source[Symbol.asyncIterator]();
  let pending: Buffer = Buffer.alloc(0);
  const more = async (): Promise<boolean> => {
    const { done, value } = await iterator.next();
    if (!done) pending = pending.length === 0 ? value : Buffer.concat([pending, value]);
    return !done;
  };
  const line = async (): Promise<string | undefined> => {
    for (;;) {
      const end = pending.indexOf('\r\n');
      if (end >= 0) {
        const text = pending.toString('latin1', 0, end);
        pending = pending.subarray(end + 2);
        return text;
      }
      if (pending.length > MAXIMUM_LINE_BYTES) throw malformed();
      if (!(await more())) return undefined;
    }
  };
  for (;;) {
    const header = await line();
    if (header === undefined) throw new S3Error('IncompleteBody', 'The body ended before its last chunk.');
    const hex = header.split(';')[0]!.trim();
    if (!/^[0-9a-f]{1,12}$/i.test(hex)) throw malformed();
    let left = Number.parseInt(hex, 16);
    if (left === 0) break;
    while (left > 0) {
      if (pending.length === 0 && !(await more())) {
        throw new S3Error('IncompleteBody', 'The body ended in the middle of a chunk.');
      }
      const part = pending.subarray(0, left);
      pending = pending.subarray(part.length);
      left -= part.length;
      yield part;
    }
    if ((await line()) !== '') throw malformed();
  }
  for (let count = 0; count <= MAXIMUM_TRAILERS; count += 1) {
    const text = await line();
    if (text === undefined || text === '') return;
    const colon = text.indexOf(':');
    if (colon > 0) trailers.set(text.slice(0, colon).trim().toLowerCase(), text.slice(colon + 1).trim());
  }
  throw malformed();
}

function malformed(): S3Error {
  return new S3Error('InvalidRequest', 'The chunks of the body are malformed.');
}
