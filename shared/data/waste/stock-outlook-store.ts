import * as z from 'zod';
import { addDays, daysBetween } from '../../core/calendar/add-days.ts';
import { type RatePrior, ratePrior, type SalesRecord } from '../../core/inventory/waste/dead-stock.ts';
import { judgeStock, type StockFacts, type StockJudgement } from '../../core/inventory/waste/judge-stock.ts';
import { unsellable } from '../../core/inventory/waste/unsellable.ts';
import { type ExpectedDemand, readExpectedDemand } from '../demand/expected-demand-store.ts';
import { KEY_COLUMNS, keysJson, type SeriesKey, seriesName } from '../forecasts/series-store.ts';
import { readPositions } from '../ledger/position-store.ts';
import { readStockouts, type Stockout } from '../ledger/stockout-store.ts';
import { date, json, type Param, type Statements } from '../sql/database.ts';
import { type Turns, takeTurns } from '../sql/take-turns.ts';
import { readSeriesLots, type SeriesLots } from './series-lots-store.ts';
import type { WasteSettings } from './waste-settings.ts';

/** Stock of one product at one location, what is known of it and what it is. */
export interface StockOutlook extends SeriesKey {
  readonly productName: string;
  readonly category: string | null;
  readonly brand: string | null;
  /** Money as the database writes it; null when nobody knows. */
  readonly unitPrice: string | null;
  readonly unitCost: string | null;
  /** First day that anything is known of. */
  readonly firstDay: string;
  readonly lastSale: string | null;
  readonly unitsSold: number;
  readonly facts: StockFacts;
  readonly expected: ExpectedDemand;
  readonly lots: SeriesLots | undefined;
  readonly judgement: StockJudgement;
}

/** Which stock is asked about; by which rates it is judged, where somebody has read them before. */
export interface OutlookFilter {
  /** Only these series, less than a page of them. */
  readonly keys?: readonly SeriesKey[];
  readonly rates?: RatePriors;
  readonly productId?: string | undefined;
  readonly locationId?: string | undefined;
  readonly category?: string | undefined;
}

/** Positions of one statement, and pages that may wait for their turn: two million positions. */
const PAGE = 2_000;
const MAX_PAGES = 1_000;
/** Pages that are learnt about together. */
const PAGES_AT_ONCE = 4;
/** Items of a category from which its rates are learnt; with fewer all items together tell. */
const LEAST_ITEMS = 20;
/** Stockouts are looked up for items whose silence may be one. */
const SUSPECT = 0.5;
const STOCKOUTS_PER_READ = 250;
const SEASON_DAYS = 91;

const StockRow = z.object({
  product_id: z.string(),
  location_id: z.string(),
  product_name: z.string(),
  category: z.string().nullable(),
  brand: z.string().nullable(),
  unit_price: z.string().nullable(),
  unit_cost: z.string().nullable(),
  on_hand: z.int(),
  first_day: z.iso.date().nullable(),
  draw: z.int(),
});
type StockRow = z.infer<typeof StockRow>;

const SalesRow = z.object({
  n: z.int(),
  sale_days: z.int(),
  first_sale: z.iso.date(),
  last_sale: z.iso.date(),
  units: z.coerce.number(),
  recent: z.coerce.number(),
  season: z.coerce.number(),
});
type SalesRow = z.infer<typeof SalesRow>;

/** What items of a category sell like; undefined where nothing of them was ever sold. */
export type RatePriors = (category: string | null) => RatePrior | undefined;

/** The rates of all goods on hand. */
export const readRatePriors = async (db: Statements, asOf: string): Promise<RatePriors> =>
  priorsOf(await readDrawn(db, asOf));

/** The stock of all goods on hand, each judged by the rates of its category. What is not sold to anybody is not there. */
export async function readStockOutlooks(
  db: Statements,
  asOf: string,
  settings: WasteSettings,
  filter: OutlookFilter = {},
): Promise<StockOutlook[]> {
  const found = await readFrom(db, filter, asOf, undefined, takeTurns(PAGES_AT_ONCE, MAX_PAGES));
  const rules = {
    endsPerDay: settings.dead_stock_yearly_rate / 365,
    deadProbability: settings.dead_stock_probability,
    slowPerDay: settings.slow_units_per_day,
    coverDays: settings.excess_cover_days,
  };
  const priors = filter.rates ?? (isWhole(filter) ? priorsOf(drawn(found)) : await readRatePriors(db, asOf));
  const judge = (known: Known) => judgeStock(known.facts, priors(known.row.category), rules);
  const suspects = found.filter((known) => judge(known).probabilityDead >= SUSPECT);
  const counted = await withoutStockouts(db, suspects, asOf);
  return found.map((first) => {
    const known = counted.get(seriesName(keyOf(first.row))) ?? first;
    return {
      ...keyOf(known.row),
      productName: known.row.product_name,
      category: known.row.category,
      brand: known.row.brand,
      unitPrice: known.row.unit_price,
      unitCost: known.row.unit_cost,
      firstDay: known.firstDay,
      lastSale: known.sales?.last_sale ?? null,
      unitsSold: known.sales?.units ?? 0,
      facts: known.facts,
      expected: known.expected,
      lots: known.lots,
      judgement: judge(known),
    };
  });
}

