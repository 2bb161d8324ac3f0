import { execFile } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Engine, inspectEngine } from './engine.ts';

/** The release that Aurora MySQL 3 is made from. */
const MYSQL_RELEASE = '8.0.x';
const OPTIONS = { version: MYSQL_RELEASE, xEnabled: 'OFF', downloadRetries: 2, logLevel: 'ERROR' };
const DOWNLOAD_TIMEOUT_MS = 900_000;

/**
 * Lets mysql-memory-server download MySQL from Oracle and start it once, which proves that it runs here.
 * The library keeps binaries in the folder for temporary files, so its process gets `directory` for one.
 */
export async function downloadEngine(directory: string, report: (line: string) => void): Promise<Engine> {
  mkdirSync(directory, { recursive: true });
  report(`downloading MySQL ${MYSQL_RELEASE} to ${directory}`);
  const program = `
    import { createDB } from 'mysql-memory-server';
    try {
      const database = await createDB(${JSON.stringify(OPTIONS)});
      console.log(JSON.stringify(database.mysql));
      await database.stop();
    } catch (error) {
      console.error(String(error));
      process.exit(1);
    }`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program], {
    cwd: import.meta.dirname,
    env: { ...process.env, TMPDIR: directory, TEMP: directory, TMP: directory },
    timeout: DOWNLOAD_TIMEOUT_MS,
  });
  const { version } = JSON.parse(stdout.trim().split('\n').at(-1)!) as { version: string };
  const name = process.platform === 'win32' ? 'mysqld.exe' : 'mysqld';
  const server = join(directory, 'mysqlmsn', 'binaries', version, 'mysql', 'bin', name);
  if (!existsSync(server))
    throw new Error(`MySQL ${version} is installed already: name its server by the variable MYSQLD`);
  const found = inspectEngine(server, { basedir: join(server, '../..') });
  if ('reason' in found) throw new Error(found.reason);
  return found;
}
