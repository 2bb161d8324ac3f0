import * as z from 'zod';
import { addDays } from '../core/calendar/add-days.ts';
import { fefo, type StockFlow } from '../core/inventory/waste/fefo.ts';
import type { LotLeft } from '../core/inventory/waste/unsellable.ts';
import { jsonColumn } from './columns.ts';
import { date, json, type Statements } from './database.ts';
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
