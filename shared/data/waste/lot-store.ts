import * as z from 'zod';
import { Fault } from '../../contracts/fault.ts';
import { addDays } from '../../core/calendar/add-days.ts';
import { type Unsellable, unsellable } from '../../core/inventory/waste/unsellable.ts';
import { readExpectedDemand } from '../demand/expected-demand-store.ts';
import { KEY_COLUMNS, type SeriesKey, seriesName } from '../forecasts/series-store.ts';
import { json, type Statements } from '../sql/database.ts';
import { jsonChunks } from '../sql/json-chunks.ts';
import { readSeriesLots } from './series-lots-store.ts';

/** Units that will expire before anybody buys them, in whole units, the first to expire first. */
export type ExpiringUnits = readonly Pick<Unsellable, 'expiryDate' | 'quantity'>[];

/** Days that a plan forecasts: what is good for longer is not taken for lost. */
const FORESEEN_DAYS = 91;

/**
 * What of each series' stock will expire unsold in the days that a plan foresees, when demand comes as the newest one
 * expects, by `seriesName`; series without lots, or that will sell all of them in time, are not there. Whoever plans
 * counts these units as not there.
 */
export async function expiringUnits(
  db: Statements,
  keys: readonly SeriesKey[],
  asOf: string,
  withinDays = FORESEEN_DAYS,
): Promise<Map<string, ExpiringUnits>> {
  const lots = await readSeriesLots(db, keys);
  if (lots.size === 0) return new Map();
  const demand = await readExpectedDemand(
    db,
    keys.filter((key) => lots.has(seriesName(key))),
    asOf,
  );
  const expiring = new Map<string, ExpiringUnits>();
  for (const [name, series] of lots) {
    const last = addDays(asOf, withinDays);
    const wasted = unsellable(series.lots, demand.get(name)?.perDay ?? 0, asOf);
    const units = wholeUnits(wasted.filter(({ expiryDate }) => expiryDate <= last));
    if (units.length > 0) expiring.set(name, units);
  }
  return expiring;
}

/** Rounded as they add up, so that the sum is off by less than a half however many lots there are. */
function wholeUnits(all: readonly Unsellable[]): Pick<Unsellable, 'expiryDate' | 'quantity'>[] {
  let exact = 0;
  let told = 0;
  const units = [];
  for (const { expiryDate, quantity } of all) {
    exact += quantity;
    const whole = Math.round(exact) - told;
    told += whole;
    if (whole > 0) units.push({ expiryDate, quantity: whole });
  }
  return units;
}

/** A movement that brings goods of a lot, or takes some of it by name. */
export interface LotLine {
  /** Of a movement that is booked in the same transaction. */
  readonly movementKey: string;
  /** Left out: named by its last day. */
  readonly lotCode: string | null;
  /** The last day on which it may be sold; null when it keeps. */
  readonly expiryDate: string | null;
  readonly unitCost?: string | null;
}

const Known = z.object({
  product_id: z.string(),
  location_id: z.string(),
  lot_code: z.string(),
  expiry_date: z.iso.date().nullable(),
  told: z.iso.date().nullable(),
});

/**
 * Says of movements that were booked in this transaction which lot they are of, making lots that are new; lines without
 * code and day are left out, and a movement that has a lot keeps it. Fault `conflict` for a lot that is known to expire
 * on another day.
 */
