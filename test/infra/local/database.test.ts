import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createConnection, type RowDataPacket } from 'mysql2/promise';
import { beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import type { Engine } from '../../../infra/local/database/engine.ts';
import { ensureEngine } from '../../../infra/local/database/ensure-engine.ts';
import { identify, isAlive } from '../../../infra/local/database/process-identity.ts';
import {
  type DatabaseOptions,
  type RunningDatabase,
  startDatabase,
  stopOrphan,
} from '../../../infra/local/database/start-database.ts';
import { repositoryHome } from '../../database-broker.ts';
import { tempFolder } from './temp-folder.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await ensureEngine({ home: repositoryHome() });
});

async function start(options: Pick<DatabaseOptions, 'home' | 'port'>): Promise<RunningDatabase> {
  const running = await startDatabase({ engine, logFileMib: 32, durable: false, ...options });
  onTestFinished(() => running.stop());
  return running;
}

const connect = ({ port, admin }: RunningDatabase, login = admin) =>
  createConnection({ host: '127.0.0.1', port, ...login });

async function query(running: RunningDatabase, sql: string): Promise<unknown[]> {
  const connection = await connect(running);
  const [rows] = await connection.query<RowDataPacket[]>({ sql, rowsAsArray: true });
  await connection.end();
  return rows;
}

/** A process that starts the database of `home`, says its number, and waits to be killed. */
async function startElsewhere(home: string): Promise<{ child: ReturnType<typeof spawn>; serverPid: number }> {
  const source = new URL('../../../infra/local/database/start-database.ts', import.meta.url).href;
  const program = `
    import { startDatabase } from '${source}';
    const running = await startDatabase({ home: ${JSON.stringify(home)}, engine: ${JSON.stringify(engine)},
      logFileMib: 32, durable: false });
    console.log(running.pid);
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const [output] = (await once(child.stdout!, 'data')) as [Buffer];
  return { child, serverPid: Number(output.toString()) };
}

test('a process that ends before its server serves does not leave it behind', async () => {
  const home = tempFolder();
  onTestFinished(async () => void (await stopOrphan(home)));
  const source = new URL('../../../infra/local/database/start-database.ts', import.meta.url).href;
  const record = join(home, 'database', 'server.json');
  const program = `
    import { existsSync } from 'node:fs';
    import { startDatabase } from '${source}';
    setInterval(() => existsSync(${JSON.stringify(record)}) && process.exit(3), 1);
    await startDatabase({ home: ${JSON.stringify(home)}, engine: ${JSON.stringify(engine)},
      logFileMib: 32, durable: false });`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: 'inherit' });
  onTestFinished(() => void child.kill('SIGKILL'));
  expect(await once(child, 'exit')).toEqual([3, null]);
  const { server } = JSON.parse(readFileSync(record, 'utf8'));
  await vi.waitFor(() => expect(isAlive(server)).toBe(false), { timeout: 30_000 });
});

test('a new server behaves as Aurora MySQL 3 does, on the loopback interface only', async () => {
  const running = await start({ home: tempFolder() });
  const [row] = await query(
    running,
    `SELECT @@global.sql_mode, @@time_zone, @@bind_address, @@character_set_server,
            _utf8mb4'a' COLLATE ${engine.flavour === 'mariadb' ? 'utf8mb4_uca1400_nopad_ai_ci' : 'utf8mb4_0900_ai_ci'} = 'á',
            @@collation_server LIKE '%0900_ai_ci' OR @@collation_server LIKE '%nopad%'`,
  );
  const modes =
    'ONLY_FULL_GROUP_BY,STRICT_TRANS_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION';
  expect(row).toEqual([modes, '+00:00', '127.0.0.1', 'utf8mb4', 1, 1]);
});

test('temporary tables lie in the home, where no other server clears them away', async () => {
  const home = tempFolder();
  const running = await start({ home });
  const [row] = await query(running, 'SELECT @@tmpdir');
  expect(row).toEqual([join(home, 'database', 'tmp')]);
});

test('nobody enters without the password, which only its owner may read', async () => {
  const home = tempFolder();
  const running = await start({ home });
  for (const user of ['root', '', running.admin.user]) {
    await expect(connect(running, { user, password: '' })).rejects.toThrow(/access denied/i);
  }
  for (const file of ['admin.json', 'init.sql']) {
    expect(statSync(join(home, 'database', file)).mode & 0o077, file).toBe(0);
  }
});

test('what was written is there after a stop and another start', async () => {
  const home = tempFolder();
  const first = await start({ home });
  await query(first, 'CREATE DATABASE kept');
  await first.stop();
  expect(identify(first.pid)).toBeUndefined();
  const second = await start({ home });
  expect(second.adopted).toBe(false);
  expect(await query(second, `SHOW DATABASES LIKE 'kept'`)).toEqual([['kept']]);
});

test('the server of a killed process is taken over as it is', async () => {
  const home = tempFolder();
  const { child, serverPid } = await startElsewhere(home);
  child.kill('SIGKILL');
  await once(child, 'exit');
  const running = await start({ home });
  expect(running).toMatchObject({ adopted: true, pid: serverPid });
  expect(await query(running, 'SELECT 1')).toEqual([[1]]);
  await running.stop();
  expect(identify(serverPid)).toBeUndefined();
});

test('after a kill tables are known to be as large as they are', async () => {
  const home = tempFolder();
  const first = await start({ home });
  const record = join(home, 'database', 'server.json');
  const left = readFileSync(record, 'utf8');
  for (const sql of [
    'CREATE DATABASE kept',
    'CREATE TABLE kept.numbers (n INT PRIMARY KEY) ENGINE = InnoDB',
    'INSERT INTO kept.numbers SELECT seq FROM (WITH RECURSIVE r AS (SELECT 1 AS seq UNION ALL SELECT seq + 1 FROM r WHERE seq < 900) SELECT seq FROM r) AS q',
    `UPDATE mysql.innodb_table_stats SET n_rows = 0 WHERE table_name = 'numbers'`,
  ])
    await query(first, sql);
  const rows = `SELECT n_rows FROM mysql.innodb_table_stats WHERE table_name = 'numbers'`;
  await first.stop();
  const calm = await start({ home });
  expect(await query(calm, rows)).toEqual([[0]]);
  await calm.stop();
  writeFileSync(record, left);
  expect(await query(await start({ home }), rows)).toEqual([[900]]);
});

test('a server that hangs is ended and another started', async () => {
  const home = tempFolder();
  const { child, serverPid } = await startElsewhere(home);
  child.kill('SIGKILL');
  await once(child, 'exit');
  process.kill(serverPid, 'SIGSTOP');
  const running = await start({ home });
  expect(running.adopted).toBe(false);
  expect(identify(serverPid)).toBeUndefined();
  expect(await query(running, 'SELECT 1')).toEqual([[1]]);
});

test('a record of a process that has died is no obstacle, whatever has its number now', async () => {
  const home = tempFolder();
  const first = await start({ home });
  const path = join(home, 'database', 'server.json');
  const record = readFileSync(path, 'utf8');
  await first.stop();
  const stale = JSON.parse(record) as Record<string, { pid: number; started: string }>;
  stale.server!.pid = process.pid;
  writeFileSync(path, JSON.stringify(stale));
  const second = await start({ home });
  expect(second.adopted).toBe(false);
});

test('while its starter lives, a second start is refused', async () => {
  const home = tempFolder();
  const { child } = await startElsewhere(home);
  await expect(startDatabase({ home, engine })).rejects.toThrow(`in use by process ${child.pid}`);
  expect(await stopOrphan(home)).toBe(false);
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(await stopOrphan(home)).toBe(true);
});

test('a process that ends by itself takes its server along', async () => {
  const home = tempFolder();
  const source = new URL('../../../infra/local/database/start-database.ts', import.meta.url).href;
  const program = `
    import { startDatabase } from '${source}';
    const running = await startDatabase({ home: ${JSON.stringify(home)}, engine: ${JSON.stringify(engine)},
      logFileMib: 32, durable: false });
    console.log(running.pid);
    process.exit(0);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [output] = (await once(child.stdout!, 'data')) as [Buffer];
  await vi.waitFor(() => expect(identify(Number(output.toString()))).toBeUndefined(), { timeout: 20_000 });
});

