import * as z from 'zod';
import { daysBetween } from '../../core/calendar/add-days.ts';
import type { Arrival } from '../../core/inventory/stockout-risk.ts';
import {
  EXPECTED,
  type ExpectedDemand,
  expectedColumn,
  expectedParams,
  FORECAST,
} from '../demand/expected-demand-store.ts';
import { isOfCategory } from '../forecasts/group-members-store.ts';
import { type SeriesKey, seriesName } from '../forecasts/series-store.ts';
import { IN_TRANSIT, ON_ORDER } from '../ledger/position-store.ts';
import { readPlanSettings } from '../planning/setting-store.ts';
import { readSupply, type Supply } from '../purchasing/supply-store.ts';
import { jsonColumn } from '../sql/columns.ts';
import type { Param, Params, Statements } from '../sql/database.ts';
import { storedNumber } from '../suggestions/stored-explanation.ts';

/** What is there of a product at a location, what is asked for, and what is to come. */
export interface StockLevel extends SeriesKey {
  readonly productName: string;
  readonly category: string | null;
  readonly onHand: number;
  readonly committed: number;
  readonly onOrder: number;
  readonly expected: ExpectedDemand;
  readonly leadTimeDays: number | null;
  /** Units at or below which people want to be told, here or of the product. */
  readonly threshold: number | null;
  /** Units that open suggestions want, and the reorder point behind them; null without any. */
  readonly suggested: { readonly quantity: number; readonly reorderPoint: number } | null;
  /** What is to come and is not late. */
  readonly arrivals: readonly Arrival[];
}

export interface LevelFilter {
  readonly productId?: string | undefined;
  readonly locationId?: string | undefined;
  readonly category?: string | undefined;
}

/** Rows of one answer, which stays below 1 MiB with names of any length, and answers: two million positions. */
const PAGE = 2_000;
const MAX_PAGES = 1_000;

const text = z.string().nullable();
// in few columns: the Data API takes longer for the cells of an answer than the database for what is in them
const Row = z.object({
  item: jsonColumn(
    z.tuple([
      z.string(),
      z.string(),
      z.string(),
      text,
      z.int(),
      z.int(),
      z.int(),
      z.coerce.number().nullable(),
      z.int().nullable(),
    ]),
  ),
  expected: expectedColumn,
  suggested: jsonColumn(z.tuple([z.number(), z.coerce.number()])).nullable(),
});

/** Days until goods of the product `p` come from its first supplier: as deliveries have shown, else as stated. */
const LEAD_TIME = `(SELECT COALESCE(t.mean_days, i.lead_time_days)
               FROM supplier_item i
               JOIN supplier u ON u.supplier_id = i.supplier_id AND u.is_active = 1
               LEFT JOIN learnt_lead_time t ON t.supplier_id = i.supplier_id AND t.product_id = i.product_id
              WHERE i.product_id = p.product_id
              ORDER BY i.priority, i.supplier_id
              LIMIT 1)`;

/** Open suggestions of a row `k`; one without a reorder point wants what is promised, which is a reorder point of 0. */
const SUGGESTED = `(SELECT JSON_ARRAY(SUM(g.quantity), MAX(COALESCE(CAST(${storedNumber('reorderPoint')} AS DECIMAL(20, 4)), 0)))
               FROM suggestion g
              WHERE g.product_id = k.product_id AND g.location_id = k.location_id AND g.status = 'open'
             HAVING COUNT(*) > 0)`;

/** Stock, and where there never was any, a threshold or a suggestion that asks for some. */
const POSITIONS = `(SELECT product_id, location_id, stock_level, committed FROM stock
              UNION ALL
             SELECT product_id, location_id, 0, 0
               FROM (SELECT product_id, location_id FROM stock_rule
                      UNION
                     SELECT product_id, location_id FROM suggestion WHERE status = 'open') AS w
              WHERE NOT EXISTS (SELECT 1
                                  FROM stock s
                                 WHERE s.product_id = w.product_id AND s.location_id = w.location_id))`;