/** The pages of stock from there on: while one is learnt about, the next are read. */
async function readFrom(
  db: Statements,
  filter: OutlookFilter,
  asOf: string,
  after: SeriesKey | undefined,
  inTurn: Turns,
): Promise<Known[]> {
  const rows = await readStock(db, filter, after);
  const last = rows.at(-1);
  if (!last) return [];
  const [own, others] = await Promise.all([
    inTurn(() => learnAbout(db, rows, asOf)),
    rows.length < PAGE ? [] : readFrom(db, filter, asOf, keyOf(last), inTurn),
  ]);
  return own.concat(others);
}

interface Known {
  readonly row: StockRow;
  readonly sales: SalesRow | undefined;
  readonly firstDay: string;
  readonly expected: ExpectedDemand;
  readonly lots: SeriesLots | undefined;
  readonly facts: StockFacts;
}

const keyOf = (row: Pick<StockRow, 'product_id' | 'location_id'>): SeriesKey => ({
  productId: row.product_id,
  locationId: row.location_id,
});

/** First day that the ledger knows of a row `s` of stock. */
const FIRST_DAY = `(SELECT DATE(l.date)
               FROM inventory_log l FORCE INDEX (inventory_log_position)
              WHERE l.product_id = s.product_id AND l.warehouse = s.location_id
              ORDER BY l.date
              LIMIT 1)`;

/** A number by which stock is drawn for comparison: by chance, and always the same. */
const DRAW = `CRC32(CONCAT(s.product_id, '|', s.location_id))`;

/** What a unit costs: what the product says, else its first supplier. `p` = the product. */
export const UNIT_COST = `COALESCE(p.cost, (SELECT i.unit_cost
                              FROM supplier_item i
                             WHERE i.product_id = p.product_id
                             ORDER BY i.priority, i.supplier_id
                             LIMIT 1))`;

async function readStock(
  db: Statements,
  { keys, productId, locationId, category }: OutlookFilter,
  after: SeriesKey | undefined,
): Promise<StockRow[]> {
  const params: Record<string, Param> = keys ? { keys: keysJson(keys) } : {};
  const asked = keys
    ? `JSON_TABLE(:keys, '$[*]' COLUMNS (${KEY_COLUMNS})) AS a
       JOIN stock s FORCE INDEX (PRIMARY) ON s.product_id = a.product_id AND s.location_id = a.location_id`
    : 'stock s FORCE INDEX (PRIMARY)';
  const ask = (condition: string, name: string, value: Param | undefined) => {
    if (value === undefined) return '';
    params[name] = value;
    return `\n        AND ${condition}`;
  };
  return await db.select(
    StockRow,
    // in this order, so that the page ends where it is full
    `SELECT STRAIGHT_JOIN s.product_id, s.location_id, p.product_name, p.category, p.brand, CAST(p.unit_price AS CHAR) AS unit_price,
            CAST(${UNIT_COST} AS CHAR) AS unit_cost, s.stock_level AS on_hand,
            ${FIRST_DAY} AS first_day, ${DRAW} AS draw
       FROM ${asked}
       JOIN products p ON p.product_id = s.product_id AND p.is_service = 0
      WHERE s.stock_level > 0${ask('s.product_id = :productId', 'productId', productId)}${ask(
        's.location_id = :locationId',
        'locationId',
        locationId,
      )}${ask('p.category = :category', 'category', category)}${ask(
        's.product_id >= :afterProduct',
        'afterProduct',
        after?.productId,
      )}${ask(
        '(s.product_id > :afterProduct OR s.location_id > :afterLocation)',
        'afterLocation',
        after?.locationId,
      )}
      ORDER BY s.product_id, s.location_id
      LIMIT ${PAGE}`,
    params,
  );
}

