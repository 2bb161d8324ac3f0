import { ExecuteStatementCommand } from '@aws-sdk/client-rds-data';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { hinted, long, openRdsData, type RdsData, refuses, text } from './rds-data-fixture.ts';

let api: RdsData;
beforeAll(async () => {
  api = await openRdsData();
  await api.execute('CREATE TABLE t (id INT PRIMARY KEY, v INT)');
});
afterAll(() => api.close());

test('a paused cluster fails the next calls with DatabaseResumingException, which the SDK does not repeat', async () => {
  api.pretendResuming(2);
  await refuses(api.execute('SELECT 1'), 'DatabaseResumingException', 'resuming');
  await refuses(api.begin(), 'DatabaseResumingException');
  expect(await api.row('SELECT 1')).toEqual([{ longValue: 1 }]);
});

test('a parameter that is named but missing is refused by name', async () => {
  await refuses(api.execute('SELECT :x'), 'BadRequestException', 'Cannot find parameter: x');
});

test('two statements in one call are refused, and neither runs', async () => {
  const both = 'INSERT INTO t VALUES (90, 1); DELETE FROM t';
  await refuses(api.execute(both), 'ValidationException', "Multistatements aren't supported");
  expect((await api.execute('SELECT * FROM t WHERE id = 90')).records).toEqual([]);
});

test('a value cannot end its literal', async () => {
  const attack = `' OR 1=1; DROP TABLE t; -- \\' OR '1'='1`;
  expect(await api.row('SELECT :a', [text('a', attack)])).toEqual([{ stringValue: attack }]);
  const modes = `SELECT :a FROM (SELECT 1) x WHERE @@sql_mode LIKE '%STRICT%'`;
  expect(await api.row(modes, [text('a', attack)])).toEqual([{ stringValue: attack }]);
});

test('a duplicate key is a DatabaseErrorException that ends with code and state', async () => {
  await api.execute('INSERT INTO t VALUES (1, 1)');
  const words = /Error code: 1062; SQLState: 23000$/;
  await refuses(api.execute('INSERT INTO t VALUES (1, 1)'), 'DatabaseErrorException', words);
});

test('a syntax error is a DatabaseErrorException with code 1064', async () => {
  await refuses(api.execute('SELEKT 1'), 'DatabaseErrorException', 'Error code: 1064');
});

test('an unknown database is a DatabaseNotFoundException', async () => {
  await refuses(api.execute('SELECT 1', [], { database: 'nowhere' }), 'DatabaseNotFoundException');
});

test.each([
  ['TIMESTAMP', '2020-01-02T03:04:05Z'],
  ['TIMESTAMP', '2020-02-30 03:04:05'],
  ['DATE', '2020-13-01'],
  ['TIME', '3:04'],
  ['DECIMAL', '1,5'],
  ['JSON', '{'],
  ['UUID', 'no'],
] as const)('a %s of %s is a ValidationException', async (hint, value) => {
  await refuses(api.execute('SELECT :p', [hinted('p', hint, value)]), 'ValidationException');
});

test('a secret of another cluster is an InvalidSecretException', async () => {
  const secretArn = 'arn:aws:secretsmanager:eu-central-1:000000000000:secret:other-AbCdEf';
  await refuses(api.execute('SELECT 1', [], { secretArn }), 'InvalidSecretException');
});

test('a secret whose user nobody has created yet is refused by the database', async () => {
  const secretArn = api.env.DB_SECRET_ARN;
  await refuses(
    api.execute('SELECT 1', [], { secretArn }),
    'DatabaseErrorException',
    /Access denied.*Error code: 1045/,
  );
});

test('a result above 1 MiB is refused, and one below is not', async () => {
  const rows = (count: number) =>
    `WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n WHERE i < ${count})
     SELECT REPEAT('x', 1000) FROM n`;
  expect((await api.execute(rows(1000))).records).toHaveLength(1000);
  const words = 'Database returned more than the allowed response size limit';
  await refuses(
    api.execute(`${rows(1000)} CROSS JOIN (SELECT 1 UNION ALL SELECT 2) two`),
    'BadRequestException',
    words,
  );
});

test('a huge result is cut off without being read to its end', async () => {
  const huge = `SELECT REPEAT('x', 1000) FROM information_schema.columns a, information_schema.columns b,
                information_schema.columns c`;
  await refuses(api.execute(huge), 'BadRequestException', 'response size limit');
  expect(await api.row('SELECT 1')).toEqual([{ longValue: 1 }]);
});

test('a row above 64 KiB is refused', async () => {
  await refuses(api.execute(`SELECT REPEAT('x', 65537)`), 'BadRequestException', 'a row of 65537 bytes');
  expect((await api.row(`SELECT REPEAT('x', 65536)`))[0]!.stringValue).toHaveLength(65_536);
});

test('a request above 4 MiB is refused by naming the limit', async () => {
  const call = api.execute('SELECT LENGTH(:v)', [text('v', 'x'.repeat(4 * 1024 * 1024))]);
  await refuses(call, 'BadRequestException', '4 MiB');
});

test('the schema parameter is a ValidationException', async () => {
  await refuses(api.execute('SELECT 1', [], { schema: 's' }), 'ValidationException', 'Schema');
});

test('positional parameters, lists, and whole numbers with a fraction are refused', async () => {
  await refuses(api.execute('SELECT ?'), 'BadRequestException', 'Positional');
  const list = { name: 'a', value: { arrayValue: { longValues: [1, 2] } } };
  await refuses(api.execute('SELECT :a', [list]), 'BadRequestException', 'Array parameters');
  await refuses(api.execute('SELECT :a', [long('a', 1.5)]), 'BadRequestException', 'longValue');
});

test('a batch of a SELECT is refused', async () => {
  await refuses(api.batch('SELECT :v', [[long('v', 1)]]), 'BadRequestException', 'query');
});

test('an unknown cluster has no HTTP endpoint', async () => {
  const resourceArn = `${api.cluster.arn}-other`;
  await refuses(
    api.execute('SELECT 1', [], { resourceArn }),
    'BadRequestException',
    'HttpEndpoint is not enabled',
  );
});

test('resourceArn and secretArn must be there', async () => {
  const sql = 'SELECT 1';
  for (const target of [
    { resourceArn: undefined, secretArn: api.cluster.masterSecretArn },
    { resourceArn: api.cluster.arn, secretArn: undefined },
  ]) {
    await refuses(api.client.send(new ExecuteStatementCommand({ ...target, sql })), 'ValidationException');
  }
});

test('formatted records need labels that differ', async () => {
  const call = api.execute('SELECT 1 AS a, 2 AS a', [], { formatRecordsAs: 'JSON' });
  await refuses(call, 'UnsupportedResultException');
});

test('a violated CHECK, an invalid JSON value and a SIGNAL carry their numbers', async () => {
  await api.execute('CREATE TABLE checked (v INT, j JSON, CHECK (v > 0))');
  await refuses(
    api.execute('INSERT INTO checked (v) VALUES (0)'),
    'DatabaseErrorException',
    /code: (4025|3819);/,
  );
  await refuses(
    api.execute(`INSERT INTO checked (j) VALUES ('{')`),
    'DatabaseErrorException',
    /code: (4025|3140);/,
  );
  const signal = `SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'no'`;
  await refuses(api.execute(signal), 'DatabaseErrorException', /no; Error code: 1644; SQLState: 45000$/);
});
