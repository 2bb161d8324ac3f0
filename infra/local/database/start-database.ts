import { mkdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type AdminCredentials, keepAdminCredentials } from './admin-account.ts';
import { canSignIn } from './can-sign-in.ts';
import type { Engine } from './engine.ts';
import { ensureEngine } from './ensure-engine.ts';
import { installDataDirectory } from './install-data-directory.ts';
import { withLock } from './lock.ts';
import { identify, isAlive } from './process-identity.ts';
import { renewStatistics } from './renew-statistics.ts';
import {
  forgetServer,
  readServerRecord,
  type ServerRecord,
  stopRecordedServer,
  writeServerRecord,
} from './server-record.ts';
import { type Spawned, spawnServer } from './spawn-server.ts';

export interface DatabaseOptions {
  /** The database lives in `home`/database. */
  readonly home: string;
  /** Default: the one that `ensureEngine` finds or fetches under `home`. */
  readonly engine?: Engine;
  /** Default: a free one. */
  readonly port?: number;
  /** Size of the redo log: small for tests. With the default an import writes less than half the pages it writes with 128. */
  readonly logFileMib?: number;
  /** Default true. False does not wait for the disk: for data that nobody misses after a power cut. */
  readonly durable?: boolean;
}

/** A running server, on the loopback interface. */
export interface RunningDatabase {
  readonly port: number;
  readonly admin: AdminCredentials;
  readonly pid: number;
  readonly engine: Engine;
  /** Whether it is the server of an earlier start that was killed. */
  readonly adopted: boolean;
  /** Ends the server, by force after two seconds. */
  stop(): Promise<void>;
}

/**
 * Starts the private database server of `home`, or takes over the one that a killed start has left running.
 * Refuses when the process that started it still lives.
 */
export async function startDatabase(options: DatabaseOptions): Promise<RunningDatabase> {
  const home = resolve(options.home);
  const directory = join(home, 'database');
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const engine = options.engine ?? (await ensureEngine({ home }));
  return withLock(join(directory, 'start.lock'), async () => {
    const admin = keepAdminCredentials(join(directory, 'admin.json'));
    const earlier = readServerRecord(directory);
    const adopted = earlier && (await settleEarlier(earlier, directory, engine, admin, options.port));
    const { record, release } = adopted
      ? { record: adopted, release: endWithProcess(adopted) }
      : await startAnew(directory, engine, admin, options);
    // its record was left behind: it did not end by itself
    if (earlier && !adopted) await renewStatistics(record.port, admin);
    return {
      port: record.port,
      admin,
      pid: record.server.pid,
      engine,
      adopted: adopted !== undefined,
      async stop() {
        await stopRecordedServer(directory, record);
        release();
      },
    };
  });
}

/** Ends the server that a killed start has left in `home`; answers whether `home` is now free. */
export async function stopOrphan(home: string): Promise<boolean> {
  const directory = join(home, 'database');
  const record = readServerRecord(directory);
  if (!record) return true;
  if (isAlive(record.owner)) return false;
  await stopRecordedServer(directory, record);
  return true;
}

async function settleEarlier(
  earlier: ServerRecord,
  directory: string,
  engine: Engine,
  admin: AdminCredentials,
  port: number | undefined,
): Promise<ServerRecord | undefined> {
  if (earlier.owner.pid !== process.pid && isAlive(earlier.owner) && isAlive(earlier.server)) {
    throw new Error(`${directory} is in use by process ${earlier.owner.pid}: stop that one first`);
  }
  const fits = earlier.engine === nameOf(engine) && (port ?? earlier.port) === earlier.port;
  if (fits && isAlive(earlier.server) && (await canSignIn(earlier.port, admin))) {
    const adopted = { ...earlier, owner: identify(process.pid)! };
    writeServerRecord(directory, adopted);
    return adopted;
  }
  await stopRecordedServer(directory, earlier);
  return undefined;
}

async function startAnew(
  directory: string,
  engine: Engine,
  admin: AdminCredentials,
  { port, logFileMib = 512, durable = true }: DatabaseOptions,
): Promise<{ record: ServerRecord; release: () => void }> {
  await installDataDirectory(engine, join(directory, 'data'));
  const complete = (spawned: Spawned): ServerRecord => ({
    ...spawned,
    owner: identify(process.pid)!,
    engine: nameOf(engine),
  });
  let release = () => {};
  // at once, not when it serves: this process may end while it waits for that
  const remember = (spawned: Spawned) => {
    release();
    release = endWithProcess(complete(spawned));
    writeServerRecord(directory, complete(spawned));
  };
  try {
    const spawned = await spawnServer({ directory, engine, admin, port, logFileMib, durable, remember });
    return { record: complete(spawned), release };
  } catch (error) {
    release();
    forgetServer(directory);
    throw error;
  }
}

const nameOf = ({ server, version }: Engine): string => `${server} ${version}`;

/** Lets the server end with this process, whichever way that ends; the answer calls it off. */
function endWithProcess(record: ServerRecord): () => void {
  const onExit = () => endAtOnce(record);
  process.once('exit', onExit);
  return () => void process.off('exit', onExit);
}

/** The last thing a crashing process can do. */
function endAtOnce({ server, socketFolder }: ServerRecord): void {
  try {
    if (isAlive(server)) process.kill(server.pid, 'SIGTERM');
    rmSync(socketFolder, { recursive: true, force: true });
  } catch {
    // it was quicker
  }
}
