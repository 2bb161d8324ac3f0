import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { type AuditNeeds, auditData } from '../../../functions/audit/audit-data.ts';
import type { AuditRequested } from '../../../shared/contracts/messages.ts';
import type { MovementFact } from '../../../shared/core/inventory/book-movements.ts';
import { findAudit } from '../../../shared/data/audit/audit-reads.ts';
import { recordChange } from '../../../shared/data/audit/change-log.ts';
import { recordMovements } from '../../../shared/data/ledger/ledger-store.ts';
import { openTestDatabase } from '../../database.ts';

let db: Awaited<ReturnType<typeof openTestDatabase>>;

beforeAll(async () => {
  db = await openTestDatabase();
  for (const id of ['A', 'B', 'C', 'D', 'E']) {
    await db.database.write(`INSERT INTO products (product_id, product_name) VALUES (:id, :id)`, { id });
  }
});
afterAll(() => db.close());

const silent = { info: () => {} };
let asked = 0;

/** Runs an audit to its end, message by message; `time` is what each message has, all its ranges by default. */
async function audit(needs: Partial<AuditNeeds> = {}, time = 300_000) {
  const messages: AuditRequested[] = [{ type: 'AuditRequested', cause: 'schedule' }];
  const messageId = `night-${++asked}`;
  const auditQueue = {
    send: async (more: readonly unknown[]) => void messages.push(...(more as AuditRequested[])),
  };
  let hops = 0;
  for (let message = messages.shift(); message; message = messages.shift()) {
    hops++;
    await auditData({ database: db.database, auditQueue, sealAgeMinutes: 0, ...needs }, message, {
      messageId,
      remainingMs: () => time,
      logger: silent,
    });
  }
  return { ...(await findAudit(db.database, messageId))!, hops };
}

let keys = 0;
const receipt = (productId: string, quantityChange: number): MovementFact => ({
  key: `test:${++keys}`,
  productId,
  locationId: 'MAIN',
  date: '2011-03-01 10:00:00.000',
  quantityChange,
  type: 'receipt',
  reason: null,
  referenceId: null,
});
const book = (...facts: MovementFact[]) =>
  db.database.transaction((tx) => recordMovements(tx, facts, { actor: 'test' }));

const Alert = z.object({ alert_key: z.string(), level: z.string(), is_open: z.int() });
const alerts = () =>
  db.database.select(
    Alert,
    `SELECT alert_key, level, closed_at IS NULL AS is_open FROM alert ORDER BY alert_key`,
  );
const Told = z.object({ type: z.string(), n: z.int() });
const told = () =>
  db.database.select(
    Told,
    `SELECT JSON_UNQUOTE(JSON_EXTRACT(envelope, '$.event_type')) AS type, COUNT(*) AS n
       FROM outbox GROUP BY type ORDER BY type`,
  );

beforeEach(async () => {
  for (const table of ['alert', 'outbox']) await db.database.write(`DELETE FROM ${table}`);
});

