import { createWriteStream, renameSync, statSync, type WriteStream } from 'node:fs';
import { join } from 'node:path';
import type { FunctionLogLine } from './functions/function-worker.ts';

/** A file that is larger when a start comes to it is put aside, in place of the one put aside before. */
const LARGEST_BYTES = 16 * 1024 * 1024;

/** One file per function, appended to by every start. */
export interface FunctionLogs {
  readonly write: (line: FunctionLogLine) => void;
  close(): Promise<void>;
}

/** Opens the log files of a folder, each when its function first writes. */
export function openFunctionLogs(directory: string, largestBytes = LARGEST_BYTES): FunctionLogs {
  const files = new Map<string, WriteStream>();
  return {
    write({ functionName, line }) {
      let file = files.get(functionName);
      if (!file) {
        const path = join(directory, `${functionName}.log`);
        const bytes = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
        if (bytes > largestBytes) renameSync(path, `${path}.old`);
        file = createWriteStream(path, { flags: 'a' });
        files.set(functionName, file);
      }
      file.write(`${line}\n`);
    },
    async close() {
      await Promise.all([...files.values()].map((file) => new Promise<void>((resolve) => file.end(resolve))));
    },
  };
}