async function learnAbout(db: Statements, rows: readonly StockRow[], asOf: string): Promise<Known[]> {
  const keys = rows.map(keyOf);
  const [sales, expected, positions, lots] = await Promise.all([
    readSales(db, keys, asOf),
    readExpectedDemand(db, keys, asOf),
    readPositions(db, keys),
    readSeriesLots(db, keys),
  ]);
  return rows.map((row, i) => {
    const key = seriesName(keyOf(row));
    const own = sales.get(i + 1);
    const firstDay = firstDayOf(row.first_day, own, asOf);
    const demand = expected.get(key)!;
    const series = lots.get(key);
    return {
      row,
      sales: own,
      firstDay,
      expected: demand,
      lots: series,
      facts: {
        onHand: row.on_hand,
        committed: positions.get(key)?.committed ?? 0,
        onOrder: positions.get(key)?.onOrder ?? 0,
        sales: recordOf(firstDay, own, asOf, []),
        daysSinceSale: own ? daysBetween(own.last_sale, asOf) : null,
        soldRecently: own?.recent ?? 0,
        soldSameSeason: own?.season ?? 0,
        // looked up of those whose silence matters
        soldSilentSeason: 0,
        expected: demand,
        ...expiryOf(series, demand, asOf),
      },
    };
  });
}

const firstDayOf = (booked: string | null, sales: SalesRow | undefined, asOf: string): string =>
  [booked, sales?.first_sale, asOf].filter((day) => day !== null && day !== undefined).sort()[0]!;

/** Units past their day on the day asked about, and units that will be. */
function expiryOf(lots: SeriesLots | undefined, demand: ExpectedDemand, asOf: string) {
  if (!lots) return { expired: 0, expiring: 0 };
  const wasted = unsellable(lots.lots, demand.perDay, asOf);
  const sum = (isPast: boolean) =>
    wasted.reduce(
      (units, { expiryDate, quantity }) => units + (expiryDate < asOf === isPast ? quantity : 0),
      0,
    );
  return { expired: Math.round(sum(true)), expiring: Math.round(sum(false)) };
}

async function readSales(
  db: Statements,
  keys: readonly SeriesKey[],
  asOf: string,
): Promise<Map<number, SalesRow>> {
  const yearAgo = addDays(asOf, -365);
  const rows = await db.select(
    SalesRow,
    `SELECT STRAIGHT_JOIN k.n, COUNT(*) AS sale_days, MIN(d.date) AS first_sale, MAX(d.date) AS last_sale,
            SUM(d.quantity) AS units,
            SUM(CASE WHEN d.date > :recent THEN d.quantity ELSE 0 END) AS recent,
            SUM(CASE WHEN d.date > :yearAgo AND d.date <= :seasonEnd THEN d.quantity ELSE 0 END) AS season
       FROM JSON_TABLE(:keys, '$[*]' COLUMNS (n FOR ORDINALITY, ${KEY_COLUMNS})) AS k
       JOIN demand d FORCE INDEX (PRIMARY)
         ON d.product_id = k.product_id AND d.location_id = k.location_id AND d.date <= :asOf
      WHERE d.quantity > 0
      GROUP BY k.n`,
    {
      keys: keysJson(keys),
      asOf: date(asOf),
      recent: date(addDays(asOf, -SEASON_DAYS)),
      yearAgo: date(yearAgo),
      seasonEnd: date(addDays(yearAgo, SEASON_DAYS)),
    },
  );
  return new Map(rows.map((row) => [row.n, row]));
}

/** Days on which the item was there, up to the last sale and up to today. */
function recordOf(
  firstDay: string,
  sales: SalesRow | undefined,
  asOf: string,
  stockouts: readonly Stockout[],
): SalesRecord {
  const outBetween = (firstAge: number, lastAge: number) =>
    stockouts.reduce(
      (days, out) =>
        days + Math.max(0, Math.min(out.firstAge, firstAge) - Math.max(out.lastAge, lastAge) + 1),
      0,
    );
  const whole = daysBetween(firstDay, asOf);
  const silence = sales ? daysBetween(sales.last_sale, asOf) : whole;
  const silent = Math.max(0, silence - outBetween(silence - 1, 0));
  const before = Math.max(0, whole - silence - outBetween(whole, silence));
  return { saleDays: sales?.sale_days ?? 0, daysToLastSale: before, daysInStock: before + silent };
}

const SilentRow = z.object({ n: z.int(), units: z.coerce.number() });

/** Units sold in the days of each item's silence, a year earlier, by its place from 1 on. */
async function readSilentSeasons(
  db: Statements,
  items: readonly Known[],
  asOf: string,
): Promise<Map<number, number>> {
  const spans = items.map(({ row, sales, firstDay }) => [
    row.product_id,
    row.location_id,
    addDays(sales?.last_sale ?? firstDay, -364),
  ]);
  const rows = await db.select(
    SilentRow,
    `SELECT STRAIGHT_JOIN k.n, SUM(d.quantity) AS units
       FROM JSON_TABLE(:keys, '$[*]' COLUMNS (n FOR ORDINALITY, ${KEY_COLUMNS}, first_day DATE PATH '$[2]')) AS k
       JOIN demand d FORCE INDEX (PRIMARY)
         ON d.product_id = k.product_id AND d.location_id = k.location_id
        AND d.date >= k.first_day AND d.date <= :yearAgo
      WHERE d.quantity > 0
      GROUP BY k.n`,
    { keys: json(spans), yearAgo: date(addDays(asOf, -365)) },
  );
  return new Map(rows.map(({ n, units }) => [n, units]));
}

