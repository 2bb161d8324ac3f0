import { createWriteStream, type WriteStream } from 'node:fs';
import { join } from 'node:path';
import type { FunctionLogLine } from './functions/function-worker.ts';

/** One file per function, appended to by every start. */
export interface FunctionLogs {
  readonly write: (line: FunctionLogLine) => void;
  close(): Promise<void>;
}

/** Opens the log files of a folder, each when its function first writes. */
export function openFunctionLogs(directory: string): FunctionLogs {
  const files = new Map<string, WriteStream>();
  return {
    write({ functionName, line }) {
      let file = files.get(functionName);
      if (!file) {
        file = createWriteStream(join(directory, `${functionName}.log`), { flags: 'a' });
        files.set(functionName, file);
      }
      file.write(`${line}\n`);
    },
    async close() {
      await Promise.all([...files.values()].map((file) => new Promise<void>((resolve) => file.end(resolve))));
    },
  };
}
