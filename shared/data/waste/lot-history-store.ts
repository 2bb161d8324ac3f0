import * as z from 'zod';
import { addDays } from '../../core/calendar/add-days.ts';
import { fitsOpening, type LotsLeft, type StockFlow } from '../../core/inventory/waste/fefo.ts';
import { KEY_COLUMNS, keysJson, type SeriesKey } from '../forecasts/series-store.ts';
import { flagColumn, jsonColumn } from '../sql/columns.ts';
import { date, json, type Statements } from '../sql/database.ts';
import type { StockLot } from './series-lots-store.ts';

/** What the lots of a series are folded from. */
export interface LotHistory {
  readonly key: SeriesKey;
  readonly lots: readonly Omit<StockLot, 'left'>[];
  readonly flows: readonly StockFlow[];
  /** What was left at the end of that day; flows are later. */
  readonly opening: (LotsLeft & { readonly throughDay: string }) | undefined;
}

/** Lots and flows of those series that have lots: from the opening of a series where it holds, else from its first movement. */
export async function readLotHistories(db: Statements, keys: readonly SeriesKey[]): Promise<LotHistory[]> {
  const { found, stale } = await readHistories(db, keys, 'open');
  if (stale.length === 0) return found;
  return [...found, ...(await readHistories(db, stale, 'all')).found];
}

/** Whether an opening is as if all had been folded: nothing since is of before, or of a lot that was gone. */
function isSound({ lots, flows, opening }: LotHistory): boolean {
  if (!opening) return true;
  const known = new Set(lots.map(({ lotId }) => lotId));
  return (
    flows.every(({ day, lotId }) => day > opening.throughDay && (lotId === null || known.has(lotId))) &&
    fitsOpening(opening, flows)
  );
}

/** Lots to read: those that are not gone, from the opening on, or all that ever were, from the beginning. */
type Extent = 'open' | 'all';

/** Keys of one look for lots: most series have none. */
const KEYS_PER_LOOK = 2_000;

async function readHistories(
  db: Statements,
  keys: readonly SeriesKey[],
  extent: Extent,
): Promise<{ readonly found: LotHistory[]; readonly stale: SeriesKey[] }> {
  const found: LotHistory[] = [];
  const stale: SeriesKey[] = [];
  for (let at = 0; at < keys.length; at += KEYS_PER_LOOK) {
    const series = await lookForLots(db, keys.slice(at, at + KEYS_PER_LOOK), extent);
    stale.push(...series.filter(({ opening }) => opening === 'stale').map(({ key }) => key));
    for (const some of pagesOf(series.filter(hasNoStaleOpening))) {
      const lots = await readLots(db, some, extent);
      const flows = await readFlows(db, some);
      for (const [i, { key, opening }] of some.entries()) {
        const own = lots.get(i) ?? [];
        const left = new Map(own.map(({ lotId, openingUnits }) => [lotId, openingUnits]));
        const history = {
          key,
          lots: own.map(({ openingUnits: _, ...lot }) => lot),
          flows: flows.get(i) ?? [],
          opening: opening && { ...opening, left },
        };
        if (isSound(history)) found.push(history);
        else stale.push(key);
      }
    }
  }
  return { found, stale };
}

const LookRow = z.object({
  n: z.int(),
  lots: z.int(),
  first_day: z.iso.date(),
  through_day: z.iso.date().nullable(),
  unlotted: z.int().nullable(),
  is_sound: flagColumn,
});

interface WithLots {
  readonly key: SeriesKey;
  readonly lots: number;
  /** Of its first lot: what moved before is of none. */
  readonly firstDay: string;
  readonly opening: { readonly throughDay: string; readonly unlotted: number } | undefined;
}

type Looked = Omit<WithLots, 'opening'> & { readonly opening: WithLots['opening'] | 'stale' };
const hasNoStaleOpening = (series: Looked): series is WithLots => series.opening !== 'stale';

