import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { long, openRdsData, type RdsData, refuses } from './rds-data-fixture.ts';

const LIMITS = { transactionIdleMs: 700, statementMs: 1_500 };

let api: RdsData;
let brief: RdsData;
beforeAll(async () => {
  api = await openRdsData();
  brief = await openRdsData({ limits: LIMITS });
  for (const each of [api, brief]) await each.execute('CREATE TABLE t (id INT PRIMARY KEY, v INT)');
});
afterAll(async () => {
  await api.close();
  await brief.close();
});

const count = async (each: RdsData, transactionId?: string) =>
  (await each.row('SELECT COUNT(*) FROM t', [], transactionId === undefined ? {} : { transactionId }))[0]!
    .longValue;

/** How many statements with this mark the server is running. */
const running = async (each: RdsData, mark: string) =>
  (
    await each.row(
      `SELECT COUNT(*) FROM information_schema.processlist
        WHERE info LIKE CONCAT('%', :mark, '%') AND id <> CONNECTION_ID() AND command = 'Query'`,
      [{ name: 'mark', value: { stringValue: mark } }],
    )
  )[0]!.longValue;

test('a transaction is invisible to others until it is committed', async () => {
  const before = await count(api);
  const transactionId = await api.begin();
  await api.execute('INSERT INTO t VALUES (1, 1)', [], { transactionId });
  expect(await count(api)).toBe(before);
  expect(await count(api, transactionId)).toBe(before! + 1);
  expect((await api.commit(transactionId)).transactionStatus).toBe('Transaction Committed');
  expect(await count(api)).toBe(before! + 1);
});

test('a rollback leaves nothing', async () => {
  const before = await count(api);
  const transactionId = await api.begin();
  await api.batch('INSERT INTO t VALUES (:id, 0)', [[long('id', 2)], [long('id', 3)]], { transactionId });
  expect((await api.rollback(transactionId)).transactionStatus).toBe('Rollback Complete');
  expect(await count(api)).toBe(before);
});

test('an ended transaction is not found', async () => {
  const transactionId = await api.begin();
  await api.commit(transactionId);
  await refuses(api.execute('SELECT 1', [], { transactionId }), 'TransactionNotFoundException');
  await refuses(api.commit(transactionId), 'TransactionNotFoundException');
});

test('a second statement on a running transaction is refused at once, and the first completes', async () => {
  const transactionId = await api.begin();
  const first = api.row(`SELECT SLEEP(2), 'busy-mark'`, [], { transactionId });
  await vi.waitFor(async () => expect(await running(api, 'busy-mark')).toBe(1), { timeout: 10_000 });
  const words = 'Transaction is still running a query';
  await refuses(api.execute('SELECT 1', [], { transactionId }), 'DatabaseErrorException', words);
  await refuses(api.commit(transactionId), 'DatabaseErrorException', words);
  expect((await first)[0]).toEqual({ longValue: 0 });
  await api.commit(transactionId);
});

test('a statement that fails leaves its transaction open', async () => {
  const transactionId = await api.begin();
  await api.execute('INSERT INTO t VALUES (20, 0)', [], { transactionId });
  await refuses(api.execute('INSERT INTO t VALUES (20, 0)', [], { transactionId }), 'DatabaseErrorException');
  await api.commit(transactionId);
  expect((await api.row('SELECT v FROM t WHERE id = 20'))[0]).toEqual({ longValue: 0 });
});

test('a transaction that is left alone is rolled back, and then not found', async () => {
  const transactionId = await brief.begin();
  await brief.execute('INSERT INTO t VALUES (5, 5)', [], { transactionId });
  // the row's lock is gone when the transaction is
  await brief.execute('INSERT INTO t VALUES (5, 6)', [], { continueAfterTimeout: true });
  expect((await brief.row('SELECT v FROM t WHERE id = 5'))[0]).toEqual({ longValue: 6 });
  await refuses(brief.execute('SELECT 1', [], { transactionId }), 'TransactionNotFoundException');
});

test('use keeps a transaction alive beyond its idle limit', async () => {
  const transactionId = await brief.begin();
  const until = Date.now() + 2 * LIMITS.transactionIdleMs;
  while (Date.now() < until) await brief.execute('SELECT SLEEP(0.1)', [], { transactionId });
  await brief.commit(transactionId);
});

test('a statement beyond the time limit is ended in the database', async () => {
  await refuses(brief.execute(`SELECT SLEEP(60), 'slow-mark'`), 'StatementTimeoutException');
  await vi.waitFor(async () => expect(await running(brief, 'slow-mark')).toBe(0), { timeout: 10_000 });
});

test('continueAfterTimeout lets the statement go on', async () => {
  await refuses(
    brief.execute('INSERT INTO t SELECT 77, SLEEP(3)', [], { continueAfterTimeout: true }),
    'StatementTimeoutException',
  );
  await vi.waitFor(
    async () => expect((await brief.execute('SELECT v FROM t WHERE id = 77')).records).toHaveLength(1),
    { timeout: 20_000 },
  );
});

test('a timeout names the connection', async () => {
  const error = await brief.execute('SELECT SLEEP(60)').catch((reason: unknown) => reason);
  expect((error as { dbConnectionId?: number }).dbConnectionId).toBeGreaterThan(0);
});

test("a database other than the transaction's is refused", async () => {
  const transactionId = await api.begin();
  const call = api.execute('SELECT 1', [], { transactionId, database: 'mysql' });
  await refuses(call, 'BadRequestException', 'Database name');
  await api.rollback(transactionId);
});

test('after a DDL statement, which commits, the transaction goes on', async () => {
  const transactionId = await api.begin();
  await api.execute('CREATE TABLE made (id INT)', [], { transactionId });
  await api.execute('INSERT INTO made VALUES (1)', [], { transactionId });
  await api.rollback(transactionId);
  expect((await api.row('SELECT COUNT(*) FROM made'))[0]).toEqual({ longValue: 0 });
});

test('outside transactions every statement commits by itself, even after a BEGIN', async () => {
  await api.execute('BEGIN');
  await api.execute('INSERT INTO t VALUES (30, 0)');
  await refuses(api.execute('ROLLBACK AND NO CHAIN NO RELEASE; SELECT 1'), 'ValidationException');
  await api.execute('ROLLBACK');
  expect((await api.row('SELECT COUNT(*) FROM t WHERE id = 30'))[0]).toEqual({ longValue: 1 });
});

test('what a transaction set up on its connection does not reach the next', async () => {
  const first = await api.begin();
  await api.execute(`SET @mine = 1, SESSION sql_mode = ''`, [], { transactionId: first });
  await api.execute('CREATE TEMPORARY TABLE passing (id INT)', [], { transactionId: first });
  await api.commit(first);
  const next = await api.begin();
  const [mine, mode, collation] = await api.row(
    'SELECT @mine, @@sql_mode, @@collation_connection = @@collation_server',
    [],
    { transactionId: next },
  );
  expect(mine).toEqual({ isNull: true });
  expect(mode!.stringValue).toContain('STRICT_TRANS_TABLES');
  expect(collation).toEqual({ longValue: 1 });
  await refuses(api.execute('SELECT * FROM passing', [], { transactionId: next }), 'DatabaseErrorException');
  await api.rollback(next);
});

test('sixteen statements run at once, and more wait their turn', async () => {
  const answers = await Promise.all(
    Array.from({ length: 200 }, (_, i) => api.row('SELECT :i', [long('i', i)])),
  );
  expect(answers.map(([field]) => field!.longValue)).toEqual(Array.from({ length: 200 }, (_, i) => i));
});
