import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { hinted, long, openRdsData, type RdsData, text } from './rds-data-fixture.ts';

let api: RdsData;
beforeAll(async () => {
  api = await openRdsData();
});
afterAll(() => api.close());

test('a DDL statement answers 0 updated records and no generated fields', async () => {
  const answer = await api.execute('CREATE TABLE ddl (id INT PRIMARY KEY)');
  expect(answer.numberOfRecordsUpdated).toBe(0);
  expect(answer.generatedFields).toEqual([]);
});

test('an INSERT with a parameter of every kind stores each unchanged and answers the generated id', async () => {
  await api.execute(`CREATE TABLE every_kind (
    id BIGINT AUTO_INCREMENT PRIMARY KEY, flag TINYINT(1), big BIGINT, ratio DOUBLE, words TEXT, bytes LONGBLOB,
    price DECIMAL(12, 4), day DATE, hour TIME(3), moment DATETIME(3), nothing INT, doc JSON)`);
  const words = `it's "quoted": why? back\\slash %_ \0 \n\r\t\u001a :flag 漢字 😀 -- /* */ ;`;
  const bytes = Uint8Array.from({ length: 256 }, (_, i) => i);
  const answer = await api.execute(
    `INSERT INTO every_kind (flag, big, ratio, words, bytes, price, day, hour, moment, nothing, doc)
     VALUES (:flag, :big, :ratio, :words, :bytes, :price, :day, :hour, :moment, :nothing, :doc)`,
    [
      { name: 'flag', value: { booleanValue: true } },
      long('big', Number.MAX_SAFE_INTEGER),
      { name: 'ratio', value: { doubleValue: 0.1 + 0.2 } },
      text('words', words),
      { name: 'bytes', value: { blobValue: bytes } },
      hinted('price', 'DECIMAL', '12345678.9012'),
      hinted('day', 'DATE', '2024-02-29'),
      hinted('hour', 'TIME', '23:59:58.123'),
      hinted('moment', 'TIMESTAMP', '2011-12-09 12:50:00.123'),
      { name: 'nothing', value: { isNull: true } },
      text('doc', '{"a":[1,"it\'s"]}'),
    ],
  );
  expect(answer.numberOfRecordsUpdated).toBe(1);
  expect(answer.generatedFields).toEqual([{ longValue: 1 }]);
  expect(await api.row('SELECT * FROM every_kind')).toEqual([
    { longValue: 1 },
    { booleanValue: true },
    { longValue: Number.MAX_SAFE_INTEGER },
    { doubleValue: 0.1 + 0.2 },
    { stringValue: words },
    { blobValue: bytes },
    { stringValue: '12345678.9012' },
    { stringValue: '2024-02-29' },
    { stringValue: '23:59:58.123' },
    { stringValue: '2011-12-09 12:50:00.123' },
    { isNull: true },
    { stringValue: '{"a":[1,"it\'s"]}' },
  ]);
});

test.each([-1, -(2 ** 53 - 1), 0])('the whole number %d comes back', async (n) => {
  expect(await api.row('SELECT 0-:n', [long('n', n)])).toEqual([{ longValue: 0 - n }]);
});

test.each([0.1, -1.5, 1e300, -5e-324, 123456789.12345679, 0])('the double %d comes back', async (value) => {
  const parameters = [{ name: 'd', value: { doubleValue: value } }];
  expect(await api.row('SELECT :d', parameters)).toEqual([{ doubleValue: value }]);
});