export async function recordLots(tx: Statements, lines: readonly LotLine[], actor: string): Promise<void> {
  const rows = lines
    .filter((line) => line.lotCode !== null || line.expiryDate !== null)
    .map((line) => [
      line.movementKey,
      line.lotCode ?? `until ${line.expiryDate}`,
      line.expiryDate,
      line.unitCost ?? null,
    ]);
  // Of a lot that is new, whoever tells its last day is first: another line may name it by its code alone.
  rows.sort(([, , a], [, , b]) => Number(a === null) - Number(b === null));
  for (const chunk of jsonChunks(rows)) {
    await tx.write(
      `INSERT IGNORE INTO stock_lot (product_id, location_id, lot_code, expiry_date, received_date, unit_cost, created_by)
       SELECT STRAIGHT_JOIN l.product_id, l.warehouse, j.lot_code, j.expiry_date, DATE(l.date), j.unit_cost, :actor
         FROM ${LINES}
        ORDER BY l.product_id, l.warehouse, j.lot_code, j.expiry_date IS NULL, j.expiry_date`,
      { rows: chunk, actor },
    );
    const [other] = await tx.select(
      Known,
      `SELECT STRAIGHT_JOIN l.product_id, l.warehouse AS location_id, j.lot_code, s.expiry_date, j.expiry_date AS told
         FROM ${LINES}
         JOIN stock_lot s FORCE INDEX (stock_lot_code) ON ${SAME_LOT}
        WHERE j.expiry_date IS NOT NULL AND NOT s.expiry_date <=> j.expiry_date
        LIMIT 1
         LOCK IN SHARE MODE`,
      { rows: chunk },
    );
    if (other)
      throw new Fault(
        'conflict',
        `Lot ${other.lot_code} of ${other.product_id} ${other.expiry_date === null ? 'keeps' : `is good until ${other.expiry_date}`}, not until ${other.told}`,
      );
    await tx.write(
      `INSERT IGNORE INTO lot_movement (log_id, lot_id)
       SELECT STRAIGHT_JOIN l.log_id, s.lot_id
         FROM ${LINES}
         JOIN stock_lot s FORCE INDEX (stock_lot_code) ON ${SAME_LOT}`,
      { rows: chunk },
    );
    await tx.write(
      `UPDATE stock_lot s
         JOIN (SELECT STRAIGHT_JOIN l.product_id, l.warehouse, j.lot_code FROM ${LINES}) AS l
           ON s.product_id = l.product_id AND s.location_id = l.warehouse AND s.lot_code = l.lot_code
          SET s.is_gone = 0
        WHERE s.is_gone = 1`,
      { rows: chunk },
    );
  }
}

/** A lot as somebody names it. */
export interface NamedLot extends SeriesKey {
  readonly lotCode: string | null;
  readonly expiryDate: string | null;
}

const Expiry = z.object({ n: z.int(), expiry_date: z.iso.date().nullable() });

/** Which of these lots, by their place, are said to expire on another day than is known, or than one before says. */
export async function findLotConflicts(
  tx: Statements,
  named: readonly NamedLot[],
): Promise<ReadonlySet<number>> {
  const wrong = new Set<number>();
  const told = new Map<string, string>();
  const rows: unknown[][] = [];
  for (const [i, { productId, locationId, lotCode, expiryDate }] of named.entries()) {
    if (lotCode === null || expiryDate === null) continue;
    const lot = JSON.stringify([productId, locationId, lotCode]);
    if ((told.get(lot) ?? expiryDate) !== expiryDate) wrong.add(i);
    else told.set(lot, expiryDate);
    rows.push([productId, locationId, lotCode, i]);
  }
  for (const chunk of jsonChunks(rows)) {
    const known = await tx.select(
      Expiry,
      `SELECT STRAIGHT_JOIN j.n, s.expiry_date
         FROM JSON_TABLE(:rows, '$[*]' COLUMNS (${KEY_COLUMNS},
                lot_code VARCHAR(64) PATH '$[2]',
                n        INT         PATH '$[3]')) AS j
         JOIN stock_lot s FORCE INDEX (stock_lot_code)
           ON s.product_id = j.product_id AND s.location_id = j.location_id AND s.lot_code = j.lot_code
         LOCK IN SHARE MODE`,
      { rows: chunk },
    );
    for (const { n, expiry_date } of known) if (expiry_date !== named[n]!.expiryDate) wrong.add(n);
  }
  return wrong;
}

const LINES = `JSON_TABLE(:rows, '$[*]' COLUMNS (
                movement_key VARCHAR(160)   PATH '$[0]',
                lot_code     VARCHAR(64)    PATH '$[1]',
                expiry_date  DATE           PATH '$[2]',
                unit_cost    DECIMAL(12, 4) PATH '$[3]')) AS j
         JOIN inventory_log l FORCE INDEX (inventory_log_movement_key) ON l.movement_key = j.movement_key`;
