import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import type { TextEncoding } from '../../shared/contracts/csv/text-encoding.ts';
import { Fault } from '../../shared/contracts/fault.ts';
import { JapaneseText } from './japanese-text.ts';
import { openBytes } from './open-bytes.ts';

/** Uncompressed. A small archive that swells beyond it is refused instead of filling the disk with rows. */
const MAX_CONTENT_BYTES = 4 * 1024 ** 3;

/** What one look through the whole file tells, before anything is written. */
export interface Survey {
  /** Of the uncompressed bytes: a file and its compressed copy are the same content. */
  readonly sha256: string;
  readonly encoding: TextEncoding;
}

/**
 * Reads the file once: its fingerprint and encoding. A byte order mark says the encoding; else what is valid UTF-8 is
 * that, what is valid Shift-JIS and looks Japanese is that, and the rest is Windows-1252, of which ISO-8859-1 is a
 * part. Throws Fault `invalid` for what is no text at all.
 */
export async function surveyObject(object: Readable): Promise<Survey> {
  const hash = createHash('sha256');
  const utf8 = new TextDecoder('utf-8', { fatal: true });
  let japanese: JapaneseText | undefined;
  let wide: TextEncoding | undefined;
  let last = 0;
  let bytes = 0;
  let isUtf8 = true;
  for await (const piece of openBytes(object)) {
    if (bytes === 0) {
      refuseKnownBinaries(piece);
      wide = wideEncoding(piece);
    }
    bytes += piece.length;
    if (bytes > MAX_CONTENT_BYTES) throw new Fault('invalid', 'The file is larger than 4 GiB: split it.');
    hash.update(piece);
    if (wide !== undefined) continue;
    if (piece.includes(0)) {
      throw new Fault(
        'invalid',
        'The file is no text: it contains zero bytes. CSV text in UTF-8 is accepted.',
      );
    }
    if (isUtf8 && !decodes(utf8, piece, true)) {
      isUtf8 = false;
      // a character of two bytes may be cut in two
      japanese = new JapaneseText(last >= 0x80 ? Uint8Array.of(last) : undefined);
    }
    japanese?.push(piece);
    last = piece.at(-1)!;
  }
  isUtf8 &&= wide !== undefined || decodes(utf8, new Uint8Array(0), false);
  if (bytes === 0) throw new Fault('invalid', 'The file is empty.');
  const encoding = wide ?? (isUtf8 ? 'utf-8' : japanese?.isLikely() ? 'shift_jis' : 'windows-1252');
  return { sha256: hash.digest('hex'), encoding };
}

/** What a byte order mark of UTF-16 says. */
function wideEncoding([a, b]: Uint8Array): TextEncoding | undefined {
  if (a === 0xff && b === 0xfe) return 'utf-16le';
  return a === 0xfe && b === 0xff ? 'utf-16be' : undefined;
}

function refuseKnownBinaries(start: Uint8Array): void {
  const [a, b] = start;
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
