import { createHash } from 'node:crypto';
import { CHECKSUM_ALGORITHMS, type Checksum, type ChecksumAlgorithm, startChecksum } from './checksums.ts';
import { decodeChunks } from './decode-chunks.ts';
import type { StoredChecksum } from './object-table.ts';
import type { Segment } from './open-blobs.ts';
import type { S3Request } from './read-request.ts';
import { S3Error } from './s3-error.ts';
import type { Store } from './store.ts';

/** Bytes that are on the disk, with the digests that were made on the way. */
export interface StoredBody {
  readonly segment: Segment;
  /** MD5 in hexadecimal. */
  readonly md5: string;
  readonly checksum: StoredChecksum | undefined;
}

/** S3's limit of one upload; more comes in parts. */
export const MAXIMUM_UPLOAD_BYTES = 5 * 1_024 ** 3;

/** Streams the body of a request to the disk and checks every length and digest that came with it. */
export async function storeBody(store: Store, request: S3Request): Promise<StoredBody> {
  const trailers = new Map<string, string>();
  // Leaves the connection alone when the body is refused midway: the answer still has to go out on it.
  const raw: AsyncIterable<Buffer> = request.message.iterator({ destroyOnReturn: false });
  const isChunked = isAwsChunked(request);
  const expected = expectedBytes(request, isChunked);
  const sha256 = request.header('x-amz-content-sha256') ?? '';
  const checks = {
    bytes: expected,
    md5: request.header('content-md5'),
    sha256: /^[0-9a-f]{64}$/.test(sha256) && request.message.headers.authorization ? sha256 : undefined,
    algorithm: checksumAlgorithm(request),
    checksum: (name: string) => request.header(name) ?? trailers.get(name),
  };
  return storeChecked(store, isChunked ? decodeChunks(raw, trailers) : raw, checks);
}

/** What a body has to agree with; undefined is not checked. */
export interface BodyChecks {
  readonly bytes?: number | undefined;
  /** Base64, as in the Content-MD5 header. */
  readonly md5?: string | undefined;
  /** Hexadecimal. */
  readonly sha256?: string | undefined;
  readonly algorithm?: ChecksumAlgorithm | undefined;
  /** The value of such a header, asked for once the body is read, since it may trail behind. */
  readonly checksum?: (header: string) => string | undefined;
}

/** Streams bytes to the disk and keeps them only if they agree with the checks. */
export async function storeChecked(
  store: Store,
  source: AsyncIterable<Uint8Array>,
  { bytes, md5: expectedMd5, sha256: expectedSha256, algorithm, checksum }: BodyChecks,
): Promise<StoredBody> {
  const md5 = createHash('md5');
  const sha256 = expectedSha256 === undefined ? undefined : createHash('sha256');
  const sum: Checksum | undefined = algorithm && startChecksum(algorithm);
  let size = 0;
  const segment = await store.blobs.write(source, (chunk) => {
    size += chunk.length;
    if (size > MAXIMUM_UPLOAD_BYTES) throw new S3Error('EntityTooLarge', 'One upload is at most 5 GiB long.');
    md5.update(chunk);
    sha256?.update(chunk);
    sum?.update(chunk);
  });
  try {
    if (bytes !== undefined && bytes !== segment.size) {
      throw new S3Error('IncompleteBody', `The body has ${segment.size} bytes instead of ${bytes}.`);
    }
    const digest = md5.digest();
    checkMd5(expectedMd5, digest);
    if (sha256 !== undefined && sha256.digest('hex') !== expectedSha256) {
      const message = "The provided 'x-amz-content-sha256' header does not match what was computed.";
      throw new S3Error('XAmzContentSHA256Mismatch', message);
    }
    const value = sum?.digest().toString('base64');
    if (algorithm !== undefined) checkChecksum(algorithm, value!, checksum);
    const stored = algorithm && ({ algorithm, value: value!, type: 'FULL_OBJECT' } as const);
    return { segment, md5: digest.toString('hex'), checksum: stored };
  } catch (error) {
    store.blobs.retire([segment]);
    throw error;
  }
}

function checkMd5(expected: string | undefined, digest: Buffer): void {
  if (expected === undefined) return;
  if (Buffer.from(expected, 'base64').length !== 16) {
    throw new S3Error('InvalidDigest', 'The Content-MD5 you specified was invalid.');
  }
  if (!Buffer.from(expected, 'base64').equals(digest)) {
    throw new S3Error('BadDigest', 'The Content-MD5 you specified did not match what we received.');
  }
}

function checkChecksum(algorithm: ChecksumAlgorithm, actual: string, given: BodyChecks['checksum']): void {
  const expected = given?.(`x-amz-checksum-${algorithm.toLowerCase()}`);
  if (expected !== undefined && expected !== actual) {
    throw new S3Error('BadDigest', `The ${algorithm} you specified did not match the calculated checksum.`);
  }
}

function isAwsChunked(request: S3Request): boolean {
  const isStreaming = request.header('x-amz-content-sha256')?.startsWith('STREAMING-') ?? false;
  return isStreaming || /\baws-chunked\b/.test(request.header('content-encoding') ?? '');
}

function expectedBytes(request: S3Request, isChunked: boolean): number | undefined {
  const text = request.header(isChunked ? 'x-amz-decoded-content-length' : 'content-length');
  if (text === undefined) {
    if (isChunked || request.header('transfer-encoding') !== undefined) return undefined;
    throw new S3Error('MissingContentLength', 'You must provide the Content-Length HTTP header.');
  }
  const bytes = Number(text);
  if (bytes > MAXIMUM_UPLOAD_BYTES) throw new S3Error('EntityTooLarge', 'One upload is at most 5 GiB long.');
  return bytes;
}

/** The checksum that the request gives as a header or announces as a trailer. */
function checksumAlgorithm(request: S3Request): ChecksumAlgorithm | undefined {
  const trailer = request.header('x-amz-trailer')?.toLowerCase() ?? '';
  return CHECKSUM_ALGORITHMS.find((algorithm) => {
    const name = `x-amz-checksum-${algorithm.toLowerCase()}`;
    return request.header(name) !== undefined || trailer.split(',').some((part) => part.trim() === name);
  });
}