const SAME_LOT = `s.product_id = l.product_id AND s.location_id = l.warehouse AND s.lot_code = j.lot_code`;

const LotKey = z
  .object({
    lot_id: z.int(),
    product_id: z.string(),
    location_id: z.string(),
    lot_code: z.string(),
    expiry_date: z.iso.date().nullable(),
  })
  .transform((row) => ({
    lotId: row.lot_id,
    productId: row.product_id,
    locationId: row.location_id,
    lotCode: row.lot_code,
    expiryDate: row.expiry_date,
  }));
export type LotKey = z.infer<typeof LotKey>;

/** Where a lot lies and what it is; for a transaction that will hold its stock. */
export async function findLot(tx: Statements, lotId: number): Promise<LotKey | undefined> {
  const [row] = await tx.select(
    LotKey,
    `SELECT lot_id, product_id, location_id, lot_code, expiry_date
       FROM stock_lot
      WHERE lot_id = :lotId
       LOCK IN SHARE MODE`,
    { lotId },
  );
  return row;
}

/** The lot of that code of one product at one location. */
export async function findLotByCode(
  db: Statements,
  { productId, locationId }: SeriesKey,
  lotCode: string,
): Promise<LotKey | undefined> {
  const [row] = await db.select(
    LotKey,
    `SELECT lot_id, product_id, location_id, lot_code, expiry_date
       FROM stock_lot
      WHERE product_id = :productId AND location_id = :locationId AND lot_code = :lotCode`,
    { productId, locationId, lotCode },
  );
  return row;
}

/** Says of movements that were booked in this transaction which lot, that is known, they take from. */
export async function nameLot(
  tx: Statements,
  movements: readonly { readonly movementKey: string; readonly lotId: number }[],
): Promise<void> {
  for (const chunk of jsonChunks(movements.map(({ movementKey, lotId }) => [movementKey, lotId]))) {
    await tx.write(
      `INSERT INTO lot_movement (log_id, lot_id)
       SELECT STRAIGHT_JOIN l.log_id, j.lot_id
         FROM JSON_TABLE(:rows, '$[*]' COLUMNS (
                movement_key VARCHAR(160) PATH '$[0]',
                lot_id       BIGINT       PATH '$[1]')) AS j
         JOIN inventory_log l FORCE INDEX (inventory_log_movement_key) ON l.movement_key = j.movement_key`,
      { rows: chunk },
    );
    await tx.write(
      `UPDATE stock_lot s
         JOIN JSON_TABLE(:rows, '$[*]' COLUMNS (lot_id BIGINT PATH '$[1]')) AS j ON j.lot_id = s.lot_id
          SET s.is_gone = 0
        WHERE s.is_gone = 1`,
      { rows: chunk },
    );
  }
}

const NamedRow = z.object({ lot_id: z.int(), movements: z.int() });

/** How many movements name each of these lots; it grows under the lock of their stock. */
export async function countNamed(
  db: Statements,
  lotIds: readonly number[],
): Promise<ReadonlyMap<number, number>> {
  const named = new Map<number, number>();
  for (let at = 0; at < lotIds.length; at += LOTS_PER_COUNT) {
    const rows = await db.select(
      NamedRow,
      `SELECT STRAIGHT_JOIN m.lot_id, COUNT(*) AS movements
         FROM JSON_TABLE(:ids, '$[*]' COLUMNS (lot_id BIGINT PATH '$')) AS j
         JOIN lot_movement m FORCE INDEX (lot_movement_lot) ON m.lot_id = j.lot_id
        GROUP BY m.lot_id`,
      { ids: json(lotIds.slice(at, at + LOTS_PER_COUNT)) },
    );
    for (const row of rows) named.set(row.lot_id, row.movements);
  }
  return named;
}

const LOTS_PER_COUNT = 10_000;
