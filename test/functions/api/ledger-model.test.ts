import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as z from 'zod';
import { createTransfer } from '../../../functions/api/stock/create-transfer.ts';
import { endTransfer } from '../../../functions/api/stock/end-transfer.ts';
import { receiveTransfer } from '../../../functions/api/stock/receive-transfer.ts';
import { Fault } from '../../../shared/contracts/fault.ts';
import type { MovementFact } from '../../../shared/core/inventory/book-movements.ts';
import { insertProductStubs } from '../../../shared/data/catalogue/product-store.ts';
import { readStockAsOf, type StockAsOf } from '../../../shared/data/ledger/as-of-store.ts';
import { findViolations } from '../../../shared/data/ledger/invariants.ts';
import { reverseMovements } from '../../../shared/data/ledger/ledger-reversals.ts';
import { recordMovements, recordOrderMovements } from '../../../shared/data/ledger/ledger-store.ts';
import {
  insertReservation,
  releaseReservation,
  takeReserved,
} from '../../../shared/data/ledger/reservation-store.ts';
import type { Statements } from '../../../shared/data/sql/database.ts';
import { openTestDatabase, type TestDatabase } from '../../database.ts';

const PATIENCE_MS = 240_000;
const PRODUCTS = ['mug', 'lamp'] as const;
const LOCATIONS = ['MAIN', 'SHOP'] as const;
const by = { actor: 'test' };
const now = new Date('2024-03-31T00:00:00Z');
let db: TestDatabase;
let runs = 0;

beforeAll(async () => {
  db = await openTestDatabase();
  await db.database.write(`INSERT INTO location (location_id, name) VALUES ('SHOP', 'Shop')`);
}, PATIENCE_MS);
afterAll(() => db.close());

const product = fc.constantFrom(...PRODUCTS);
const location = fc.constantFrom(...LOCATIONS);
const units = fc.integer({ min: 1, max: 9 });
const day = fc.integer({ min: 1, max: 30 });
const nth = fc.nat({ max: 50 });
const command = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('receive'), product, location, units, day }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('lose'), product, location, units, day }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('order'), product, location, units, day }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('send'), product, location, units, day }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('arrive'), nth, units }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('end'), nth, isLost: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('reserve'), product, location, units }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('release'), nth }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('take'), nth, units, day }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('reverse'), nth }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('read'), product, location, day }) },
);
type Command = typeof command extends fc.Arbitrary<infer T> ? T : never;

interface Entry {
  readonly key: string;
  readonly at: string;
  readonly date: string;
  readonly change: number;
  /** Of a reversal: the key of what it takes back. */
  readonly reverses?: string;
}

/** What the ledger should be, in a list and two maps. */
class Model {
  readonly entries: Entry[] = [];
  readonly transfers = new Map<
    string,
    { product: string; from: string; to: string; open: number; leftOn: string; arrivals: number }
  >();
  readonly reservations = new Map<string, { at: string; open: number }>();

  level(at: string, date = '9999'): number {
    return this.entries
      .filter((entry) => entry.at === at && entry.date <= date)
      .reduce((sum, entry) => sum + entry.change, 0);
  }
  committed(at: string): number {
    return [...this.reservations.values()]
      .filter((one) => one.at === at)
      .reduce((sum, one) => sum + one.open, 0);
  }
  available(at: string): number {
    return this.level(at) - this.committed(at);
  }
  book(entry: Entry): void {
    const missing = -(this.level(entry.at) + entry.change);
    if (missing > 0 && entry.change < 0)
      this.entries.push({ key: `${entry.key}:shortage`, at: entry.at, date: entry.date, change: missing });
    this.entries.push(entry);
  }
  /** Whether the entry of that key counts. */
  counts(key: string): boolean {
    const reversal = this.entries.find((entry) => entry.reverses === key);
    return reversal === undefined || !this.counts(reversal.key);
  }
  lastOfChain(key: string): Entry {
    const reversal = this.entries.find((entry) => entry.reverses === key);
    return reversal ? this.lastOfChain(reversal.key) : this.entries.find((entry) => entry.key === key)!;
  }
  takeBack(key: string): void {
    const wanted = new Set([key, `${key}:shortage`]);
    const chosen = new Map<string, Entry>();
    // a set goes on with what is added on the way: what a reversal in the middle was short of
    for (const one of wanted) {
      if (!this.entries.some((entry) => entry.key === one) || !this.counts(one)) continue;
      const last = this.lastOfChain(one);
      chosen.set(last.key, last);
      wanted.add(`${last.key}:shortage`);
    }
    const opposites = [...chosen.values()].map(
      (last): Entry => ({
        key: last.key.endsWith(':shortage') ? `reversal:#[${last.key}]` : `reversal:${last.key}`,
        at: last.at,
        date: last.date,
        change: -last.change,
        reverses: last.key,
      }),
    );
    for (const entry of opposites.sort((a, b) => b.change - a.change)) this.book(entry);
  }
}

