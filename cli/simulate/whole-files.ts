import { closeSync, mkdirSync, openSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
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
   * Fault `invalid` where it cannot be written, and where another of them has its name.
   */
  add(file: string, header: string, { onlyWithLines = false } = {}): WholeFile {
    if (this.#open.some((one) => resolve(one.file) === resolve(file)))
      throw new Fault('invalid', `--output and --truth would both write ${file}`);
    const part = `${file}.${process.pid}.part`;
    const handle = attempt(file, () => {
      mkdirSync(dirname(file), { recursive: true });
      if (statSync(file, { throwIfNoEntry: false })?.isDirectory()) throw new Error('it is a folder');
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
    try {
      for (const { file, part, isWanted } of this.#open)
        attempt(file, () => (isWanted() ? renameSync(part, file) : rmSync(file, { force: true })));
    } finally {
      this.drop();
    }
  }

  /** Leaves nothing behind of files that have not got their names. */
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
