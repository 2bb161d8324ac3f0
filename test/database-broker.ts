import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import type { AdminCredentials } from '../infra/local/database/admin-account.ts';
import { ensureEngine } from '../infra/local/database/ensure-engine.ts';
import { type RunningDatabase, startDatabase, stopOrphan } from '../infra/local/database/start-database.ts';

/** What a test file needs to reach the run's database server. */
export interface TestServer {
  readonly port: number;
  readonly admin: AdminCredentials;
}

declare module 'vitest' {
  interface ProvidedContext {
    /** Answers a `TestServer`, and starts it for the first who asks. */
    databaseBroker: string;
  }
}

const PREFIX = 'smart-inventory-test-database-';
/** Where the repository keeps its engine, unless the environment says otherwise. */
export const repositoryHome = (): string =>
  process.env.SMART_INVENTORY_HOME ?? new URL('../.local', import.meta.url).pathname;

/** One database server for the whole run, started when the first test file asks for it. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  let running: Promise<{ home: string; database: RunningDatabase }> | undefined;
  const broker = createServer((_request, response) => {
    running ??= start();
    running.then(
      ({ database: { port, admin } }) => response.end(JSON.stringify({ port, admin })),
      (error) => response.writeHead(500).end(error instanceof Error ? error.message : String(error)),
    );
  });
  await new Promise<void>((resolve) => broker.listen(0, '127.0.0.1', resolve));
  project.provide('databaseBroker', `http://127.0.0.1:${(broker.address() as AddressInfo).port}`);
  return async () => {
    broker.closeAllConnections();
    broker.close();
    const started = await running?.catch(() => undefined);
    if (!started) return;
    await started.database.stop();
    await rm(started.home, { recursive: true, force: true });
  };
}

async function start(): Promise<{ home: string; database: RunningDatabase }> {
  await removeOrphans();
  const home = await mkdtemp(join(tmpdir(), PREFIX));
  const engine = await ensureEngine({ home: repositoryHome() });
  return { home, database: await startDatabase({ home, engine, logFileMib: 32, durable: false }) };
}

/** A run that was killed leaves its server behind; the next one ends it. */
async function removeOrphans(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const home = join(tmpdir(), name);
    if (name.startsWith(PREFIX) && (await isOrphan(home))) await rm(home, { recursive: true, force: true });
  }
}

/** A folder without a record may belong to a run that is just starting. */
async function isOrphan(home: string): Promise<boolean> {
  const hasRecord = await readdir(join(home, 'database')).then(
    (names) => names.includes('server.json'),
    () => false,
  );
  return hasRecord && (await stopOrphan(home).catch(() => false));
}
