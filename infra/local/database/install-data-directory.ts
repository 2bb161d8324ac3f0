import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
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
  const [command, args] = installation(engine, draft);
  try {
    await promisify(execFile)(command, args, {
      env: engineEnvironment(engine),
      cwd: dirname(data),
      timeout: INSTALL_TIMEOUT_MS,
      maxBuffer: 16 * 1024 * 1024,
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
