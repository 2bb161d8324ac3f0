import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

const COMMAND = new URL('../../cli/smart-inventory.mjs', import.meta.url).pathname;

export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A folder for one test file, and the command run in it. */
export class CommandFolder {
  readonly path = mkdtempSync(join(tmpdir(), 'smart-inventory-cli-'));

  /** Runs `smart-inventory` with these parameters, blanks between; the state of its stack is in `.local/` here. */
  run(parameters: string): Promise<Ended> {
    return new Promise((resolve) => {
      const env = { ...process.env, SMART_INVENTORY_HOME: join(this.path, '.local') };
      const options = { cwd: this.path, timeout: 120_000, env };
      execFile(
        process.execPath,
        [COMMAND, ...parameters.trim().split(/ +/)],
        options,
        (error, stdout, stderr) => {
          resolve({ code: error ? Number(error.code) : 0, stdout, stderr });
        },
      );
    });
  }

  write(name: string, text: string): void {
    writeFileSync(join(this.path, name), name.endsWith('.gz') ? gzipSync(text) : text);
  }

  bytes(name: string): Buffer {
    return readFileSync(join(this.path, name));
  }

  /** Rows by column name. */
  rows(name: string): Record<string, string>[] {
    const [header, ...lines] = this.bytes(name).toString().trimEnd().split('\n');
    const names = header!.split(',');
    return lines.map((line) => Object.fromEntries(line.split(',').map((cell, i) => [names[i]!, cell])));
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}
