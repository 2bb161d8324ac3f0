import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';

/** A database server that this machine can run. */
export interface Engine {
  readonly flavour: 'mariadb' | 'mysql';
  readonly version: string;
  /** The server binary. */
  readonly server: string;
  /** `mariadb-install-db`; MySQL's server does its work itself. */
  readonly installer: string | undefined;
  /** Where an unpacked engine finds its own files. */
  readonly basedir: string | undefined;
  /** Folders of the shared libraries that came with an unpacked engine. */
  readonly libraryPath: string | undefined;
}

/** The oldest versions with the SQL that the migrations and stores use. */
const OLDEST = { mariadb: [10, 6], mysql: [8, 0] } as const;

/** What the server at this path is, or why it is of no use. */
export function inspectEngine(
  server: string,
  from: { basedir?: string; libraryPath?: string } = {},
): Engine | { readonly reason: string } {
  let text: string;
  try {
    text = execFileSync(server, ['--no-defaults', '--version'], {
      encoding: 'utf8',
      env: engineEnvironment(from),
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: 30_000,
    });
  } catch (error) {
    const stderr = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : '';
    return { reason: `${server} does not run: ${stderr || String(error)}` };
  }
  const version = /\bVer (\d+\.\d+\.\d+)/.exec(text)?.[1];
  if (!version) return { reason: `${server} names no version: ${text.trim()}` };
  const flavour = /mariadb/i.test(text) ? 'mariadb' : 'mysql';
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [oldestMajor, oldestMinor] = OLDEST[flavour];
  if (major < oldestMajor || (major === oldestMajor && minor < oldestMinor)) {
    return { reason: `${server} is ${flavour} ${version}; ${oldestMajor}.${oldestMinor} is needed` };
  }
  const installer = flavour === 'mariadb' ? findInstaller(server) : undefined;
  if (flavour === 'mariadb' && !installer)
    return { reason: `mariadb-install-db is missing beside ${server}` };
  return { flavour, version, server, installer, basedir: from.basedir, libraryPath: from.libraryPath };
}

/** The environment in which the engine's programs find their libraries. */
export function engineEnvironment({
  libraryPath,
}: {
  readonly libraryPath?: string | undefined;
}): NodeJS.ProcessEnv {
  const inherited = process.env.LD_LIBRARY_PATH;
  if (!libraryPath) return process.env;
  return {
    ...process.env,
    LD_LIBRARY_PATH: inherited ? `${libraryPath}${delimiter}${inherited}` : libraryPath,
  };
}

function findInstaller(server: string): string | undefined {
  const suffix = process.platform === 'win32' ? '.exe' : '';
  const near = ['.', '../bin', '../scripts'].map((folder) => join(dirname(server), folder));
  const folders = [...near, ...searchPath(), '/usr/bin', '/usr/local/bin'];
  return folders
    .flatMap((folder) =>
      ['mariadb-install-db', 'mysql_install_db'].map((name) => join(folder, name + suffix)),
    )
    .find((path) => existsSync(path));
}

/** The folders of PATH. */
export function searchPath(): string[] {
  return (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
}
