import { existsSync, globSync } from 'node:fs';
import { join } from 'node:path';
import { type Engine, inspectEngine, searchPath } from './engine.ts';

/** Where distributions, Homebrew and the vendors' installers put servers, besides PATH. */
const USUAL_FOLDERS = [
  '/usr/sbin',
  '/usr/libexec',
  '/usr/local/sbin',
  '/usr/local/bin',
  '/usr/local/mysql/bin',
  '/opt/homebrew/bin',
  '/opt/homebrew/opt/mariadb/bin',
  '/opt/homebrew/opt/mysql/bin',
  '/opt/homebrew/opt/mysql@8.4/bin',
  '/usr/local/opt/mariadb/bin',
  '/usr/local/opt/mysql/bin',
  '/home/linuxbrew/.linuxbrew/bin',
];

/** The server named by MYSQLD, else the first usable one that is installed; `reasons` says what was passed over. */
export function findInstalledEngine(mysqld: string | undefined): {
  engine: Engine | undefined;
  reasons: string[];
} {
  const reasons: string[] = [];
  for (const server of mysqld ? [mysqld] : candidates()) {
    const found = inspectEngine(server);
    if (!('reason' in found)) return { engine: found, reasons };
    reasons.push(found.reason);
  }
  return { engine: undefined, reasons };
}

function candidates(): string[] {
  if (process.platform === 'win32') {
    const installed = ['MariaDB*', 'MySQL/MySQL Server*'].flatMap((folder) =>
      ['mariadbd.exe', 'mysqld.exe'].flatMap((name) => globSync(`C:/Program Files/${folder}/bin/${name}`)),
    );
    return [...new Set([...inFolders(searchPath(), '.exe'), ...installed])];
  }
  return [...new Set(inFolders([...searchPath(), ...USUAL_FOLDERS], ''))];
}

function inFolders(folders: readonly string[], suffix: string): string[] {
  return folders
    .flatMap((folder) => ['mariadbd', 'mysqld'].map((name) => join(folder, name + suffix)))
    .filter((path) => existsSync(path));
}
