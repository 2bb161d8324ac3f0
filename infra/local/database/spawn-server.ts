import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../free-port.ts';
import { type AdminCredentials, writeInitFile } from './admin-account.ts';
import { type Engine, engineEnvironment } from './engine.ts';
import { identify } from './process-identity.ts';
import { serverFlags } from './server-flags.ts';
import type { ServerRecord } from './server-record.ts';
import { waitForServer } from './wait-for-server.ts';

/** Recovery of a large log may take its time. */
const START_TIMEOUT_MS = 120_000;
/** Another program may take the free port before the server does. */
const PORT_ATTEMPTS = 3;
/** The kernel allows about 107 characters for a socket's path. */
const LONGEST_SOCKET_FOLDER = 80;

export interface SpawnOptions {
  readonly directory: string;
  readonly engine: Engine;
  readonly admin: AdminCredentials;
  readonly port: number | undefined;
  readonly logFileMib: number;
  readonly durable: boolean;
  /** Called as soon as the server exists, so that a start which is killed before it serves leaves a trace of it. */
  readonly remember: (spawned: Spawned) => void;
}

/** Which server was started and where it listens. */
export type Spawned = Pick<ServerRecord, 'server' | 'port' | 'socketFolder'>;

/** Starts the server as a child in a session of its own and waits until it serves. */
export async function spawnServer(options: SpawnOptions): Promise<Spawned> {
  const { directory, admin, port } = options;
  writeInitFile(join(directory, 'init.sql'), admin);
  for (let attempt = 1; ; attempt++) {
    const started = await tryPort(options, port ?? (await freePort()));
    if (typeof started !== 'string') return started;
    const isTaken = /address already in use|bind on tcp\/ip port/i.test(started);
    if (!isTaken || port !== undefined || attempt === PORT_ATTEMPTS) {
      throw new Error(`the database server did not start; the end of its log:\n${started}`);
    }
  }
}

async function tryPort(
  { directory, engine, admin, logFileMib, durable, remember }: SpawnOptions,
  port: number,
): Promise<Spawned | string> {
  const socketFolder = makeSocketFolder();
  const errorLog = join(directory, 'error.log');
  rmSync(errorLog, { force: true });
  const places = {
    data: join(directory, 'data'),
    socket: join(socketFolder, 's'),
    pidFile: join(socketFolder, 'pid'),
    errorLog,
    initFile: join(directory, 'init.sql'),
    temporary: join(directory, 'tmp'),
  };
  mkdirSync(places.temporary, { recursive: true, mode: 0o700 });
  const output = openSync(`${errorLog}.early`, 'w');
  const child = spawn(engine.server, serverFlags(engine, places, port, { logFileMib, durable }), {
    cwd: directory,
    env: engineEnvironment(engine),
    stdio: ['ignore', output, output],
    // Ctrl-C in a terminal goes to the whole group; the server must outlive what still writes to it.
    detached: true,
  });
  closeSync(output);
  let isGone = false;
  child.once('error', () => {
    isGone = true;
  });
  child.once('exit', () => {
    isGone = true;
  });
  const server = child.pid === undefined ? undefined : identify(child.pid);
  if (server) remember({ server, port, socketFolder });
  const isReady = await waitForServer(port, admin, START_TIMEOUT_MS, () => isGone);
  if (isReady && !isGone && server) {
    child.unref();
    return { server, port, socketFolder };
  }
  child.kill('SIGKILL');
  rmSync(socketFolder, { recursive: true, force: true });
  return tail(errorLog) + tail(`${errorLog}.early`);
}

function makeSocketFolder(): string {
  const base = tmpdir().length > LONGEST_SOCKET_FOLDER ? '/tmp' : tmpdir();
  return mkdtempSync(join(base, 'smart-inventory-'));
}

function tail(path: string): string {
  try {
    return readFileSync(path, 'utf8').split('\n').slice(-25).join('\n');
  } catch {
    return '';
  }
}
