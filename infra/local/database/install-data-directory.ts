import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative } from 'node:path';
import { promisify } from 'node:util';
import { type Engine, engineEnvironment } from './engine.ts';
import { asRoot } from './server-flags.ts';

const INSTALL_TIMEOUT_MS = 120_000;

/** Makes the system tables unless they are there. A start that is killed meanwhile leaves nothing half made. */
export async function installDataDirectory(engine: Engine, data: string): Promise<void> {
  if (existsSync(join(data, 'mysql'))) return;
  const draft = `${data}.new`;
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(dirname(data), { recursive: true });
  if (engine.flavour === 'mariadb') mkdirSync(draft, { mode: 0o700 });
  try {
    await withPlainPaths(engine, dirname(data), async (plain, folder) => {
      const [command, args] = installation(plain, join(folder, basename(draft)));
      const env = engineEnvironment(engine);
      const options = { env, cwd: folder, timeout: INSTALL_TIMEOUT_MS, maxBuffer: 16 * 1024 * 1024 };
      await promisify(execFile)(command, args, options);
    });
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    const tail = `${stdout}\n${stderr}`.trim().split('\n').slice(-15).join('\n');
    throw new Error(
      `${engine.flavour} ${engine.version} could not create its data directory ${data}:\n${tail}\n` +
        'If the system confines this server (AppArmor), set SMART_INVENTORY_DATABASE=unpack or download.',
      { cause: error },
    );
  }
  rmSync(data, { recursive: true, force: true });
  renameSync(draft, data);
}

/** `mariadb-install-db` is a shell script that does not quote its paths: it gets links without spaces. */
async function withPlainPaths(
  engine: Engine,
  folder: string,
  work: (engine: Engine, folder: string) => Promise<void>,
): Promise<void> {
  const paths = [folder, engine.server, engine.basedir, engine.installer];
  const isPlain = paths.every((path) => !/[^\w./@:+-]/.test(path ?? ''));
  if (isPlain || engine.flavour === 'mysql' || process.platform === 'win32') return work(engine, folder);
  const links = mkdtempSync(join(tmpdir(), 'smart-inventory-'));
  try {
    symlinkSync(folder, join(links, 'home'));
    let plain = engine;
    if (engine.basedir) {
      const basedir = join(links, 'base');
      symlinkSync(engine.basedir, basedir);
      plain = { ...engine, basedir, installer: join(basedir, relative(engine.basedir, engine.installer!)) };
    }
    await work(plain, join(links, 'home'));
  } finally {
    rmSync(links, { recursive: true, force: true });
  }
}

function installation(engine: Engine, data: string): [string, string[]] {
  const basedir = engine.basedir ? [`--basedir=${engine.basedir}`] : [];
  const flags = ['--no-defaults', ...basedir, `--datadir=${data}`, ...asRoot()];
  if (engine.flavour === 'mysql') return [engine.server, [...flags, '--initialize-insecure']];
  // the program for Windows shares its name with the script, but none of these options
  if (process.platform === 'win32') return [engine.installer!, [`--datadir=${data}`]];
  return [
    engine.installer!,
    [...flags, '--auth-root-authentication-method=normal', '--skip-test-db', '--skip-name-resolve'],
  ];
}