describe('an audit', () => {
  test('of data that keep their promises says so of each, and raises nothing', async () => {
    await book(receipt('A', 5), receipt('B', 7));
    const report = await audit();
    expect(report).toMatchObject({ status: 'done', broken: 0, cause: 'schedule', hops: 1 });
    expect(report.ledger_cursor).toBeGreaterThan(0);
    expect(report.promises.length).toBeGreaterThan(10);
    expect(report.promises.every(({ violations }) => violations === 0)).toBe(true);
    expect(await alerts()).toEqual([]);
    expect(await told()).toEqual([]);
  });

  test('finds stock that was changed past the ledger, alerts once while it lasts, and repairs nothing', async () => {
    await book(receipt('C', 5));
    const setStock = (level: number) =>
      db.master.write(`UPDATE stock SET stock_level = :level WHERE product_id = 'C'`, { level });
    await setStock(4);
    const report = await audit();
    expect(report.broken).toBe(1);
    expect(report.promises[0]).toMatchObject({
      promise: 'stock is the sum of its movements',
      violations: 1,
      examples: ['C at MAIN: stock 4, movements 5'],
    });
    const key = 'ledger_mismatch:stock is the sum of its movements';
    expect(await alerts()).toEqual([{ alert_key: key, level: 'critical', is_open: 1 }]);
    await audit();
    expect(await told()).toEqual([
      { type: 'alert.raised', n: 1 },
      { type: 'ledger.mismatch', n: 2 },
    ]);
    await setStock(5);
    expect((await audit()).broken).toBe(0);
    expect(await alerts()).toEqual([{ alert_key: key, level: 'critical', is_open: 0 }]);
  });

  test('of a large ledger goes range by range and message by message, and finds the same', async () => {
    await book(...['A', 'B', 'C', 'D', 'E'].flatMap((id) => [1, 2, 3].map((units) => receipt(id, units))));
    await db.master.write(
      `UPDATE stock SET stock_level = stock_level + 1 WHERE product_id IN ('A', 'C', 'E')`,
    );
    try {
      const whole = await audit();
      const inParts = await audit({ rangeRows: 2 }, 10_000);
      expect(inParts.hops).toBeGreaterThan(5);
      expect(inParts.ranges).toBeGreaterThan(whole.ranges);
      const found = ({ promises }: typeof whole) =>
        promises.map(({ promise, violations, examples }) => ({ promise, violations, examples }));
      expect(found(inParts)).toEqual(found(whole));
      expect(found(whole)[0]).toMatchObject({ violations: 3 });
    } finally {
      await db.master.write(
        `UPDATE stock SET stock_level = stock_level - 1 WHERE product_id IN ('A', 'C', 'E')`,
      );
    }
  });

  test('whose message is delivered twice, at once or later, counts each range once', async () => {
    const messageId = 'twice';
    const needs = { database: db.database, auditQueue: { send: async () => {} }, sealAgeMinutes: 0 };
    const delivery = { messageId, remainingMs: () => 300_000, logger: silent };
    const message = { type: 'AuditRequested', cause: 'schedule' } as const;
    await Promise.allSettled([1, 2, 3].map(() => auditData(needs, message, delivery)));
    await auditData(needs, message, delivery);
    const twice = (await findAudit(db.database, messageId))!;
    const once = await audit();
    expect(twice.status).toBe('done');
    expect(twice.ranges).toBe(once.ranges);
  });

  test('of the night ends reservations whose time is over; one that somebody asks for changes nothing', async () => {
    await book(receipt('B', 9));
    await db.database.write(
      `INSERT INTO reservation (reservation_id, product_id, location_id, quantity, quantity_open, status, expires_at,
                                created_by)
       VALUES ('R1', 'B', 'MAIN', 2, 2, 'open', DATE_SUB(UTC_TIMESTAMP(3), INTERVAL 1 MINUTE), 'test')`,
    );
    await db.database.write(`UPDATE stock SET committed = committed + 2 WHERE product_id = 'B'`);
    const Status = z.object({ status: z.string(), committed: z.int() });
    const now = () =>
      db.database.select(
        Status,
        `SELECT r.status, s.committed
           FROM reservation r
           JOIN stock s ON s.product_id = r.product_id AND s.location_id = r.location_id`,
      );
    const needs = { database: db.database, auditQueue: { send: async () => {} } };
    const delivery = { messageId: 'asked', remainingMs: () => 300_000, logger: silent };
    await auditData(needs, { type: 'AuditRequested', cause: 'api', auditId: 'asked' }, delivery);
    expect(await now()).toEqual([{ status: 'open', committed: 2 }]);
    expect((await audit()).broken).toBe(0);
    expect(await now()).toEqual([{ status: 'expired', committed: 0 }]);
  });

  test('neither waits for a writer nor lets one wait', async () => {
    await db.database.transaction(async (tx) => {
      await recordMovements(tx, [receipt('D', 1)], { actor: 'slow writer' });
      // inside the writer's transaction: it would never end if it had to wait
      expect((await audit()).broken).toBe(0);
    });
    expect((await audit()).broken).toBe(0);
  });
});

describe('seals', () => {
  /** As someone with the rights of the master, who puts the triggers away first. */
  async function tamper(table: string, sql: string) {
    for (const what of ['update', 'delete']) await db.master.define(`DROP TRIGGER ${table}_no_${what}`);
    await db.master.write(sql);
    for (const what of ['update', 'delete']) {
      await db.master.define(
        `CREATE TRIGGER ${table}_no_${what} BEFORE ${what.toUpperCase()} ON ${table} FOR EACH ROW
           SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = '${table} is append-only'`,
      );
    }
  }
  const MOVEMENTS = 'movements are what they were when they were sealed';
  const found = async (promise: string) =>
    (await audit()).promises.find((one) => one.promise === promise)?.examples;
  const last = z.object({ id: z.int() });

  test('find a movement that was changed past the triggers, though levels and sums still fit', async () => {
    await book(receipt('E', 3));
    const { ledger_chain } = await audit();
    expect(ledger_chain).toMatch(/^[0-9a-f]{64}$/);
    const [row] = await db.database.select(last, `SELECT MAX(log_id) AS id FROM inventory_log`);
    const set = (actor: string) =>
      tamper('inventory_log', `UPDATE inventory_log SET actor = '${actor}' WHERE log_id = ${row!.id}`);
    await set('somebody else');
    expect(await found(MOVEMENTS)).toEqual([
      expect.stringMatching(/^seal \d+ over inventory_log \d+ to \d+: its rows are not what they were$/),
    ]);
    await set('test');
    expect(await found(MOVEMENTS)).toEqual([]);
  });

  test('find entries about master data that were changed or removed', async () => {
    for (const name of ['old', 'new']) {
      await recordChange(db.database, {
        actor: 'mallory',
        subject: 'supplier',
        subjectId: 'S1',
        before: undefined,
        after: { name },
      });
    }
    const promise = 'entries about changed master data are what they were when they were sealed';
    expect(await found(promise)).toEqual([]);
    await tamper('audit_log', `DELETE FROM audit_log ORDER BY entry_id DESC LIMIT 1`);
    expect(await found(promise)).toEqual([expect.stringContaining('1 rows instead of 2')]);
  });

  test('find seals that were removed or made anew over changed rows', async () => {
    await book(receipt('E', 3));
    await audit();
    await tamper('seal', `DELETE FROM seal WHERE log_name = 'inventory_log'`);
    expect(await found(MOVEMENTS)).toEqual([expect.stringContaining('an earlier audit saw is gone')]);
  });

  test('and the entries themselves can neither be changed nor removed', async () => {
    for (const table of ['audit_log', 'seal', 'inventory_log']) {
      for (const user of [db.database, db.master]) {
        await expect(user.write(`DELETE FROM ${table}`)).rejects.toThrow();
      }
    }
  });
});
