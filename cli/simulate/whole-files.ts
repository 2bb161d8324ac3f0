import { closeSync, mkdirSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { gzipSync } from 'node:zlib';
import { Fault } from '../../shared/contracts/fault.ts';

const PIECE = 1 << 20;

/** A text file, gzip when its name ends so, that is written line by line and appears under its name only when it is complete. */
export interface WholeFile {
  line(text: string): void;
}

/** One that is being written. */
interface OpenFile {
  readonly file: string;
  readonly part: string;
  readonly handle: number;
  flush(): void;
  isWanted(): boolean;
}

/** Several of them: none appears before all are written. */
export class WholeFiles {
  readonly #open: OpenFile[] = [];

  /**
   * Begins a file with its header; `onlyWithLines`: when no line follows there is none, not even one of before.
   * Fault `invalid` where it cannot be written.
   */
  add(file: string, header: string, { onlyWithLines = false } = {}): WholeFile {
    const part = `${file}.${process.pid}.part`;
    const handle = attempt(file, () => {
      mkdirSync(dirname(file), { recursive: true });
      return openSync(part, 'w');
    });
    let text = `${header}\n`;
    let hasLines = false;
    const flush = () => {
      // each piece is a member of its own: one after the other they are one gzip file
      attempt(file, () => writeFileSync(handle, file.endsWith('.gz') ? gzipSync(text) : text));
      text = '';
    };
    this.#open.push({ file, part, handle, flush, isWanted: () => hasLines || !onlyWithLines });
    return {
      line(line) {
        hasLines = true;
        text += `${line}\n`;
        if (text.length >= PIECE) flush();
      },
    };
  }

  /** Ends all files and gives them their names. */
  keep(): void {
    for (const { flush } of this.#open) flush();
    for (const { file, part, handle, isWanted } of this.#open.splice(0)) {
      closeSync(handle);
      attempt(file, () => {
        if (isWanted()) return renameSync(part, file);
        rmSync(part);
        rmSync(file, { force: true });
      });
    }
  }

  /** Leaves nothing behind of files that were not kept. */
  drop(): void {
    for (const { part, handle } of this.#open.splice(0)) {
      closeSync(handle);
      rmSync(part, { force: true });
    }
  }
}

function attempt<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw new Fault('invalid', `${file} cannot be written: ${(error as Error).message}`, { cause: error });
  }
}