/** Which of the series have lots; an opening counts while no movement has come that is of before its end. */
async function lookForLots(db: Statements, keys: readonly SeriesKey[], extent: Extent): Promise<Looked[]> {
  const rows = await db.select(
    LookRow,
    `SELECT x.n, x.lots, x.first_day, o.through_day, o.unlotted,
            CASE WHEN o.movements = (SELECT COUNT(*)
                                       FROM inventory_log l FORCE INDEX (inventory_log_position)
                                      WHERE l.product_id = o.product_id AND l.warehouse = o.location_id
                                        AND l.date < DATE_ADD(o.through_day, INTERVAL 1 DAY))
                 THEN 1 ELSE 0 END AS is_sound
       FROM (SELECT STRAIGHT_JOIN k.n, k.product_id, k.location_id, COUNT(*) AS lots, MIN(l.received_date) AS first_day
               FROM JSON_TABLE(:keys, '$[*]' COLUMNS (n FOR ORDINALITY, ${KEY_COLUMNS})) AS k
               ${lotsJoined(extent)}
              GROUP BY k.n, k.product_id, k.location_id) AS x
       LEFT JOIN lot_opening o
         ON o.product_id = x.product_id AND o.location_id = x.location_id AND ${extent === 'open' ? 1 : 0} = 1
      ORDER BY x.n`,
    { keys: keysJson(keys) },
  );
  return rows.map((row) => ({
    key: keys[row.n - 1]!,
    lots: row.lots,
    firstDay: row.first_day,
    opening: row.through_day === null ? undefined : openingOf(row.through_day, row),
  }));
}

const openingOf = (throughDay: string, { is_sound, unlotted }: z.infer<typeof LookRow>): Looked['opening'] =>
  is_sound ? { throughDay, unlotted: unlotted ?? 0 } : 'stale';

/** `stock_lot l` of a row `k`: all, or by an index that passes those by that are gone. */
const lotsJoined = (extent: Extent): string =>
  `JOIN stock_lot l FORCE INDEX (${extent === 'all' ? 'stock_lot_code' : 'stock_lot_open'})
                 ON l.product_id = k.product_id AND l.location_id = k.location_id${extent === 'all' ? '' : ' AND l.is_gone = 0'}`;

/** Lots of one answer of the database, which holds 1 MiB, and series whose movements one statement reads. */
const LOTS_PER_READ = 2_000;
const SERIES_PER_READ = 40;

function pagesOf(series: readonly WithLots[]): WithLots[][] {
  const pages: WithLots[][] = [];
  let lots = 0;
  for (const one of series) {
    const page = pages.at(-1);
    lots += one.lots;
    if (page && page.length < SERIES_PER_READ && lots <= LOTS_PER_READ) page.push(one);
    else {
      pages.push([one]);
      lots = one.lots;
    }
  }
  return pages;
}

// in one cell: the Data API takes longer for cells than the database for what is in them
const LotRow = z
  .object({
    lot: jsonColumn(
      z.tuple([
        z.int(),
        z.int(),
        z.string(),
        z.iso.date().nullable(),
        z.iso.date(),
        z.string().nullable(),
        z.int(),
      ]),
    ),
  })
  .transform(({ lot: [n, lotId, lotCode, expiryDate, receivedDate, unitCost, openingUnits] }) => ({
    n,
    lot: { lotId, lotCode, expiryDate, receivedDate, unitCost, openingUnits },
  }));
type KnownLot = Omit<StockLot, 'left'> & { readonly openingUnits: number };

/** Answers of one page of series: two million lots. */
const MOST_ANSWERS = 1_000;

/** The lots of each series, by its place in the list. */
async function readLots(
  db: Statements,
  series: readonly WithLots[],
  extent: Extent,
): Promise<Map<number, KnownLot[]>> {
  const found = new Map<number, KnownLot[]>();
  let after = { n: 1, lotId: 0 };
  for (let answer = 0; answer < MOST_ANSWERS; answer++) {
    const rows = await db.select(
      LotRow,
      `SELECT STRAIGHT_JOIN JSON_ARRAY(k.n, l.lot_id, l.lot_code, l.expiry_date, l.received_date,
                                       CAST(l.unit_cost AS CHAR), l.opening_units) AS lot
         FROM JSON_TABLE(:keys, '$[*]' COLUMNS (n FOR ORDINALITY, ${KEY_COLUMNS})) AS k
         ${lotsJoined(extent)}
        WHERE k.n > :n OR k.n = :n AND l.lot_id > :lotId
        ORDER BY k.n, l.lot_id
        LIMIT ${LOTS_PER_READ}`,
      { keys: keysJson(series.map(({ key }) => key)), ...after },
    );
    for (const { n, lot } of rows) {
      const own = found.get(n - 1) ?? [];
      own.push(lot);
      found.set(n - 1, own);
    }
    const last = rows.at(-1);
    if (rows.length < LOTS_PER_READ || !last) return found;
    after = { n: last.n, lotId: last.lot.lotId };
  }
  throw new RangeError(`more than ${MOST_ANSWERS * LOTS_PER_READ} lots of ${series.length} series`);
}

const FlowsRow = z.object({
  n: z.int(),
  flows: jsonColumn(z.array(z.tuple([z.iso.date(), z.int(), z.int().nullable(), z.int()]))).transform((all) =>
    all
      .map(([day, quantity, lotId, expiry]): StockFlow => ({ day, quantity, lotId, isExpiry: expiry === 1 }))
      .sort((a, b) => (a.day < b.day ? -1 : a.day > b.day ? 1 : (a.lotId ?? 0) - (b.lotId ?? 0))),
  ),
});