test('a SELECT of every column type answers the right kind of field, label and type name', async () => {
  await api.execute(`CREATE TABLE every_type (
    t1 TINYINT(1), t TINYINT, s SMALLINT, m MEDIUMINT, i INT UNSIGNED, b BIGINT, f FLOAT, d DOUBLE,
    n DECIMAL(10, 4), c CHAR(5), v VARCHAR(20), x TEXT, da DATE, ti TIME, dt DATETIME, ts TIMESTAMP NULL,
    e ENUM('a', 'b'), y YEAR, bl BLOB, vb VARBINARY(9), bi BIT(1), z INT(5) ZEROFILL, nil INT, j JSON)`);
  await api.execute(`INSERT INTO every_type VALUES (
    1, -2, 3, 4, 4294967295, -5, 1.5, 2.5, 123.45, 'ab', 'cd', 'ef', '2020-01-02', '03:04:05', '2020-01-02 03:04:05',
    '2020-01-02 03:04:05', 'b', 2020, x'00ff', x'01', b'1', 42, NULL, '[]')`);
  const answer = await api.execute('SELECT every_type.*, t AS renamed FROM every_type', [], {
    includeResultMetadata: true,
  });
  expect(answer.records![0]).toEqual([
    { booleanValue: true },
    { longValue: -2 },
    { longValue: 3 },
    { longValue: 4 },
    { longValue: 4294967295 },
    { longValue: -5 },
    { doubleValue: 1.5 },
    { doubleValue: 2.5 },
    { stringValue: '123.4500' },
    { stringValue: 'ab' },
    { stringValue: 'cd' },
    { stringValue: 'ef' },
    { stringValue: '2020-01-02' },
    { stringValue: '03:04:05' },
    { stringValue: '2020-01-02 03:04:05' },
    { stringValue: '2020-01-02 03:04:05' },
    { stringValue: 'b' },
    { stringValue: '2020' },
    { blobValue: Uint8Array.of(0, 255) },
    { blobValue: Uint8Array.of(1) },
    { booleanValue: true },
    { longValue: 42 },
    { isNull: true },
    { stringValue: '[]' },
    { longValue: -2 },
  ]);
  expect(answer.columnMetadata!.map(({ typeName }) => typeName)).toEqual([
    'BIT',
    'TINYINT',
    'SMALLINT',
    'MEDIUMINT',
    'INT UNSIGNED',
    'BIGINT',
    'FLOAT',
    'DOUBLE',
    'DECIMAL',
    'CHAR',
    'VARCHAR',
    'TEXT',
    'DATE',
    'TIME',
    'DATETIME',
    'TIMESTAMP',
    'ENUM',
    'YEAR',
    'BLOB',
    'VARBINARY',
    'BIT',
    'INT UNSIGNED',
    'INT',
    'JSON',
    'TINYINT',
  ]);
  expect(answer.columnMetadata![8]).toMatchObject({
    label: 'n',
    precision: 10,
    scale: 4,
    nullable: 1,
    isSigned: true,
    tableName: 'every_type',
  });
  expect(answer.columnMetadata!.at(-1)).toMatchObject({ name: 't', label: 'renamed' });
});

test('without includeResultMetadata there is none', async () => {
  expect((await api.execute('SELECT 1')).columnMetadata).toBeUndefined();
});

test('formatRecordsAs JSON answers one list of objects: decimals as numbers, JSON and times as text', async () => {
  await api.execute(
    'CREATE TABLE formatted (n DECIMAL(8, 2), j JSON, nil INT, dt DATETIME, s TEXT, f TINYINT(1))',
  );
  await api.execute(
    `INSERT INTO formatted VALUES (1.50, '{"a":1}', NULL, '2020-01-02 03:04:05', 'a"b', 0), (2, NULL, 3, NULL, '', 1)`,
  );
  const answer = await api.execute('SELECT * FROM formatted ORDER BY n', [], { formatRecordsAs: 'JSON' });
  expect(answer.records).toBeUndefined();
  expect(JSON.parse(answer.formattedRecords!)).toEqual([
    { n: 1.5, j: '{"a":1}', nil: null, dt: '2020-01-02 03:04:05', s: 'a"b', f: false },
    { n: 2, j: null, nil: 3, dt: null, s: '', f: true },
  ]);
});

test("aggregates have the database's types", async () => {
  await api.execute('CREATE TABLE numbers (i INT, d DOUBLE, b BIGINT)');
  await api.execute('INSERT INTO numbers VALUES (1, 0.5, 10), (2, 0.25, 20)');
  const [count, sum, average, doubles, big, now] = await api.row(
    'SELECT COUNT(*), SUM(i), AVG(i), SUM(d), MAX(b) + 1, NOW(3) FROM numbers',
  );
  expect([count, sum, average, doubles, big]).toEqual([
    { longValue: 2 },
    { stringValue: '3' },
    { stringValue: '1.5000' },
    { doubleValue: 0.75 },
    { longValue: 21 },
  ]);
  expect(now!.stringValue).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}$/);
});

test('resultSetOptions turn decimals into numbers and big integers into text', async () => {
  const resultSetOptions = { decimalReturnType: 'DOUBLE_OR_LONG', longReturnType: 'STRING' } as const;
  const sql = `SELECT CAST(1.5 AS DECIMAL(5, 2)), CAST(7 AS DECIMAL(5, 0)), CAST(9223372036854775807 AS SIGNED)`;
  expect(await api.row(sql, [], { resultSetOptions })).toEqual([
    { doubleValue: 1.5 },
    { longValue: 7 },
    { stringValue: '9223372036854775807' },
  ]);
});