const dateOf = (n: number) => `2024-03-${String(n).padStart(2, '0')} 10:00:00.000`;
const pick = <T>(list: readonly T[], n: number): T | undefined => list[n % Math.max(list.length, 1)];

/** One run: the same commands to the database and to the model, with the answers that were given on the way. */
async function play(commands: readonly Command[]) {
  const run = `run${++runs}`;
  const model = new Model();
  const said: { productId: string; locationId: string; effectiveAt: string; answer: StockAsOf }[] = [];
  const stub = { category: null, brand: null, unitPrice: null, isService: false };
  const idOf = (name: string) => `${run}-${name}`;
  await db.database.transaction((tx) =>
    insertProductStubs(
      tx,
      PRODUCTS.map((name) => ({ productId: idOf(name), productName: name, ...stub })),
    ),
  );
  const isRefused = async (work: (tx: Statements) => Promise<unknown>): Promise<boolean> => {
    try {
      await db.database.transaction(work);
      return false;
    } catch (error) {
      if (error instanceof Fault && error.kind === 'conflict') return true;
      throw error;
    }
  };

  for (const [n, one] of commands.entries()) {
    const key = `${run}-${n}`;
    if ('product' in one) {
      const productId = idOf(one.product);
      const at = `${productId} ${one.location}`;
      const date = 'day' in one ? dateOf(one.day) : '';
      const fact = (type: MovementFact['type'], quantityChange: number): MovementFact => {
        return {
          key,
          productId,
          locationId: one.location,
          date,
          quantityChange,
          type,
          reason: 'test',
          referenceId: null,
        };
      };
      if (one.do === 'read') {
        const effectiveAt = `2024-03-${String(one.day).padStart(2, '0')}T23:59:59.999Z`;
        const question = { productId, locationIds: [one.location], effectiveAt };
        const answer = await readStockAsOf(db.database, question);
        expect(answer.onHand).toBe(model.level(at, date));
        said.push({ productId, locationId: one.location, effectiveAt, answer });
        continue;
      }
      const { units } = one as { units: number };
      if (one.do === 'receive') {
        await db.database.transaction((tx) => recordMovements(tx, [fact('receipt', units)], by));
        model.book({ key, at, date, change: units });
      } else if (one.do === 'lose') {
        await db.database.transaction((tx) => recordMovements(tx, [fact('damage', -units)], by));
        model.book({ key, at, date, change: -units });
      } else if (one.do === 'order') {
        // no line of an order is behind it: a damage that is asked for as an order is
        const refused = await isRefused((tx) => recordOrderMovements(tx, [fact('damage', -units)], by));
        expect(refused).toBe(model.available(at) < units);
        if (!refused) model.book({ key, at, date, change: -units });
      } else if (one.do === 'send') {
        const to = one.location === 'MAIN' ? 'SHOP' : 'MAIN';
        const refused = await isRefused((tx) =>
          createTransfer(
            tx,
            {
              id: key,
              from_location: one.location,
              to_location: to,
              lines: [{ product_id: productId, quantity: units }],
              reason: null,
              arrives: false,
              effective_at: date.replace(' ', 'T').concat('Z'),
            },
            { ...by, now },
          ),
        );
        expect(refused).toBe(model.available(at) < units);
        if (refused) continue;
        model.book({ key: `transfer:${key}:out:1`, at, date, change: -units });
        model.transfers.set(key, {
          product: productId,
          from: one.location,
          to,
          open: units,
          leftOn: date,
          arrivals: 0,
        });
      } else {
        const refused = await isRefused((tx) =>
          insertReservation(
            tx,
            {
              reservationId: key,
              productId,
              locationId: one.location,
              quantity: units,
              reference: null,
              expiresAt: null,
            },
            'test',
          ),
        );
        expect(refused).toBe(model.available(at) < units);
        if (!refused) model.reservations.set(key, { at, open: units });
      }
    } else if (one.do === 'arrive' || one.do === 'end') {
      const [id, transfer] =
        pick(
          [...model.transfers].filter(([, { open }]) => open > 0),
          one.nth,
        ) ?? [];
      if (id === undefined || transfer === undefined) continue;
      const time = transfer.leftOn.replace(' ', 'T').concat('Z');
      const there = `${transfer.product} ${transfer.to}`;
      const move = { date: transfer.leftOn };
      if ('units' in one) {
        const lines = [{ product_id: transfer.product, quantity: one.units }];
        const refused = await isRefused((tx) =>
          receiveTransfer(tx, id, { lines, effective_at: time }, { ...by, now }),
        );
        expect(refused).toBe(one.units > transfer.open);
        if (refused) continue;
        transfer.open -= one.units;
        model.book({
          ...move,
          key: `transfer:${id}:in${++transfer.arrivals}:1`,
          at: there,
          change: one.units,
        });
      } else {
        const isLost = 'isLost' in one && one.isLost;
        const end = { reason: 'test', effective_at: time };
        await db.database.transaction((tx) =>
          endTransfer(tx, id, isLost ? 'closed' : 'cancelled', end, { ...by, now }),
        );
        if (isLost) {
          model.book({ ...move, key: `transfer:${id}:lost-in:1`, at: there, change: transfer.open });
          model.book({ ...move, key: `transfer:${id}:lost:1`, at: there, change: -transfer.open });
        } else {
          const home = `${transfer.product} ${transfer.from}`;
          model.book({ ...move, key: `transfer:${id}:back:1`, at: home, change: transfer.open });
        }
        transfer.open = 0;
      }
    } else if (one.do === 'release' || one.do === 'take') {
      const [id, held] =
        pick(
          [...model.reservations].filter(([, { open }]) => open > 0),
          one.nth,
        ) ?? [];
      if (id === undefined || held === undefined) continue;
      const [productId, locationId] = held.at.split(' ') as [string, string];
      if (!('units' in one)) {
        await db.database.transaction((tx) => releaseReservation(tx, id, 'test'));
        held.open = 0;
        continue;
      }
      const date = dateOf(one.day);
      const wanted = { productId, locationId, units: one.units };
      const refused = await isRefused(async (tx) => {
        await takeReserved(tx, id, wanted, 'test');
        const fact: MovementFact = {
          ...wanted,
          key,
          date,
          quantityChange: -one.units,
          type: 'damage',
          reason: null,
          referenceId: null,
        };
        await recordOrderMovements(tx, [fact], by);
      });
      const own = Math.min(held.open, one.units);
      expect(refused).toBe(model.available(held.at) + own < one.units);
      if (refused) continue;
      held.open -= own;
      model.book({ key, at: held.at, date, change: -one.units });
    } else {
      const free = model.entries.filter((entry) => !entry.key.startsWith('transfer:'));
      const entry = pick(free, one.nth);
      if (entry === undefined) continue;
      const [productId] = entry.at.split(' ');
      const before = model.entries.filter((one) => one.at.startsWith(`${productId} `)).indexOf(entry);
      const [row] = await db.database.select(
        z.object({ log_id: z.int() }),
        'SELECT log_id FROM inventory_log WHERE product_id = :productId ORDER BY log_id LIMIT 1 OFFSET :before',
        { productId: productId!, before },
      );
      await db.database.transaction((tx) => reverseMovements(tx, [row!.log_id], { ...by, reason: 'test' }));
      model.takeBack(entry.key);
    }
  }
  return { idOf, model, said };
}

