import type { SeriesKey } from '../../shared/data/forecasts/series-store.ts';
import { lockStock, recordMovements } from '../../shared/data/ledger/ledger-store.ts';
import { listAlertsOfType, openAlert, settleAlert } from '../../shared/data/planning/alert-store.ts';
import { momentOf, readBusinessDay } from '../../shared/data/planning/business-day.ts';
import type { Database, Statements } from '../../shared/data/sql/database.ts';
import { toSqlTime } from '../../shared/data/sql/sql-time.ts';
import { readLotHistories } from '../../shared/data/waste/lot-history-store.ts';
import {
  findVoidOpenings,
  forgetOpenings,
  keepOpenings,
  listSeriesToFold,
} from '../../shared/data/waste/lot-opening-store.ts';
import { countNamed, nameLot } from '../../shared/data/waste/lot-store.ts';
import { lotsOf, type StockLot } from '../../shared/data/waste/series-lots-store.ts';
import { readExpireLots } from '../../shared/data/waste/waste-settings.ts';

/** Type, and beginning of the key, of alerts that goods are past their last day. */
export const EXPIRED_STOCK = 'expired_stock';
/** Type and key of the alert that lots could not be looked at. */
export const LOTS_FAILED = 'lots_failed';
/** Series of one transaction, openings of one look, and pages of either in one night: two million series. */
const PAGE = 100;
const OPENINGS_PER_LOOK = 1_000;
const MAX_PAGES = 20_000;
/** With less time than this left, the rest waits for the next night. */
const RESERVE_MS = 120_000;
/** Series of which one is tried alone and fails: with more than these it is not they that are wrong. */
const MOST_FAILURES = 50;

/** Units past their day, and of them those that left stock now; series that could not be looked at. */
export interface ExpiredLots {
  readonly lots: number;
  readonly units: number;
  readonly written: number;
  readonly failed: number;
  /** False: there was no time for all. */
  readonly isWhole: boolean;
}

interface Night {
  readonly day: string;
  /** When what is written off leaves. */
  readonly date: string;
  readonly isTaken: boolean;
}

interface PastLot {
  readonly key: SeriesKey;
  readonly lot: StockLot;
}

/**
 * Tells of what is past its last day and still there, in one alert a location; with the setting `expire_lots` it leaves
 * stock by a movement for each lot. A lot leaves once however often this runs: what is gone is not left. A series that
 * fails is told of, and stops none of the others.
 */
export async function expireLots(
  database: Database,
  now: Date,
  remainingMs: () => number = () => Number.POSITIVE_INFINITY,
): Promise<ExpiredLots> {
  const businessDay = await readBusinessDay(database);
  const date = toSqlTime(momentOf(businessDay, now));
  const night = {
    day: [date.slice(0, 10), businessDay ?? ''].sort().at(-1)!,
    date,
    isTaken: await readExpireLots(database),
  };
  await forgetVoidOpenings(database);
  const past: PastLot[] = [];
  const failures: string[] = [];
  let isWhole = false;
  let after: SeriesKey | undefined;
  for (let page = 0; page < MAX_PAGES && remainingMs() > RESERVE_MS; page++) {
    const keys = await listSeriesToFold(database, night.day, after, PAGE);
    past.push(...(await expireSome(database, keys, night, failures)));
    after = keys.at(-1);
    isWhole = keys.length < PAGE;
    if (isWhole) break;
  }
  await tellOf(database, past, failures, night.isTaken, isWhole);
  const units = past.reduce((sum, { lot }) => sum + lot.left, 0);
  return {
    lots: past.length,
    units,
    written: night.isTaken ? units : 0,
    failed: failures.length,
    isWhole,
  };
}

async function forgetVoidOpenings(database: Database): Promise<void> {
  let after: SeriesKey | undefined;
  for (let page = 0; page < MAX_PAGES; page++) {
    const { found, last } = await findVoidOpenings(database, after, OPENINGS_PER_LOOK);
    if (found.length > 0) await database.transaction((tx) => forgetOpenings(tx, found));
    if (!last) return;
    after = last;
  }
}

