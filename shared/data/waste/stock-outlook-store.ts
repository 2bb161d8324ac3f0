import * as z from 'zod';
import { addDays, daysBetween } from '../../core/calendar/add-days.ts';
import { type RatePrior, ratePrior, type SalesRecord } from '../../core/inventory/waste/dead-stock.ts';
import { judgeStock, type StockFacts, type StockJudgement } from '../../core/inventory/waste/judge-stock.ts';
import { unsellable } from '../../core/inventory/waste/unsellable.ts';
import {
  EXPECTED,
  type ExpectedDemand,
  expectedColumn,
  expectedParams,
  FORECAST,
} from '../demand/expected-demand-store.ts';
import { KEY_COLUMNS, keysJson, type SeriesKey, seriesName } from '../forecasts/series-store.ts';
import { IN_TRANSIT, ON_ORDER } from '../ledger/position-store.ts';
import { readStockouts, type Stockout } from '../ledger/stockout-store.ts';
import { jsonColumn } from '../sql/columns.ts';
import { date, json, type Param, type Params, type Statements } from '../sql/database.ts';
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

export interface OutlookFilter {
  readonly productId?: string | undefined;
  readonly locationId?: string | undefined;
  readonly category?: string | undefined;
  /** These series alone, 2,000 at most. */
  readonly keys?: readonly SeriesKey[] | undefined;
  /** What items of their categories sell like; else it is read. */
  readonly rates?: RatePriors | undefined;
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

/** Days with a sale, the first and the last of them, units of all, of the last season, and of the coming one a year ago. */
const salesColumn = jsonColumn(
  z.tuple([
    z.int(),
    z.iso.date().nullable(),
    z.iso.date().nullable(),
    z.number().nullable(),
    z.number().nullable(),
    z.number().nullable(),
  ]),
).transform(([saleDays, first, last, units, recent, season]) =>
  first === null || last === null
    ? undefined
    : { saleDays, first, last, units: units!, recent: recent!, season: season! },
);
type Sales = z.infer<typeof salesColumn>;

const text = z.string().nullable();
// in few columns: the Data API takes longer for the cells of an answer than the database for what is in them
const StockRow = z
  .object({
    item: jsonColumn(
      z.tuple([
        z.string(),
        z.string(),
        z.string(),
        text,
        text,
        text,
        text,
        z.int(),
        z.int(),
        z.int(),
        text,
        z.int(),
      ]),
    ),
    sales: salesColumn,
    expected: expectedColumn,
  })
  .transform(({ item, sales, expected }) => {
    const [productId, locationId, productName, category, brand, unitPrice, unitCost, ...numbers] = item;
    const [onHand, committed, onOrder, booked, draw] = numbers;
    return {
      ...{ productId, locationId, productName, category, brand, unitPrice, unitCost },
      ...{ onHand, committed, onOrder, booked, draw, sales, expected },
    };
  });
type StockRow = z.infer<typeof StockRow>;

/**
 * The stock of all goods on hand, each judged by the rates of its category. What is not sold to anybody is not there. Who
 * does not ask for lots is told nothing of what expires.
 */
export async function readStockOutlooks(
  db: Statements,
  asOf: string,
  settings: WasteSettings,
  filter: OutlookFilter = {},
  withLots = true,
): Promise<StockOutlook[]> {
  const params = { ...salesParams(asOf), ...(await expectedParams(db, asOf)) };
  const inTurn = takeTurns(PAGES_AT_ONCE, MAX_PAGES);
  const found = await readFrom(db, { filter, asOf, params, withLots, inTurn });
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
    const known = counted.get(seriesName(first.row)) ?? first;
    const { productId, locationId, productName, category, brand, unitPrice, unitCost, sales } = known.row;
    return {
      ...{ productId, locationId, productName, category, brand, unitPrice, unitCost },
      firstDay: known.firstDay,
      lastSale: sales?.last ?? null,
      unitsSold: sales?.units ?? 0,
      facts: known.facts,
      expected: known.row.expected,
      lots: known.lots,
      judgement: judge(known),
    };
  });
}

interface Asking {
  readonly filter: OutlookFilter;
  readonly asOf: string;
  /** Of `SALES` and `EXPECTED`. */
  readonly params: Params;
  readonly withLots: boolean;
  readonly inTurn: Turns;
}