/** The same items with the days counted on which they were out of stock: those can have sold nothing. */
async function withoutStockouts(
  db: Statements,
  suspects: readonly Known[],
  asOf: string,
): Promise<Map<string, Known>> {
  const counted = new Map<string, Known>();
  for (let at = 0; at < suspects.length; at += STOCKOUTS_PER_READ) {
    const some = suspects.slice(at, at + STOCKOUTS_PER_READ);
    const keys = some.map(({ row }) => keyOf(row));
    const stockouts = await readStockouts(db, keys, asOf);
    const yearBefore = await readSilentSeasons(db, some, asOf);
    for (const [i, known] of some.entries()) {
      const name = seriesName(keys[i]!);
      const sales = recordOf(known.firstDay, known.sales, asOf, stockouts.get(name) ?? []);
      const soldSilentSeason = yearBefore.get(i + 1) ?? 0;
      counted.set(name, { ...known, facts: { ...known.facts, sales, soldSilentSeason } });
    }
  }
  return counted;
}

/** An item that others are compared with. */
interface Compared extends Pick<SalesRecord, 'saleDays' | 'daysInStock'> {
  readonly category: string | null;
}

/** Items that are drawn for comparison: all, where there are not more. */
const MOST_COMPARED = 5_000;

const isWhole = (filter: OutlookFilter): boolean => Object.values(filter).every((one) => one === undefined);

/** What items of a category sell like, where it has enough of them; else what all do. */
function priorsOf(items: readonly Compared[]): RatePriors {
  const all = ratePrior(items);
  const priors = new Map(
    [...Map.groupBy(items, ({ category }) => category)]
      .filter(([, some]) => some.length >= LEAST_ITEMS)
      .map(([category, some]) => [category, ratePrior(some)] as const),
  );
  return (category) => priors.get(category) ?? all;
}

/** The items that `readDrawn` draws, of all that there are: so that a part is judged as it is in the whole. */
function drawn(all: readonly Known[]): Compared[] {
  return [...all]
    .sort((a, b) => a.row.draw - b.row.draw || (seriesName(keyOf(a.row)) < seriesName(keyOf(b.row)) ? -1 : 1))
    .slice(0, MOST_COMPARED)
    .map(({ row, facts }) => ({ category: row.category, ...facts.sales }));
}

const DrawnRow = z.object({
  product_id: z.string(),
  location_id: z.string(),
  category: z.string().nullable(),
  first_day: z.iso.date().nullable(),
});

async function readDrawn(db: Statements, asOf: string): Promise<Compared[]> {
  const rows = await db.select(
    DrawnRow,
    `SELECT s.product_id, s.location_id, s.category, ${FIRST_DAY} AS first_day
       FROM (SELECT s.product_id, s.location_id, p.category
               FROM stock s
               JOIN products p ON p.product_id = s.product_id AND p.is_service = 0
              WHERE s.stock_level > 0
              ORDER BY ${DRAW}, s.product_id, s.location_id
              LIMIT ${MOST_COMPARED}) AS s`,
  );
  if (rows.length === 0) return [];
  const sales = await readSales(db, rows.map(keyOf), asOf);
  return rows.map((row, i) => {
    const own = sales.get(i + 1);
    return { category: row.category, ...recordOf(firstDayOf(row.first_day, own, asOf), own, asOf, []) };
  });
}

const Priced = z
  .object({
    product_id: z.string(),
    category: z.string().nullable(),
    unit_price: z.string().nullable(),
    unit_cost: z.string().nullable(),
  })
  .transform((row) => ({
    productId: row.product_id,
    category: row.category,
    unitPrice: row.unit_price,
    unitCost: row.unit_cost,
  }));

/** A product with its price and cost. */
export async function findPricedProduct(
  db: Statements,
  productId: string,
): Promise<z.infer<typeof Priced> | undefined> {
  const [row] = await db.select(
    Priced,
    `SELECT p.product_id, p.category, CAST(p.unit_price AS CHAR) AS unit_price, CAST(${UNIT_COST} AS CHAR) AS unit_cost
       FROM products p
      WHERE p.product_id = :productId`,
    { productId },
  );
  return row;
}
