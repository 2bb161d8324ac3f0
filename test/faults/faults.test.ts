import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { findViolations } from '../../shared/data/ledger/invariants.ts';
import type { TestServer } from '../database-broker.ts';
import { type BareDataApi, openBareDataApi, type Statement, type Transaction } from './bare-data-api.ts';
import type { Schedule } from './commands.ts';
import type { Operations } from './data-api-commands.ts';
import { plainDatabase } from './faulty-database.ts';
import { runSchedule } from './run-schedule.ts';

let server: TestServer;
const apis: BareDataApi[] = [];
beforeAll(async () => {
  server = (await (await fetch(inject('databaseBroker'))).json()) as TestServer;
  apis.push(...(await Promise.all([1, 2].map(() => openBareDataApi(server)))));
});
afterAll(async () => {
  for (const api of apis) await api.close();
});

test('whatever goes wrong on the way, a schedule ends as its commands say', {
  timeout: 300_000,
}, async () => {
  const seeds = Array.from({ length: 24 }, (_, i) => i + 1);
  const faults = new Map<string, number>();
  await Promise.all(
    apis.map(async (api) => {
      for (let seed = seeds.shift(); seed !== undefined; seed = seeds.shift()) {
        const outcome = await runSchedule(api, { seed });
        expect(outcome.violations, `seed ${seed}`).toEqual([]);
        for (const [fault, n] of outcome.faults) faults.set(fault, (faults.get(fault) ?? 0) + n);
      }
      expect(await findViolations(plainDatabase(api))).toEqual([]);
    }),
  );
  // the schedules would be worth nothing if nothing had gone wrong
  for (const fault of ['crash before', 'crash after', 'deadlock', 'answer lost', 'message delivered twice'])
    expect(faults.get(fault), fault).toBeGreaterThan(0);
});

test('a seed makes the same run, step by step, in databases with the same past', {
  timeout: 120_000,
}, async () => {
  const fresh = await Promise.all([1, 2].map(() => openBareDataApi(server)));
  try {
    for (const seed of [1001, 1002, 1003]) {
      const [one, other] = await Promise.all(fresh.map((api) => runSchedule(api, { seed })));
      expect(one!.steps).toBeGreaterThan(100);
      expect(one!.trace).toEqual(other!.trace);
      expect(one!.traceHash).toBe(other!.traceHash);
    }
  } finally {
    for (const api of fresh) await api.close();
  }
});

/** The database with statements changed on their way, or taken out of their transaction. */
const tampered =
  (
    change: (
      statement: Statement,
      transaction: Transaction | undefined,
    ) => readonly [Statement, Transaction | undefined],
  ) =>
  (api: BareDataApi): Operations => ({
    ...api,
    execute: (statement, transaction) => api.execute(...change(statement, transaction)),
  });

const withoutLock = (statement: Statement): Statement =>
  /JOIN stock s/.test(statement.sql!)
    ? { ...statement, sql: statement.sql!.replace(/\s+FOR UPDATE/, '') }
    : statement;
const withoutCondition = (statement: Statement): Statement => ({
  ...statement,
  sql: statement.sql!.replace(/AND s\.stock_level = j\.level_read/, ''),
});
const alone = (pattern: RegExp) =>
  tampered((statement, transaction) => [statement, pattern.test(statement.sql!) ? undefined : transaction]);

/** After each command the stock of every product is asked for. */
const withQuestions = (schedule: Schedule): Schedule => ({
  ...schedule,
  commands: schedule.commands.flatMap((command, n) => [
    command,
    ...schedule.products.map(({ id }) => ({
      kind: 'as of' as const,
      id: `${id}A${n}`,
      product: id,
      location: 'MAIN',
      day: schedule.today,
    })),
  ]),
});

/** Seeds within which a planted fault must show itself. */
const TRIES = 40;
let planted = 0;

async function firstCaught(
  asked: (api: BareDataApi) => Operations,
  change?: (schedule: Schedule) => Schedule,
): Promise<{ seed: number; words: string }> {
  planted += 1;
  for (let seed = 1; seed <= TRIES; seed++) {
    const { violations } = await runSchedule(apis[0]!, {
      seed,
      run: planted,
      asked,
      ...(change && { change }),
    });
    if (violations.length > 0) return { seed, words: violations.join('\n') };
  }
  throw new Error(`not caught within ${TRIES} seeds`);
}

describe('a fault planted on purpose is caught:', { timeout: 300_000 }, () => {
  test('stock read without a lock and written without looking again', async () => {
    const { words } = await firstCaught(
      tampered((statement, transaction) => [withoutCondition(withoutLock(statement)), transaction]),
    );
    expect(words).toMatch(/stock is the sum of its movements|level/);
  });

  test('the claim of a message that is committed before its effect', async () => {
    const { words } = await firstCaught(alone(/INTO inbox/));
    expect(words).toContain('is not in the ledger');
  });

  test('the claim of an Idempotency-Key that is committed before the order', async () => {
    const { words } = await firstCaught(alone(/INTO idempotency/));
    expect(words).toMatch(/claims without an answer|was accepted|never answered/);
  });

  test('stock as of a moment, read without waiting for who is writing', async () => {
    const withoutWaiting = (statement: Statement): Statement => ({
      ...statement,
      sql: statement.sql!.replace(/LOCK IN SHARE MODE/, ''),
    });
    const { words } = await firstCaught(
      tampered((statement, transaction) => [withoutWaiting(statement), transaction]),
      withQuestions,
    );
    expect(words).toMatch(/^as of /m);
  });

  test('an event that is written beside the transaction that causes it', async () => {
    const { words } = await firstCaught(alone(/INSERT INTO outbox/));
    expect(words).toMatch(/was announced/);
  });

  test('events of whoever died before they were published, left by everybody else', async () => {
    const unseen = (statement: Statement): Statement => ({
      ...statement,
      sql: statement.sql!.replace(/FROM outbox\s+WHERE/, '$& FALSE AND'),
    });
    const { words } = await firstCaught(
      tampered((statement, transaction) => [unseen(statement), transaction]),
    );
    expect(words).toMatch(/events in the outbox/);
  });
});
