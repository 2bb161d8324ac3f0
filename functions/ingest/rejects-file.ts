import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import type { Objects } from '../../shared/aws/objects.ts';
import type { Reject } from './cut-chunks.ts';

/** The rejected rows of an import as a CSV object, streamed while the file is read; no rejects, no object. */
export class RejectsFile {
  readonly #objects: Objects;
  readonly #key: string;
  #stream: PassThrough | undefined;
  #upload: Promise<void> | undefined;

  constructor(objects: Objects, key: string) {
    this.#objects = objects;
    this.#key = key;
  }

  async add(rejects: readonly Reject[]): Promise<void> {
    if (rejects.length === 0) return;
    const text = rejects.map(toCsv).join('');
    if (this.#open().write(text)) return;
    await Promise.race([once(this.#stream!, 'drain'), this.#upload]);
  }

  /** Waits until the object is stored; its key, or null when nothing was rejected. */
  async close(): Promise<string | null> {
    if (this.#stream === undefined) return null;
    this.#stream.end();
    await this.#upload;
    return this.#key;
  }

  /** Stores nothing. Harmless after `close`. */
  async abandon(): Promise<void> {
    this.#stream?.destroy(new Error('rejects file abandoned'));
    await this.#upload?.catch(() => undefined);
  }

  #open(): PassThrough {
    if (this.#stream === undefined) {
      this.#stream = new PassThrough();
      this.#stream.on('error', () => undefined);
      this.#upload = this.#objects.write(this.#key, this.#stream, 'text/csv; charset=utf-8');
      // Reported by `add` or `close`; until one of them asks it must not count as unhandled.
      this.#upload.catch(() => undefined);
      this.#stream.write('line,field,reason,original\n');
    }
    return this.#stream;
  }
}

function toCsv({ line, field, reason, raw }: Reject): string {
  return `${line},${cell(field)},${cell(reason)},${cell(raw)}\n`;
}

/** Quoted where needed; what a spreadsheet would run as a formula gets an apostrophe in front. */
function cell(text: string): string {
  const harmless = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