/** Stock of active goods at every location, by product and location. */
export async function readStockLevels(
  db: Statements,
  asOf: string,
  filter: LevelFilter,
): Promise<StockLevel[]> {
  const params = await expectedParams(db, asOf);
  const { transfer_days: transferDays } = await readPlanSettings(db);
  const levels: StockLevel[] = [];
  for (let page = 0; page < MAX_PAGES; page++) {
    const rows = await readPage(db, filter, params, levels.at(-1));
    const supply = await readSupply(
      db,
      rows.filter(({ onOrder }) => onOrder > 0),
    );
    for (const row of rows)
      levels.push({
        ...row,
        arrivals: arrivalsOf(supply.get(seriesName(row)) ?? [], asOf, row.leadTimeDays ?? 0, transferDays),
      });
    if (rows.length < PAGE) return levels;
  }
  throw new RangeError(`more than ${PAGE * MAX_PAGES} positions of stock`);
}

async function readPage(
  db: Statements,
  { productId, locationId, category }: LevelFilter,
  known: Params,
  after: SeriesKey | undefined,
): Promise<Omit<StockLevel, 'arrivals'>[]> {
  const params: Record<string, Param> = { ...known };
  const ask = (condition: string, name: string, value: Param | undefined) => {
    if (value === undefined) return '';
    params[name] = value;
    return `\n                AND ${condition}`;
  };
  const asked = [
    ask('u.product_id = :productId', 'productId', productId),
    ask('u.location_id = :locationId', 'locationId', locationId),
    ask(category === undefined ? '' : isOfCategory(category), 'category', category),
    ask('u.product_id >= :afterProduct', 'afterProduct', after?.productId),
    ask(
      '(u.product_id > :afterProduct OR u.location_id > :afterLocation)',
      'afterLocation',
      after?.locationId,
    ),
  ].join('');
  const rows = await db.select(
    Row,
    // the page first: what is looked up for each of its rows is not looked up for all
    `SELECT STRAIGHT_JOIN JSON_ARRAY(k.product_id, k.location_id, p.product_name, p.category, k.stock_level, k.committed,
                       ${ON_ORDER} + ${IN_TRANSIT}, CAST(${LEAD_TIME} AS CHAR),
                       COALESCE(r.reorder_threshold, p.reorder_threshold)) AS item,
            ${EXPECTED} AS expected, ${SUGGESTED} AS suggested
       FROM (SELECT u.*
               FROM ${POSITIONS} AS u
               JOIN products p ON p.product_id = u.product_id
              WHERE p.is_active = 1 AND p.is_service = 0${asked}
              ORDER BY u.product_id, u.location_id
              LIMIT ${PAGE}) AS k
       JOIN products p ON p.product_id = k.product_id
       LEFT JOIN stock_rule r ON r.product_id = k.product_id AND r.location_id = k.location_id
       ${FORECAST}
      ORDER BY k.product_id, k.location_id`,
    params,
  );
  return rows.map(({ item, expected, suggested }) => ({
    productId: item[0],
    locationId: item[1],
    productName: item[2],
    category: item[3],
    onHand: item[4],
    committed: item[5],
    onOrder: item[6],
    leadTimeDays: item[7],
    threshold: item[8],
    expected,
    suggested: suggested && { quantity: suggested[0], reorderPoint: suggested[1] },
  }));
}

/** Days after `asOf`; what has no day comes in a lead time, and what is late may come any day: no reason to feel safe. */
function arrivalsOf(
  supply: readonly Supply[],
  asOf: string,
  leadTimeDays: number,
  transferDays: number,
): Arrival[] {
  return supply
    .map(({ from, expected, quantity }) => ({
      day:
        expected === null
          ? Math.ceil(from === 'transfer' ? transferDays : leadTimeDays)
          : daysBetween(asOf, expected),
      quantity,
    }))
    .filter(({ day }) => day >= 0);
}
