import * as z from 'zod';
import { Fault } from '../contracts/fault.ts';
import { addDays } from '../core/calendar/add-days.ts';
import { fefo, type StockFlow } from '../core/inventory/waste/fefo.ts';
import { type LotLeft, type Unsellable, unsellable } from '../core/inventory/waste/unsellable.ts';
import { jsonColumn } from './columns.ts';
import { date, json, type Statements } from './database.ts';
import { readExpectedDemand } from './expected-demand-store.ts';
import { jsonChunks } from './json-chunks.ts';
import { KEY_COLUMNS, keysJson, type SeriesKey, seriesName } from './series-store.ts';

/** A lot of one product at one location, and what is left of it. */
export interface StockLot extends LotLeft {
  readonly lotCode: string;
  readonly unitCost: string | null;
}

/** What is on hand of a series, lot by lot: the sum of the lots' `left` and `unlotted`, always. */
export interface SeriesLots {
  readonly onHand: number;
  readonly lots: readonly StockLot[];
  readonly unlotted: number;
}

/** Series whose lots one statement reads: some thousand days of movements each fit into the answer. */
const SERIES_PER_READ = 20;
/** Lots of one series that are looked at; more than fit on a shelf. */
const MOST_LOTS = 2_000;

const LotRow = z.object({
  product_id: z.string(),
  location_id: z.string(),
  lots: jsonColumn(
    z
      .array(
        z.tuple([
          z.int(),
          z.string(),
          z.iso.date().nullable(),
          z.iso.date(),
          z.union([z.string(), z.number()]).nullable(),
        ]),
      )
      .max(MOST_LOTS),
  ),
});

const FlowRow = z.object({
  n: z.int(),
  /** Days before the day asked about, units, lot, whether expired. */
  flows: jsonColumn(z.array(z.tuple([z.int(), z.int(), z.int().nullable(), z.int()]))),
});

/**
 * What is left of the lots of those series that have any, by `seriesName`: all movements that are recorded, as in the
 * stock itself, first expired, first out. A movement that was taken back counts as if it had not been.
 */
export async function readSeriesLots(
  db: Statements,
  keys: readonly SeriesKey[],
  asOf: string,
): Promise<Map<string, SeriesLots>> {
  const found = new Map<string, SeriesLots>();
  for (const some of await keysWithLots(db, keys)) {
    const flows = await readFlows(db, some, asOf);
    for (const [i, { key, lots }] of some.entries()) {
      const own = flows.get(i + 1) ?? [];
      const { left, unlotted } = fefo(lots, own);
      found.set(seriesName(key), {
        onHand: own.reduce((sum, flow) => sum + flow.quantity, 0),
        lots: lots.map((lot) => ({ ...lot, left: left.get(lot.lotId)! })),
        unlotted,
      });
    }
  }
  return found;
}

type Lots = readonly Omit<StockLot, 'left'>[];

/** Keys of one look for lots: most series have none. */
const KEYS_PER_LOOK = 2_000;

async function keysWithLots(
  db: Statements,
  keys: readonly SeriesKey[],
): Promise<{ readonly key: SeriesKey; readonly lots: Lots }[][]> {
  const all: { key: SeriesKey; lots: Lots }[] = [];
  for (let at = 0; at < keys.length; at += KEYS_PER_LOOK) {
    const rows = await db.select(
      LotRow,
      `SELECT STRAIGHT_JOIN k.product_id, k.location_id,
              JSON_ARRAYAGG(JSON_ARRAY(l.lot_id, l.lot_code, CAST(l.expiry_date AS CHAR),
                                       CAST(l.received_date AS CHAR), CAST(l.unit_cost AS CHAR))) AS lots
         FROM JSON_TABLE(:keys, '$[*]' COLUMNS (${KEY_COLUMNS})) AS k
         JOIN stock_lot l FORCE INDEX (stock_lot_code)
           ON l.product_id = k.product_id AND l.location_id = k.location_id
        GROUP BY k.product_id, k.location_id`,
      { keys: keysJson(keys.slice(at, at + KEYS_PER_LOOK)) },
    );
    for (const row of rows)
      all.push({
        key: { productId: row.product_id, locationId: row.location_id },
        lots: row.lots.map(([lotId, lotCode, expiryDate, receivedDate, unitCost]) => ({
          lotId,
          lotCode,
          expiryDate,
          receivedDate,
          unitCost: unitCost === null ? null : String(unitCost),
        })),
      });
  }
  const pages: (typeof all)[] = [];
  for (let at = 0; at < all.length; at += SERIES_PER_READ) pages.push(all.slice(at, at + SERIES_PER_READ));
  return pages;
}

