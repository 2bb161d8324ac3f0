import type { Readable } from 'node:stream';
import { openBytes } from './open-bytes.ts';
import type { TextEncoding } from './survey-object.ts';

/** The text of an object in pieces, uncompressed and without a byte order mark. */
export async function* readText(object: Readable, encoding: TextEncoding): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding);
  for await (const piece of openBytes(object)) {
    const text = decoder.decode(piece, { stream: true });
    if (text !== '') yield text;
  }
  const end = decoder.decode();
  if (end !== '') yield end;
}
