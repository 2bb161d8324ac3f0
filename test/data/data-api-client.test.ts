import {
  BeginTransactionCommand,
  CommitTransactionCommand,
  type RDSDataClient,
} from '@aws-sdk/client-rds-data';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { Fault } from '../../shared/contracts/fault.ts';
import { isDuplicateKey, openDataApiDatabase } from '../../shared/data/sql/data-api-client.ts';
import { date, decimal, json } from '../../shared/data/sql/database.ts';
import { jsonChunks } from '../../shared/data/sql/json-chunks.ts';
import { openTestDatabase, type TestDatabase } from '../database.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await openTestDatabase({ migrated: false });
  await db.master.define(
    'CREATE TABLE thing (id INT PRIMARY KEY, amount DECIMAL(12, 4), day DATE, at DATETIME(3), note TEXT)',
  );
});
afterAll(() => db.close());

const Count = z.object({ n: z.int() });
const count = async () => (await db.master.select(Count, 'SELECT COUNT(*) AS n FROM thing'))[0]!.n;

test('what was bound comes back, money as exact text and times in UTC', async () => {
  const at = new Date('2011-03-27T01:30:00.123Z');
  await db.master.write('INSERT INTO thing VALUES (:id, :amount, :day, :at, :note)', {
    id: 1,
    amount: decimal('1234567.8900'),
    day: date('2011-03-27'),
    at,
    note: `it's "quoted" \\ :name ? 茶 🫖`,
  });
  const Row = z.object({
    id: z.int(),
    amount: z.string(),
    day: z.string(),
    at: z.string(),
    note: z.string(),
  });
  expect(await db.master.select(Row, 'SELECT * FROM thing WHERE id = 1')).toEqual([
    {
      id: 1,
      amount: '1234567.8900',
      day: '2011-03-27',
      at: '2011-03-27 01:30:00.123',
      note: `it's "quoted" \\ :name ? 茶 🫖`,
    },
  ]);
});

test('a row of another shape than the schema is refused at the door', async () => {
  await expect(db.master.select(z.object({ n: z.string() }), 'SELECT 1 AS n')).rejects.toThrow(z.ZodError);
});

test('a duplicate key is told apart from other errors', async () => {
  await db.master.write('INSERT INTO thing (id) VALUES (2)');
  const again = db.master.write('INSERT INTO thing (id) VALUES (2)');
  await expect(again).rejects.toSatisfy(isDuplicateKey);
  await expect(db.master.write('INSERT INTO nothing VALUES (1)')).rejects.not.toSatisfy(isDuplicateKey);
});

describe('a resuming database', () => {
  test('is waited for, by reads, writes and transactions', async () => {
    db.pretendResuming(2);
    expect(await db.master.select(Count, 'SELECT 1 AS n')).toEqual([{ n: 1 }]);
    db.pretendResuming(1);
    expect((await db.master.write('INSERT INTO thing (id) VALUES (3)')).updated).toBe(1);
    db.pretendResuming(1);
    await db.master.transaction((tx) => tx.write('INSERT INTO thing (id) VALUES (4)'));
  });

  test('is given up after the budget, as unavailable', async () => {
    const { DB_CLUSTER_ARN, DB_MASTER_SECRET_ARN, DB_NAME } = db.env;
    const hasty = openDataApiDatabase({
      clusterArn: DB_CLUSTER_ARN,
      secretArn: DB_MASTER_SECRET_ARN,
      database: DB_NAME,
      client: db.client,
      resumeBudgetMs: 0,
    });
    db.pretendResuming(1);
    await expect(hasty.select(Count, 'SELECT 1 AS n')).rejects.toSatisfy(
      (error) => error instanceof Fault && error.kind === 'unavailable',
    );
  });
});