/** The pages of stock from there on: while the lots of one are read, so are the next. */
async function readFrom(db: Statements, asking: Asking, after?: SeriesKey): Promise<Known[]> {
  const rows = await readStock(db, asking.filter, asking.params, after);
  const [lots, others] = await Promise.all([
    asking.withLots ? asking.inTurn(() => readSeriesLots(db, rows)) : new Map<string, SeriesLots>(),
    rows.length < PAGE ? [] : readFrom(db, asking, rows.at(-1)),
  ]);
  return rows.map((row) => knownOf(row, lots.get(seriesName(row)), asking.asOf)).concat(others);
}

interface Known {
  readonly row: StockRow;
  readonly firstDay: string;
  readonly lots: SeriesLots | undefined;
  readonly facts: StockFacts;
}

/** First day that the ledger knows of a row `k` of stock. */
const FIRST_DAY = `(SELECT DATE(l.date)
               FROM inventory_log l FORCE INDEX (inventory_log_position)
              WHERE l.product_id = k.product_id AND l.warehouse = k.location_id
              ORDER BY l.date
              LIMIT 1)`;

/** Its sales, as `salesColumn` reads them; `salesParams` has what it names. */
const SALES = `(SELECT JSON_ARRAY(COUNT(*), MIN(d.date), MAX(d.date), SUM(d.quantity),
                               SUM(CASE WHEN d.date > :recent THEN d.quantity ELSE 0 END),
                               SUM(CASE WHEN d.date > :yearAgo AND d.date <= :seasonEnd THEN d.quantity ELSE 0 END))
               FROM demand d FORCE INDEX (PRIMARY)
              WHERE d.product_id = k.product_id AND d.location_id = k.location_id AND d.date <= :asOf
                AND d.quantity > 0)`;

function salesParams(asOf: string): Params {
  const yearAgo = addDays(asOf, -365);
  return {
    asOf: date(asOf),
    recent: date(addDays(asOf, -SEASON_DAYS)),
    yearAgo: date(yearAgo),
    seasonEnd: date(addDays(yearAgo, SEASON_DAYS)),
  };
}

/** A number by which it is drawn for comparison: by chance, and always the same. */
const DRAW = `CRC32(CONCAT(k.product_id, '|', k.location_id))`;

/** What a unit costs: what the product says, else its first supplier. `p` = the product. */
export const UNIT_COST = `COALESCE(p.cost, (SELECT i.unit_cost
                              FROM supplier_item i
                             WHERE i.product_id = p.product_id
                             ORDER BY i.priority, i.supplier_id
                             LIMIT 1))`;

const OF_KEYS = `JSON_TABLE(:keys, '$[*]' COLUMNS (${KEY_COLUMNS})) AS j JOIN `;
const IS_OF_KEYS = ' ON k.product_id = j.product_id AND k.location_id = j.location_id';

async function readStock(
  db: Statements,
  { productId, locationId, category, keys }: OutlookFilter,
  known: Params,
  after: SeriesKey | undefined,
): Promise<StockRow[]> {
  const params: Record<string, Param> = { ...known, ...(keys && { keys: keysJson(keys) }) };
  const ask = (condition: string, name: string, value: Param | undefined) => {
    if (value === undefined) return '';
    params[name] = value;
    return `\n        AND ${condition}`;
  };
  return await db.select(
    StockRow,
    // in this order, so that the page ends where it is full
    `SELECT STRAIGHT_JOIN
            JSON_ARRAY(k.product_id, k.location_id, p.product_name, p.category, p.brand, CAST(p.unit_price AS CHAR),
                       CAST(${UNIT_COST} AS CHAR), k.stock_level, k.committed, ${ON_ORDER} + ${IN_TRANSIT},
                       ${FIRST_DAY}, ${DRAW}) AS item,
            ${SALES} AS sales, ${EXPECTED} AS expected
       FROM ${keys ? OF_KEYS : ''}stock k FORCE INDEX (PRIMARY)${keys ? IS_OF_KEYS : ''}
       JOIN products p ON p.product_id = k.product_id AND p.is_service = 0
       ${FORECAST}
      WHERE k.stock_level > 0${ask('k.product_id = :productId', 'productId', productId)}${ask(
        'k.location_id = :locationId',
        'locationId',
        locationId,
      )}${ask('p.category = :category', 'category', category)}${ask(
        'k.product_id >= :afterProduct',
        'afterProduct',
        after?.productId,
      )}${ask(
        '(k.product_id > :afterProduct OR k.location_id > :afterLocation)',
        'afterLocation',
        after?.locationId,
      )}
      ORDER BY k.product_id, k.location_id
      LIMIT ${PAGE}`,
    params,
  );
}

