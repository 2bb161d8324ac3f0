import { randomUUID } from 'node:crypto';
import { createReadStream, linkSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';

/** One stored run of bytes; an object is one of them, or one for each part of its upload. */
export interface Segment {
  readonly blob: string;
  readonly size: number;
}

/**
 * Bytes as files that never change. Their names are made here, so that no key, however odd, reaches the file system; a
 * file counts only once a committed row names it.
 */
export interface Blobs {
  /** Writes the source to a new file, durably; leaves nothing behind when the source or `onChunk` throws. */
  write(source: AsyncIterable<Uint8Array>, onChunk: (chunk: Uint8Array) => void): Promise<Segment>;
  /** The same bytes under another name, at no cost. */
  copy(segment: Segment): Segment;
  /** The bytes from `start` up to and without `end`. Keeps the files while it runs, whatever happens to the object. */
  read(segments: readonly Segment[], start: number, end: number): AsyncGenerator<Buffer>;
  /** Removes files that no row names any more, those being read as soon as that is over. */
  retire(segments: readonly Segment[]): void;
}

const READ_BYTES = 262_144;

/** Opens the folder and removes what an interrupted write left in it. */
export function openBlobs(folder: string, isNamed: (blob: string) => boolean): Blobs {
  mkdirSync(folder, { recursive: true });
  const pathOf = (blob: string) => join(folder, blob);
  const remove = (blob: string) => rmSync(pathOf(blob), { force: true });
  for (const blob of readdirSync(folder)) if (!isNamed(blob)) remove(blob);
  const readers = new Map<string, number>();
  const retired = new Set<string>();
  const hold = (blob: string) => readers.set(blob, (readers.get(blob) ?? 0) + 1);
  const release = (blob: string) => {
    const left = readers.get(blob)! - 1;
    if (left > 0) {
      readers.set(blob, left);
      return;
    }
    readers.delete(blob);
    if (retired.delete(blob)) remove(blob);
  };
  return {
    async write(source, onChunk) {
      const blob = randomUUID();
      const file = await open(pathOf(blob), 'wx');
      try {
        let size = 0;
        for await (const chunk of source) {
          onChunk(chunk);
          size += chunk.length;
          await file.appendFile(chunk);
        }
        await file.sync();
        await file.close();
        return { blob, size };
      } catch (error) {
        await file.close();
        remove(blob);
        throw error;
      }
    },
    copy({ blob, size }) {
      const copy = randomUUID();
      linkSync(pathOf(blob), pathOf(copy));
      return { blob: copy, size };
    },
    async *read(segments, start, end) {
      for (const { blob } of segments) hold(blob);
      try {
        let offset = 0;
        for (const { blob, size } of segments) {
          const [from, to] = [Math.max(start - offset, 0), Math.min(end - offset, size)];
          offset += size;
          if (from >= to) continue;
          yield* createReadStream(pathOf(blob), { start: from, end: to - 1, highWaterMark: READ_BYTES });
        }
      } finally {
        for (const { blob } of segments) release(blob);
      }
    },
    retire(segments) {
      for (const { blob } of segments) {
        if (readers.has(blob)) retired.add(blob);
        else remove(blob);
      }
    },
  };
}
