import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';

const COMMAND = join(import.meta.dirname, '../../cli/smart-inventory.mjs');
/** Makes a process tell the CPU time of all its threads when it ends. */
const TELL_CPU = `data:text/javascript,${encodeURIComponent(
  `import { writeSync } from 'node:fs';
   process.on('exit', () => { const { user, system } = process.cpuUsage(); writeSync(3, String(user + system)); });`,
)}`;

/** Runs `smart-inventory` as a user would; the CPU seconds it took, start included. Throws when it fails. */
export async function runCommand(parameters: readonly string[]): Promise<number> {
  const child = spawn(process.execPath, ['--import', TELL_CPU, COMMAND, ...parameters], {
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
  });
  const errors = text(child.stderr!);
  const told = text(child.stdio[3] as Readable);
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0)
    throw new Error(`smart-inventory ${parameters.join(' ')} ended with ${code}: ${await errors}`);
  return Number(await told) / 1e6;
}