/** Days of movements of each series, by its place in the list from 1 on. */
async function readFlows(
  db: Statements,
  series: readonly { readonly key: SeriesKey; readonly lots: Lots }[],
  asOf: string,
): Promise<Map<number, StockFlow[]>> {
  const keys = series.map(({ key, lots }) => [
    key.productId,
    key.locationId,
    lots.reduce((first, lot) => (lot.receivedDate < first ? lot.receivedDate : first), asOf),
  ]);
  // All that moved before the first lot came is one flow: it is of no lot. What takes a movement back is booked on its day and for its lot, so that together they are nothing; a movement that
  // was brought back is the second in its chain.
  const rows = await db.select(
    FlowRow,
    `SELECT x.n, JSON_ARRAYAGG(JSON_ARRAY(DATEDIFF(:asOf, x.flow_day), x.quantity, x.flow_lot, x.is_expiry)) AS flows
       FROM (SELECT STRAIGHT_JOIN k.n,
                    GREATEST(DATE(COALESCE(q.date, r.date, l.date)), DATE_SUB(k.first_day, INTERVAL 1 DAY)) AS flow_day,
                    COALESCE(mq.lot_id, mr.lot_id, m.lot_id) AS flow_lot,
                    CASE WHEN COALESCE(q.change_type, r.change_type, l.change_type) = 'expiry' THEN 1 ELSE 0 END AS is_expiry,
                    CASE WHEN DATE(COALESCE(q.date, r.date, l.date)) < k.first_day
                           OR COALESCE(q.quantity_change, r.quantity_change, l.quantity_change) > 0
                         THEN 1 ELSE 0 END AS is_coming,
                    CAST(SUM(l.quantity_change) AS SIGNED) AS quantity
               FROM JSON_TABLE(:keys, '$[*]' COLUMNS (n FOR ORDINALITY, ${KEY_COLUMNS}, first_day DATE PATH '$[2]')) AS k
               JOIN inventory_log l FORCE INDEX (inventory_log_position)
                 ON l.product_id = k.product_id AND l.warehouse = k.location_id
               LEFT JOIN inventory_log r ON r.log_id = l.reverses_log_id
               LEFT JOIN inventory_log q ON q.log_id = r.reverses_log_id
               LEFT JOIN lot_movement m ON m.log_id = l.log_id
               LEFT JOIN lot_movement mr ON mr.log_id = r.log_id
               LEFT JOIN lot_movement mq ON mq.log_id = q.log_id
              GROUP BY k.n, flow_day, flow_lot, is_expiry, is_coming) AS x
      WHERE x.quantity <> 0
      GROUP BY x.n`,
    { keys: json(keys), asOf: date(asOf) },
  );
  return new Map(
    rows.map(({ n, flows }) => [
      n,
      flows.map(([age, quantity, lotId, isExpiry]) => ({
        day: addDays(asOf, -age),
        quantity,
        lotId,
        isExpiry: isExpiry === 1,
      })),
    ]),
  );
}

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
  const lots = await readSeriesLots(db, keys, asOf);
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
  for (const chunk of jsonChunks(rows)) {
    await tx.write(
      `INSERT IGNORE INTO stock_lot (product_id, location_id, lot_code, expiry_date, received_date, unit_cost, created_by)
       SELECT STRAIGHT_JOIN l.product_id, l.warehouse, j.lot_code, j.expiry_date, DATE(l.date), j.unit_cost, :actor
         FROM ${LINES}
        ORDER BY l.product_id, l.warehouse, j.lot_code`,
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
  for (const chunk of jsonChunks(movements.map(({ movementKey, lotId }) => [movementKey, lotId])))
    await tx.write(
      `INSERT INTO lot_movement (log_id, lot_id)
       SELECT STRAIGHT_JOIN l.log_id, j.lot_id
         FROM JSON_TABLE(:rows, '$[*]' COLUMNS (
                movement_key VARCHAR(160) PATH '$[0]',
                lot_id       BIGINT       PATH '$[1]')) AS j
         JOIN inventory_log l FORCE INDEX (inventory_log_movement_key) ON l.movement_key = j.movement_key`,
      { rows: chunk },
    );
}

/** Lots past their day where any stock is left, by their number, after that one: a page of them. */
export async function listPastLots(
  db: Statements,
  asOf: string,
  after: number,
  limit: number,
): Promise<LotKey[]> {
  return await db.select(
    LotKey,
    `SELECT l.lot_id, l.product_id, l.location_id, l.lot_code, l.expiry_date
       FROM stock_lot l
       JOIN stock s ON s.product_id = l.product_id AND s.location_id = l.location_id AND s.stock_level > 0
      WHERE l.expiry_date < :asOf AND l.lot_id > :after
      ORDER BY l.lot_id
      LIMIT :limit`,
    { asOf: date(asOf), after, limit },
  );
}