function knownOf(row: StockRow, lots: SeriesLots | undefined, asOf: string): Known {
  const { sales, expected, onHand, committed, onOrder } = row;
  const firstDay = firstDayOf(row.booked, sales, asOf);
  return {
    row,
    firstDay,
    lots,
    facts: {
      ...{ onHand, committed, onOrder, expected },
      sales: recordOf(firstDay, sales, asOf, []),
      daysSinceSale: sales ? daysBetween(sales.last, asOf) : null,
      soldRecently: sales?.recent ?? 0,
      soldSameSeason: sales?.season ?? 0,
      // looked up of those whose silence matters
      soldSilentSeason: 0,
      ...expiryOf(lots, expected, asOf),
    },
  };
}

const firstDayOf = (booked: string | null, sales: Sales, asOf: string): string =>
  [booked, sales?.first, asOf].filter((day) => day !== null && day !== undefined).sort()[0]!;

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

/** Days on which the item was there, up to the last sale and up to today. */
function recordOf(firstDay: string, sales: Sales, asOf: string, stockouts: readonly Stockout[]): SalesRecord {
  const outBetween = (firstAge: number, lastAge: number) =>
    stockouts.reduce(
      (days, out) =>
        days + Math.max(0, Math.min(out.firstAge, firstAge) - Math.max(out.lastAge, lastAge) + 1),
      0,
    );
  const whole = daysBetween(firstDay, asOf);
  const silence = sales ? daysBetween(sales.last, asOf) : whole;
  const silent = Math.max(0, silence - outBetween(silence - 1, 0));
  const before = Math.max(0, whole - silence - outBetween(whole, silence));
  return { saleDays: sales?.saleDays ?? 0, daysToLastSale: before, daysInStock: before + silent };
}

const SilentRow = z.object({ n: z.int(), units: z.coerce.number() });

/** Units sold in the days of each item's silence, a year earlier, by its place from 1 on. */
async function readSilentSeasons(
  db: Statements,
  items: readonly Known[],
  asOf: string,
): Promise<Map<number, number>> {
  const spans = items.map(({ row, firstDay }) => [
    row.productId,
    row.locationId,
    addDays(row.sales?.last ?? firstDay, -364),
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
    const keys = some.map(({ row }) => row);
    const stockouts = await readStockouts(db, keys, asOf);
    const yearBefore = await readSilentSeasons(db, some, asOf);
    for (const [i, known] of some.entries()) {
      const name = seriesName(keys[i]!);
      const sales = recordOf(known.firstDay, known.row.sales, asOf, stockouts.get(name) ?? []);
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

const isWhole = ({ productId, locationId, category, keys }: OutlookFilter): boolean =>
  [productId, locationId, category, keys].every((asked) => asked === undefined);

/** What items of a category sell like, where it has enough of them; else what all do. */
export type RatePriors = (category: string | null) => RatePrior | undefined;

function priorsOf(items: readonly Compared[]): RatePriors {
  const all = ratePrior(items);
  const priors = new Map(
    [...Map.groupBy(items, ({ category }) => category)]
      .filter(([, some]) => some.length >= LEAST_ITEMS)
      .map(([category, some]) => [category, ratePrior(some)] as const),
  );
  return (category) => priors.get(category) ?? all;
}

/** The items that `readRatePriors` draws, of all that there are: so that a part is judged as it is in the whole. */
function drawn(all: readonly Known[]): Compared[] {
  return [...all]
    .sort((a, b) => a.row.draw - b.row.draw || (seriesName(a.row) < seriesName(b.row) ? -1 : 1))
    .slice(0, MOST_COMPARED)
    .map(({ row, facts }) => ({ category: row.category, ...facts.sales }));
}

const DrawnRow = z.object({ category: text, first_day: z.iso.date().nullable(), sales: salesColumn });

/** The rates by which a part of all stock is judged. */
export async function readRatePriors(db: Statements, asOf: string): Promise<RatePriors> {
  const rows = await db.select(
    DrawnRow,
    `SELECT k.category, ${FIRST_DAY} AS first_day, ${SALES} AS sales
       FROM (SELECT k.product_id, k.location_id, p.category
               FROM stock k
               JOIN products p ON p.product_id = k.product_id AND p.is_service = 0
              WHERE k.stock_level > 0
              ORDER BY ${DRAW}, k.product_id, k.location_id
              LIMIT ${MOST_COMPARED}) AS k`,
    salesParams(asOf),
  );
  return priorsOf(
    rows.map(({ category, first_day, sales }) => ({
      category,
      ...recordOf(firstDayOf(first_day, sales, asOf), sales, asOf, []),
    })),
  );
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
