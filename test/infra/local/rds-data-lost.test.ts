import { expect, test, vi } from 'vitest';
import { ensureEngine } from '../../../infra/local/database/ensure-engine.ts';
import { startDatabase } from '../../../infra/local/database/start-database.ts';
import { repositoryHome } from '../../database-broker.ts';
import { openRdsData, refuses } from './rds-data-fixture.ts';
import { tempFolder } from './temp-folder.ts';

test('a server that dies makes calls fail as unavailable, and a new one on its port serves them', async () => {
  const engine = await ensureEngine({ home: repositoryHome() });
  const options = { home: tempFolder(), engine, logFileMib: 32, durable: false };
  const first = await startDatabase(options);
  const api = await openRdsData({ server: first });
  const transactionId = await api.begin();
  const sleeping = api.execute('SELECT SLEEP(30)');
  const refused = refuses(sleeping, 'DatabaseUnavailableException');
  await vi.waitFor(async () => {
    const [running] = await api.row(
      `SELECT COUNT(*) FROM information_schema.processlist WHERE info LIKE '%SLEEP(30)'`,
    );
    expect(running!.longValue).toBe(1);
  });
  process.kill(first.pid, 'SIGKILL');
  await refused;
  await refuses(api.execute('SELECT 1'), 'DatabaseUnavailableException');
  await refuses(api.execute('SELECT 1', [], { transactionId }), 'TransactionNotFoundException');
  const second = await startDatabase({ ...options, port: first.port });
  expect(await api.row('SELECT 1')).toEqual([{ longValue: 1 }]);
  await api.close();
  await second.stop();
}, 60_000);
