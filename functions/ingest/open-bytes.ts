import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { Fault } from '../../shared/contracts/fault.ts';

const PIECE_BYTES = 128 * 1024;

/** The bytes of an object, uncompressed when they start as gzip does, in pieces; the object is closed in any case. */
export async function* openBytes(
  object: Readable,
  /** Told how many bytes of the object, compressed or not, were read. */
  onRead?: (bytes: number) => void,
): AsyncGenerator<Uint8Array> {
  const source = object[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
  try {
    const start = await firstBytes(source);
    const pieces = rest(start, source, onRead);
    if (start[0] !== 0x1f || start[1] !== 0x8b) {
      yield* pieces;
      return;
    }
    const gunzip = createGunzip({ chunkSize: PIECE_BYTES });
    // Errors of either end reach the reader of gunzip.
    pipeline(Readable.from(pieces, { objectMode: false }), gunzip, () => undefined);
    yield* gunzip;
  } catch (error) {
    throw isGzipDamage(error)
      ? new Fault('invalid', 'The gzip compression of the file is damaged or cut off.', { cause: error })
      : error;
  } finally {
    object.destroy();
  }
}

/** At least two bytes if there are as many: the mark of gzip. */
async function firstBytes(source: AsyncIterator<Uint8Array>): Promise<Uint8Array> {
  let start: Uint8Array = new Uint8Array(0);
  while (start.length < 4) {
    const { value, done } = await source.next();
    if (done) break;
    start = start.length === 0 ? value : Buffer.concat([start, value]);
  }
  return start;
}

async function* rest(
  start: Uint8Array,
  source: AsyncIterator<Uint8Array>,
  onRead?: (bytes: number) => void,
): AsyncGenerator<Uint8Array> {
  onRead?.(start.length);
  if (start.length > 0) yield start;
  for (;;) {
    const { value, done } = await source.next();
    if (done) return;
    onRead?.(value.length);
    yield value;
  }
}

function isGzipDamage(error: unknown): boolean {
  const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
  return code === 'Z_DATA_ERROR' || code === 'Z_BUF_ERROR';
}
