import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { Fault } from '../../shared/contracts/fault.ts';
import { openBytes } from './open-bytes.ts';

/** Uncompressed. A small archive that swells beyond it is refused instead of filling the disk with rows. */
const MAX_CONTENT_BYTES = 4 * 1024 ** 3;

export type TextEncoding = 'utf-8' | 'windows-1252';

/** What one look through the whole file tells, before anything is written. */
export interface Survey {
  /** Of the uncompressed bytes: a file and its compressed copy are the same content. */
  readonly sha256: string;
  readonly encoding: TextEncoding;
}

/** Reads the file once: its fingerprint and encoding. Throws Fault `invalid` for what is no text at all. */
export async function surveyObject(object: Readable): Promise<Survey> {
  const hash = createHash('sha256');
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let bytes = 0;
  let isUtf8 = true;
  for await (const piece of openBytes(object)) {
    if (bytes === 0) refuseKnownBinaries(piece);
    bytes += piece.length;
    if (bytes > MAX_CONTENT_BYTES) throw new Fault('invalid', 'The file is larger than 4 GiB: split it.');
    if (piece.includes(0)) {
      throw new Fault(
        'invalid',
        'The file is no text: it contains zero bytes. CSV text in UTF-8 is accepted.',
      );
    }
    hash.update(piece);
    isUtf8 &&= decodes(decoder, piece, true);
  }
  isUtf8 &&= decodes(decoder, new Uint8Array(0), false);
  if (bytes === 0) throw new Fault('invalid', 'The file is empty.');
  return { sha256: hash.digest('hex'), encoding: isUtf8 ? 'utf-8' : 'windows-1252' };
}

function refuseKnownBinaries(start: Uint8Array): void {
  const [a, b] = start;
  if ((a === 0xff && b === 0xfe) || (a === 0xfe && b === 0xff)) {
    throw new Fault('invalid', 'The file is UTF-16 text. Save it as CSV UTF-8.');
  }
  if (a === 0x50 && b === 0x4b && start[2] === 0x03 && start[3] === 0x04) {
    throw new Fault('invalid', 'The file is an Excel workbook or a zip archive. Save it as CSV UTF-8.');
  }
}

function decodes(decoder: InstanceType<typeof TextDecoder>, piece: Uint8Array, stream: boolean): boolean {
  try {
    decoder.decode(piece, { stream });
    return true;
  } catch {
    return false;
  }
}
