import { execFile, execFileSync } from 'node:child_process';
import { chmodSync, existsSync, globSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Engine, inspectEngine } from './engine.ts';

const run = promisify(execFile);
const OUTPUT = { maxBuffer: 64 * 1024 * 1024, timeout: 300_000 };
/** Of a library the distribution splits into packages that need each other. */
const LIBRARY_ROUNDS = 4;

/** Whether this system is Debian, Ubuntu or one of their kin. */
export const canUnpack = (): boolean => existsSync('/usr/bin/apt-get') && existsSync('/usr/bin/dpkg-deb');

/**
 * Downloads the distribution's MariaDB packages and unpacks them under `directory`: nothing is installed, no root is
 * needed. The system's package lists serve where they exist and are fresh, private ones otherwise.
 */
export async function unpackEngine(directory: string, report: (line: string) => void): Promise<Engine> {
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
  const scratch = join(directory, 'apt');
  try {
    try {
      return await unpack(directory, [], report);
    } catch {
      report('fetching package lists (the system has none, or old ones)');
      return await unpack(directory, await updatePrivateLists(scratch), report);
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** apt options: `_apt`, whom root's apt becomes, cannot write to our folder. */
const asOurselves = process.getuid?.() === 0 ? ['-o', 'APT::Sandbox::User=root'] : [];

async function unpack(
  directory: string,
  apt: readonly string[],
  report: (line: string) => void,
): Promise<Engine> {
  const server = await newestPackage('mariadb-server-core', apt);
  const client = await newestPackage('mariadb-client-core', apt);
  report(`unpacking ${server} of this distribution under ${directory}`);
  await getPackages(directory, [server, client, 'mariadb-common'], apt);
  const binary = ['usr/sbin/mariadbd', 'usr/sbin/mysqld']
    .map((path) => join(directory, path))
    .find((path) => existsSync(path));
  if (!binary) throw new Error(`package ${server} holds no server`);
  await addLibraries(directory, binary, server, apt);
  const libraryPath = libraryFolders(directory);
  const found = inspectEngine(binary, {
    basedir: join(directory, 'usr'),
    ...(libraryPath === '' ? {} : { libraryPath }),
  });
  if ('reason' in found) throw new Error(found.reason);
  return found;
}

/** Some releases carry the version in the name: mariadb-server-core-10.6. */
async function newestPackage(name: string, apt: readonly string[]): Promise<string> {
  const pattern = `^${name}(-[0-9.]+)?$`;
  const { stdout } = await run('apt-cache', [...apt, 'search', '--names-only', pattern], OUTPUT);
  const names = stdout
    .split('\n')
    .map((line) => line.split(' ')[0]!)
    .filter((found) => new RegExp(pattern).test(found));
  const newest = names.sort((a, b) => a.localeCompare(b, 'en', { numeric: true })).at(-1);
  if (!newest) throw new Error(`no package ${name} in the package lists`);
  return names.includes(name) ? name : newest;
}

async function getPackages(
  directory: string,
  packages: readonly string[],
  apt: readonly string[],
): Promise<void> {
  const archives = join(directory, 'apt', 'archives');
  rmSync(archives, { recursive: true, force: true });
  mkdirSync(archives, { recursive: true });
  await run('apt-get', [...apt, ...asOurselves, '-q', 'download', ...packages], { ...OUTPUT, cwd: archives });
  for (const file of readdirSync(archives).filter((name) => name.endsWith('.deb'))) {
    await run('dpkg-deb', ['-x', join(archives, file), directory], OUTPUT);
  }
  // dpkg-deb copies the mode of the archive's root
  chmodSync(directory, 0o755);
}

/** Adds the shared libraries that the machine lacks, and those that they need in turn. */
async function addLibraries(
  directory: string,
  binary: string,
  server: string,
  apt: readonly string[],
): Promise<void> {
  const done = new Set<string>();
  for (let round = 0; round < LIBRARY_ROUNDS; round++) {
    const missing = missingLibraries(binary, libraryFolders(directory));
    if (missing.length === 0) return;
    const all = await libraryPackages(server, apt);
    const named = all.filter((name) => missing.some((library) => name.startsWith(stem(library))));
    // A library need not be called like its package (libcrypto.so.3 is in libssl3): then take them all.
    const wanted = (named.some((name) => !done.has(name)) ? named : all).filter((name) => !done.has(name));
    if (wanted.length === 0) break;
    await getPackages(directory, wanted, apt);
    for (const name of wanted) done.add(name);
  }
}

const stem = (library: string): string => library.replace(/\.so\b.*/, '');

function missingLibraries(binary: string, libraryPath: string): string[] {
  const text = execFileSync('ldd', [binary], {
    encoding: 'utf8',
    env: libraryPath === '' ? process.env : { ...process.env, LD_LIBRARY_PATH: libraryPath },
  });
  return [...text.matchAll(/^\s*(\S+) => not found$/gm)].map(([, library]) => library!);
}

/** Everything the server depends on that is a library, save the C library: that one must fit the kernel loader. */
async function libraryPackages(server: string, apt: readonly string[]): Promise<string[]> {
  const { stdout } = await run('apt-cache', [...apt, 'depends', '--recurse', '--important', server], OUTPUT);
  const names = stdout.split('\n').filter((line) => /^lib[a-z0-9][a-z0-9.+-]*$/.test(line));
  return [...new Set(names)].filter((name) => !/^libc6|^libc-|^libgcc|perl/.test(name));
}

function libraryFolders(directory: string): string {
  return ['usr/lib', 'lib', 'usr/lib/*-linux-*', 'lib/*-linux-*']
    .flatMap((pattern) => globSync(join(directory, pattern)))
    .filter((folder) => readdirSync(folder).some((name) => /\.so(\.|$)/.test(name)))
    .join(':');
}

async function updatePrivateLists(scratch: string): Promise<string[]> {
  for (const folder of ['state/lists/partial', 'cache/archives/partial']) {
    mkdirSync(join(scratch, folder), { recursive: true });
  }
  const options = [
    `Dir::State=${join(scratch, 'state')}`,
    `Dir::State::lists=${join(scratch, 'state/lists')}`,
    'Dir::State::status=/var/lib/dpkg/status',
    `Dir::Cache=${join(scratch, 'cache')}`,
  ].flatMap((option) => ['-o', option]);
  await run('apt-get', [...options, ...asOurselves, '-q', 'update'], OUTPUT);
  return options;
}