describe('a transaction', () => {
  test('leaves nothing when its work rejects', async () => {
    const before = await count();
    const failed = db.master.transaction(async (tx) => {
      await tx.write('INSERT INTO thing (id) VALUES (100)');
      throw new Error('changed my mind');
    });
    await expect(failed).rejects.toThrow('changed my mind');
    expect(await count()).toBe(before);
  });

  test('refuses two statements at once', async () => {
    const both = db.master.transaction((tx) =>
      Promise.all([tx.select(Count, 'SELECT SLEEP(0.2) AS n'), tx.select(Count, 'SELECT 2 AS n')]),
    );
    await expect(both).rejects.toThrow('two statements at once');
  });

  test('that meets a deadlock is run anew, and both end', async () => {
    await db.master.write('INSERT INTO thing (id, note) VALUES (201, 0), (202, 0)');
    const raise = 'UPDATE thing SET note = note + 1 WHERE id = :id';
    const cross = (first: number, second: number) =>
      db.master.transaction(async (tx) => {
        await tx.write(raise, { id: first });
        await tx.select(Count, 'SELECT SLEEP(0.3) AS n');
        await tx.write(raise, { id: second });
      });
    await Promise.all([cross(201, 202), cross(202, 201)]);
    const Note = z.object({ note: z.string() });
    const notes = await db.master.select(Note, 'SELECT note FROM thing WHERE id IN (201, 202)');
    expect(notes.map(({ note }) => Number(note))).toEqual([2, 2]);
  });

  test('that is lost before its commit is run anew, and nothing of the first try stays', async () => {
    let tried = 0;
    const before = await count();
    // the server ends the connection of the transaction, as after a failover
    const Id = z.object({ id: z.coerce.number() });
    await db.master.transaction(async (tx) => {
      await tx.write('INSERT INTO thing (id) VALUES (:id)', { id: 301 + tried });
      const [connection] = await tx.select(Id, 'SELECT CONNECTION_ID() AS id');
      if (++tried === 1) {
        await db.master.define(`KILL ${connection!.id}`);
        await expect
          .poll(() => tx.select(Id, 'SELECT 1 AS id').then(String, String))
          .toMatch(/not found|reached/);
      }
      return tx.write('INSERT INTO thing (id) VALUES (:id)', { id: 311 + tried });
    });
    expect([tried, await count()]).toEqual([2, before + 2]);
  });

  test('that meets a deadlock over the next number of a table is run anew, too', async () => {
    await db.master.define(
      `CREATE TRIGGER thing_numbers BEFORE INSERT ON thing FOR EACH ROW
         SIGNAL SQLSTATE 'HY000' SET MYSQL_ERRNO = 1467`,
    );
    const before = await count();
    let tried = 0;
    await db.master.transaction(async (tx) => {
      if (++tried === 2) await db.master.define('DROP TRIGGER thing_numbers');
      return tx.write('INSERT INTO thing (id) VALUES (1467)');
    });
    expect([tried, await count()]).toEqual([2, before + 1]);
  });
});

test('a bulk of rows travels in chunks of JSON and arrives whole', async () => {
  const rows = Array.from({ length: 20_000 }, (_, i) => [10_000 + i, `note ${i} 茶`]);
  const chunks = [...jsonChunks(rows, 100_000)];
  expect(chunks.length).toBeGreaterThan(3);
  for (const chunk of chunks) {
    expect(Buffer.byteLength(chunk)).toBeLessThanOrEqual(100_000 + 2);
    await db.master.write(
      `INSERT INTO thing (id, note)
       SELECT j.id, j.note FROM JSON_TABLE(:rows, '$[*]' COLUMNS (id INT PATH '$[0]', note TEXT PATH '$[1]')) AS j`,
      { rows: chunk },
    );
  }
  const [arrived] = await db.master.select(Count, 'SELECT COUNT(*) AS n FROM thing WHERE id >= 10000');
  expect(arrived!.n).toBe(rows.length);
  expect(json([1, 'a'])).toEqual({ hint: 'JSON', text: '[1,"a"]' });
});

describe('a commit that is turned away', () => {
  const turnedAway = (times: number, resumeBudgetMs?: number) => {
    const sent: string[] = [];
    let left = times;
    const send = async (command: object) => {
      sent.push(command.constructor.name);
      if (command instanceof BeginTransactionCommand) return { transactionId: 't' };
      if (command instanceof CommitTransactionCommand && left-- > 0)
        throw Object.assign(new Error('slow down'), { name: 'ThrottlingException' });
      return { numberOfRecordsUpdated: 1 };
    };
    const database = openDataApiDatabase({
      clusterArn: '-',
      secretArn: '-',
      database: '-',
      client: { send } as unknown as RDSDataClient,
      waiting: { now: () => 0, pause: async () => undefined },
      ...(resumeBudgetMs !== undefined && { resumeBudgetMs }),
    });
    return { sent, done: database.transaction((tx) => tx.write('UPDATE thing SET note = 1')) };
  };

  test('is sent again, and the work before it is not', async () => {
    const { sent, done } = turnedAway(2);
    expect(await done).toMatchObject({ updated: 1 });
    expect(sent).toEqual([
      'BeginTransactionCommand',
      'ExecuteStatementCommand',
      ...Array.from({ length: 3 }, () => 'CommitTransactionCommand'),
    ]);
  });

  test('to the end is rolled back, so that nobody waits for its locks', async () => {
    const { sent, done } = turnedAway(Number.POSITIVE_INFINITY, 0);
    await expect(done).rejects.toSatisfy((error) => error instanceof Fault && error.kind === 'unavailable');
    expect(sent.slice(-2)).toEqual(['CommitTransactionCommand', 'RollbackTransactionCommand']);
  });
});