/** Flows of one answer, up to 32 bytes each; fewer than that many are of one day. And of one row of it, which holds 64 KB. */
const FLOWS_PER_READ = 20_000;
const FLOWS_PER_ROW = 1_000;

const BEFORE_ALL = '1001-01-01';

/** What moved of each series after its opening, day by day, by its place in the list. */
async function readFlows(db: Statements, series: readonly WithLots[]): Promise<Map<number, StockFlow[]>> {
  const found = new Map<number, StockFlow[]>();
  const keys = json(
    series.map(({ key, firstDay, opening }) => [
      key.productId,
      key.locationId,
      opening ? BEFORE_ALL : firstDay,
      opening ? addDays(opening.throughDay, 1) : BEFORE_ALL,
    ]),
  );
  // The days of an answer that was cut off are read again from its last on.
  let from = { n: 1, day: '1000-01-01' };
  for (let answer = 0; answer < MOST_ANSWERS; answer++) {
    const answers = await db.select(FlowsRow, FLOWS, { keys, n: from.n, day: date(from.day) });
    const rows = answers.flatMap(({ n, flows }) => flows.map((flow) => ({ n, flow })));
    const last = rows.at(-1);
    const isWhole = rows.length < FLOWS_PER_READ || !last;
    for (const { n, flow } of rows) {
      if (!isWhole && n === last.n && flow.day === last.flow.day) break;
      const own = found.get(n - 1) ?? [];
      own.push(flow);
      found.set(n - 1, own);
    }
    if (isWhole) return found;
    if (last.n === from.n && last.flow.day === from.day)
      throw new RangeError(`more than ${FLOWS_PER_READ} lots moved on ${from.day}`);
    from = { n: last.n, day: last.flow.day };
  }
  throw new RangeError(`more than ${MOST_ANSWERS * FLOWS_PER_READ} movements of ${series.length} series`);
}

// All that moved before the first lot came is one flow: it is of no lot. What takes a movement back is booked on its day
// and for its lot, so that together they are nothing; a movement that was brought back is the second in its chain.
const FLOWS = `SELECT x.n, JSON_ARRAYAGG(JSON_ARRAY(x.flow_day, x.quantity, x.flow_lot, x.is_expiry)) AS flows
  FROM (SELECT y.*, FLOOR(ROW_NUMBER() OVER (ORDER BY y.n, y.flow_day) / ${FLOWS_PER_ROW}) AS part
          FROM (SELECT STRAIGHT_JOIN k.n,
                      GREATEST(DATE(COALESCE(q.date, r.date, l.date)), DATE_SUB(k.first_day, INTERVAL 1 DAY)) AS flow_day,
                      COALESCE(mq.lot_id, mr.lot_id, m.lot_id) AS flow_lot,
                      CASE WHEN COALESCE(q.change_type, r.change_type, l.change_type) = 'expiry' THEN 1 ELSE 0 END AS is_expiry,
                      CASE WHEN DATE(COALESCE(q.date, r.date, l.date)) < k.first_day
                             OR COALESCE(q.quantity_change, r.quantity_change, l.quantity_change) > 0
                           THEN 1 ELSE 0 END AS is_coming,
                      CAST(SUM(l.quantity_change) AS SIGNED) AS quantity
                 FROM JSON_TABLE(:keys, '$[*]' COLUMNS (n FOR ORDINALITY, ${KEY_COLUMNS},
                        first_day DATE PATH '$[2]', from_day DATE PATH '$[3]')) AS k
                 JOIN inventory_log l FORCE INDEX (inventory_log_position)
                   ON l.product_id = k.product_id AND l.warehouse = k.location_id AND l.date >= k.from_day
                 LEFT JOIN inventory_log r ON r.log_id = l.reverses_log_id
                 LEFT JOIN inventory_log q ON q.log_id = r.reverses_log_id
                 LEFT JOIN lot_movement m ON m.log_id = l.log_id
                 LEFT JOIN lot_movement mr ON mr.log_id = r.log_id
                 LEFT JOIN lot_movement mq ON mq.log_id = q.log_id
                WHERE k.n >= :n
                GROUP BY k.n, flow_day, flow_lot, is_expiry, is_coming
               HAVING quantity <> 0 AND (k.n > :n OR flow_day >= :day)
                ORDER BY k.n, flow_day, flow_lot, is_expiry, is_coming
                LIMIT ${FLOWS_PER_READ}) AS y) AS x
 GROUP BY x.n, x.part
 ORDER BY x.n, x.part`;