const Stock = z.object({ stock_level: z.int(), committed: z.int() });

test(
  'whatever is done in whatever order, the ledger is what a list in memory says it is, also about the past',
  async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(command, { minLength: 10, maxLength: 40 }), async (commands) => {
        const { idOf, model, said } = await play(commands);
        for (const name of PRODUCTS) {
          const productId = idOf(name);
          for (const locationId of LOCATIONS) {
            const at = `${productId} ${locationId}`;
            const [stock] = await db.database.select(
              Stock,
              'SELECT stock_level, committed FROM stock WHERE product_id = :productId AND location_id = :locationId',
              { productId, locationId },
            );
            expect(stock ?? { stock_level: 0, committed: 0 }).toEqual({
              stock_level: model.level(at),
              committed: model.committed(at),
            });
          }
          const rows = await db.database.select(
            z.object({ movement_key: z.string(), quantity_change: z.int() }),
            'SELECT movement_key, quantity_change FROM inventory_log WHERE product_id = :productId ORDER BY log_id',
            { productId },
          );
          const entries = model.entries.filter((entry) => entry.at.startsWith(`${productId} `));
          // the model has no numbers: it names what a reversal with a number takes back
          expect(rows.map((row) => [row.movement_key.replace(/#\d+/, '#'), row.quantity_change])).toEqual(
            entries.map((entry) => [entry.key.replace(/#\[.*\]/, '#'), entry.change]),
          );
        }
        for (const { productId, locationId, effectiveAt, answer } of said) {
          const question = { productId, locationIds: [locationId], effectiveAt, knownAt: answer.knownAt };
          expect(await readStockAsOf(db.database, question)).toEqual(answer);
        }
        expect(await findViolations(db.database)).toEqual([]);
      }),
      { numRuns: 8 },
    );
  },
  PATIENCE_MS,
);