/** A page of series in one transaction; where that fails each in its own, so that one cannot stop the others. */
async function expireSome(
  database: Database,
  keys: readonly SeriesKey[],
  night: Night,
  failures: string[],
): Promise<PastLot[]> {
  try {
    return await database.transaction((tx) => expireSeries(tx, keys, night));
  } catch (error) {
    if (keys.length > 1) {
      const past: PastLot[] = [];
      for (const key of keys) past.push(...(await expireSome(database, [key], night, failures)));
      return past;
    }
    if (failures.length >= MOST_FAILURES) throw error;
    const [key] = keys;
    failures.push(
      `${key!.productId} at ${key!.locationId}: ${error instanceof Error ? error.message : error}`,
    );
    return [];
  }
}

async function expireSeries(
  tx: Statements,
  keys: readonly SeriesKey[],
  { day, date, isTaken }: Night,
): Promise<PastLot[]> {
  // Held before anything is read plainly: what was read before the wait would be of before.
  await lockStock(tx, keys);
  const histories = await readLotHistories(tx, keys);
  await keepOpenings(tx, histories, day);
  const past = histories.flatMap((history) =>
    lotsOf(history)
      .lots.filter(({ expiryDate, left }) => left > 0 && expiryDate !== null && expiryDate < day)
      .map((lot) => ({ key: history.key, lot })),
  );
  if (!isTaken || past.length === 0) return past;
  const named = await countNamed(
    tx,
    past.map(({ lot }) => lot.lotId),
  );
  const facts = past.map(({ key, lot }) => ({
    ...key,
    // A lot that is written off, is taken back or gets more units, is written off again under a key of its own.
    key: `lot-expiry:${lot.lotId}:${day}:${named.get(lot.lotId) ?? 0}`,
    date,
    quantityChange: -lot.left,
    type: 'expiry' as const,
    reason: `lot ${lot.lotCode} was good until ${lot.expiryDate}`,
    referenceId: `lot:${lot.lotId}`,
  }));
  await recordMovements(tx, facts, { actor: 'night' });
  await nameLot(
    tx,
    past.map(({ lot }, i) => ({ movementKey: facts[i]!.key, lotId: lot.lotId })),
  );
  return past;
}

async function tellOf(
  database: Database,
  past: readonly PastLot[],
  failures: readonly string[],
  isTaken: boolean,
  isWhole: boolean,
): Promise<void> {
  const byPlace = Map.groupBy(past, ({ key }) => key.locationId);
  await database.transaction(async (tx) => {
    for (const { key, isOpen } of isWhole ? await listAlertsOfType(tx, EXPIRED_STOCK) : []) {
      if (isOpen && !byPlace.has(key.slice(EXPIRED_STOCK.length + 1))) await settleAlert(tx, key);
    }
    for (const [locationId, some] of byPlace) {
      const units = some.reduce((sum, { lot }) => sum + lot.left, 0);
      const examples = some
        .slice(0, 5)
        .map(({ key, lot }) => `${key.productId} lot ${lot.lotCode}: ${lot.left}`);
      await openAlert(tx, {
        key: `${EXPIRED_STOCK}:${locationId}`,
        type: EXPIRED_STOCK,
        level: 'warning',
        title: `Goods past their last day at ${locationId}`,
        message:
          `${units} units of ${some.length} lots ${isTaken ? 'left stock as expired' : 'are still in stock: write them off'}. ${examples.join('; ')}`.slice(
            0,
            1000,
          ),
      });
    }
    const troubles = [...(isWhole ? [] : ['there was no time for all of them']), ...failures];
    if (troubles.length === 0) return await settleAlert(tx, LOTS_FAILED);
    await openAlert(tx, {
      key: LOTS_FAILED,
      type: LOTS_FAILED,
      level: 'warning',
      title: 'Not all lots could be looked at',
      message: troubles.join('; ').slice(0, 1000),
    });
  });
}