test('a home with a long path works', async () => {
  const home = join(tempFolder(), 'x'.repeat(100), 'y z');
  expect(await query(await start({ home }), 'SELECT 1')).toEqual([[1]]);
});

test('a server that cannot start says so with the end of its log', async () => {
  const home = tempFolder();
  const first = await start({ home });
  const other = tempFolder();
  const call = startDatabase({ home: other, engine, port: first.port, logFileMib: 32, durable: false });
  await expect(call).rejects.toThrow(/did not start[\s\S]*address already in use/i);
  expect(existsSync(join(other, 'database', 'server.json'))).toBe(false);
});

test('a process is known by its start as well as by its number', () => {
  const self = identify(process.pid)!;
  expect(isAlive(self)).toBe(true);
  expect(isAlive({ ...self, started: 'another time' })).toBe(false);
});

test('MYSQLD names the server, and one that is of no use is refused with the choices', async () => {
  const named = engineScript('mariadbd  Ver 10.5.3-MariaDB for linux');
  const call = ensureEngine({ home: tempFolder(), way: 'auto', mysqld: named, report: () => undefined });
  await expect(call).rejects.toThrow(/10\.6 is needed[\s\S]*brew install mariadb/);
});

test('the engine is looked for once, and again when it is gone', async () => {
  const home = tempFolder();
  const lines: string[] = [];
  const named = engineScript('mysqld  Ver 8.0.41 for Linux on x86_64');
  const find = () => ensureEngine({ home, way: 'auto', mysqld: named, report: (line) => lines.push(line) });
  expect(await find()).toMatchObject({ flavour: 'mysql', version: '8.0.41', server: named });
  await find();
  expect(lines).toHaveLength(1);
  writeFileSync(named, '#!/bin/sh\nexit 1\n');
  await expect(find()).rejects.toThrow('does not run');
});

test('an unknown way of getting an engine is refused', async () => {
  await expect(ensureEngine({ home: tempFolder(), way: 'magic' })).rejects.toThrow(
    'auto, unpack or download',
  );
});

/** A program that answers `--version` as a server does. */
function engineScript(answer: string): string {
  const path = join(tempFolder(), 'mysqld');
  writeFileSync(path, `#!/bin/sh\necho '${answer}'\n`);
  chmodSync(path, 0o755);
  return path;
}