test('a parameter serves several times, and :name in literals, quoted names and comments is left alone', async () => {
  const answer = await api.execute(
    `SELECT :a AS one, :a + 1 AS two, ':a' AS three, "it''s \\" :a" AS four, 1 AS \`:a\` -- :missing ?
     /* :missing ; ? */ # :missing`,
    [long('a', 5)],
    { includeResultMetadata: true },
  );
  expect(answer.records![0]).toEqual([
    { longValue: 5 },
    { longValue: 6 },
    { stringValue: ':a' },
    { stringValue: `it''s " :a` },
    { longValue: 1 },
  ]);
  expect(answer.columnMetadata!.at(-1)!.label).toBe(':a');
});

test('LIMIT :n works with a whole number', async () => {
  const answer = await api.execute('SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 LIMIT :n', [long('n', 2)]);
  expect(answer.records).toHaveLength(2);
});

test('one trailing semicolon is accepted', async () => {
  expect(await api.row('SELECT 1 ; -- done')).toEqual([{ longValue: 1 }]);
});

test('numberOfRecordsUpdated counts matched rows: an update that changes nothing answers 1', async () => {
  await api.execute('CREATE TABLE matched (id INT PRIMARY KEY, v INT)');
  await api.execute('INSERT INTO matched VALUES (1, 1)');
  expect((await api.execute('UPDATE matched SET v = 1 WHERE id = 1')).numberOfRecordsUpdated).toBe(1);
});

test('ON DUPLICATE KEY UPDATE answers 1 for an insert, 1 for an unchanged and 2 for a changed row', async () => {
  await api.execute('CREATE TABLE upserted (id INT PRIMARY KEY, v INT)');
  const upsert = async (v: number) =>
    (
      await api.execute('INSERT INTO upserted VALUES (1, :v) ON DUPLICATE KEY UPDATE v = VALUES(v)', [
        long('v', v),
      ])
    ).numberOfRecordsUpdated;
  expect([await upsert(1), await upsert(1), await upsert(2)]).toEqual([1, 1, 2]);
});

test('BatchExecuteStatement answers one result per parameter set with its generated fields', async () => {
  await api.execute('CREATE TABLE batched (id INT AUTO_INCREMENT PRIMARY KEY, v INT)');
  const sets = [10, 20, 30].map((v) => [long('v', v)]);
  const answer = await api.batch('INSERT INTO batched (v) VALUES (:v)', sets);
  expect(answer.updateResults).toEqual([1, 2, 3].map((id) => ({ generatedFields: [{ longValue: id }] })));
  const rows = await api.execute('SELECT v FROM batched ORDER BY id');
  expect(rows.records!.map(([field]) => field!.longValue)).toEqual([10, 20, 30]);
});

test('a JSON document as parameter opens into rows by JSON_TABLE, unchanged', async () => {
  const rows = Array.from({ length: 2_000 }, (_, i) => [i, `it's "${i}" \\ 漢😀`]);
  const answer = await api.execute(
    `SELECT id, words FROM JSON_TABLE(:rows, '$[*]' COLUMNS (id INT PATH '$[0]', words VARCHAR(50) PATH '$[1]')) t`,
    [text('rows', JSON.stringify(rows))],
  );
  expect(answer.records!.map(([id, words]) => [id!.longValue, words!.stringValue])).toEqual(rows);
});

test('the hint UUID binds 16 bytes', async () => {
  const uuid = [hinted('u', 'UUID', '00112233-4455-6677-8899-aabbccddeeff')];
  expect(await api.row('SELECT LENGTH(:u), HEX(:u)', uuid)).toEqual([
    { longValue: 16 },
    { stringValue: '00112233445566778899AABBCCDDEEFF' },
  ]);
});

test('a hinted null is null', async () => {
  const parameters = [{ name: 'd', typeHint: 'DATE' as const, value: { isNull: true } }];
  expect(await api.row('SELECT :d', parameters)).toEqual([{ isNull: true }]);
});

test('a request of 3.9 MiB is accepted and its value arrives whole', async () => {
  const value = "ab'\\".repeat((3.1 * 1024 * 1024) / 4);
  const filler = 'x'.repeat(Math.floor(3.9 * 1024 * 1024) - JSON.stringify(value).length - 1_000);
  const answer = await api.row('SELECT LENGTH(:v), SHA2(:v, 256), LENGTH(:f)', [
    text('v', value),
    text('f', filler),
  ]);
  expect(answer).toEqual([
    { longValue: value.length },
    { stringValue: createHash('sha256').update(value).digest('hex') },
    { longValue: filler.length },
  ]);
});
