import type { Readable } from 'node:stream';
import type { TextEncoding } from '../../shared/contracts/csv/text-encoding.ts';
import { openBytes } from './open-bytes.ts';

/** The text of an object in pieces, uncompressed and without a byte order mark. */
export async function* readText(
  object: Readable,
  encoding: TextEncoding,
  onRead?: (bytes: number) => void,
): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding);
  for await (const piece of openBytes(object, onRead)) {
    const text = decoder.decode(piece, { stream: true });
    if (text !== '') yield text;
  }
  const end = decoder.decode();
  if (end !== '') yield end;
}
