import * as z from 'zod';
import type { AgeingItem, AgeingList } from '../../contracts/api/waste.ts';
import { AGE_BUCKETS, stockAge } from '../../core/inventory/waste/stock-age.ts';
import { MOVEMENTS } from '../ledger/stock-day-levels.ts';
import { readBusinessDay } from '../planning/business-day.ts';
import { jsonColumn, type PageAsked } from '../sql/columns.ts';
import { date, type Statements } from '../sql/database.ts';
import { type OutlookFilter, UNIT_COST } from './stock-outlook-store.ts';
import { amountOf, moneyText } from './waste-reads.ts';

const text = z.string().nullable();
const Row = z
  .object({
    // in few cells: the Data API takes longer for them than the database for what is in them
    item: jsonColumn(z.tuple([z.string(), z.string(), z.string(), text, text, z.int()])),
    came: jsonColumn(z.array(z.number().nullable()).length(AGE_BUCKETS.length)),
  })
  .transform(({ item: [productId, locationId, productName, category, unitCost, onHand], came }) => ({
    ...{ productId, locationId, productName, category, unitCost, onHand },
    came: came.map((units) => units ?? 0),
  }));
type Row = z.infer<typeof Row>;

/** Units of movements `l` by the bucket of their day. */
const BY_AGE = `JSON_ARRAY(${AGE_BUCKETS.map((to, i) => {
  const from = i === 0 ? 'TRUE' : `DATEDIFF(:asOf, l.date) > ${AGE_BUCKETS[i - 1]}`;
  return `SUM(CASE WHEN ${from} AND ${to === null ? 'TRUE' : `DATEDIFF(:asOf, l.date) <= ${to}`} THEN l.quantity_change END)`;
}).join(', ')})`;

/** Positions of one statement, and statements: two million positions. */
const PAGE = 2_000;
const MAX_PAGES = 1_000;

interface Aged {
  readonly row: Row;
  readonly buckets: readonly number[];
  readonly unknown: number;
  readonly unitAmount: number;
}

/** How old stock is by its arrivals, the oldest leaving first: by item, category or location, most money first. */
export async function listAgeing(
  db: Statements,
  filter: OutlookFilter,
  by: AgeingList['by'],
  { skip, limit }: PageAsked,
): Promise<AgeingList> {
  const asOf = await readBusinessDay(db);
  const all = asOf === undefined ? [] : await readAges(db, filter, asOf);
  const groups = [...Map.groupBy(all, (one) => groupOf(one, by)).values()]
    .map((some) => ({ some, amount: some.reduce((sum, one) => sum + one.row.onHand * one.unitAmount, 0) }))
    .sort((a, b) => b.amount - a.amount);
  const { value, on_hand, ...whole } = sumOf(all);
  return {
    as_of: asOf ?? null,
    by,
    ...whole,
    data: groups.slice(skip, skip + limit).map(({ some }) => ({ ...headOf(some[0]!, by), ...sumOf(some) })),
    pagination: { skip, limit, total: groups.length },
    totals: { items: groups.length, units: on_hand, value },
  };
}

const groupOf = ({ row }: Aged, by: AgeingList['by']): string =>
  by === 'item'
    ? JSON.stringify([row.productId, row.locationId])
    : by === 'category'
      ? JSON.stringify(row.category)
      : row.locationId;

function headOf(
  { row }: Aged,
  by: AgeingList['by'],
): Pick<AgeingItem, 'product_id' | 'product_name' | 'category' | 'location_id'> {
  return {
    product_id: by === 'item' ? row.productId : null,
    product_name: by === 'item' ? row.productName : null,
    category: by === 'location' ? null : row.category,
    location_id: by === 'category' ? null : row.locationId,
  };
}

function sumOf(some: readonly Aged[]) {
  const units = (i: number) => some.reduce((sum, one) => sum + one.buckets[i]!, 0);
  const amount = (i: number) => some.reduce((sum, one) => sum + one.buckets[i]! * one.unitAmount, 0);
  return {
    on_hand: some.reduce((sum, { row }) => sum + row.onHand, 0),
    value: moneyText(some.reduce((sum, { row, unitAmount }) => sum + row.onHand * unitAmount, 0)),
    buckets: AGE_BUCKETS.map((to, i) => ({
      from_days: i === 0 ? 0 : AGE_BUCKETS[i - 1]! + 1,
      to_days: to,
      units: units(i),
      value: moneyText(amount(i)),
    })),
    unknown_units: some.reduce((sum, { unknown }) => sum + unknown, 0),
    unknown_value: moneyText(some.reduce((sum, { unknown, unitAmount }) => sum + unknown * unitAmount, 0)),
  };
}

async function readAges(db: Statements, filter: OutlookFilter, asOf: string): Promise<Aged[]> {
  const aged: Aged[] = [];
  for (let page = 0; page < MAX_PAGES; page++) {
    const rows = await readPage(db, filter, asOf, aged.at(-1)?.row);
    for (const row of rows)
      aged.push({ row, ...stockAge(row.onHand, row.came), unitAmount: amountOf(row.unitCost) });
    if (rows.length < PAGE) return aged;
  }
  throw new RangeError(`more than ${MAX_PAGES * PAGE} positions`);
}

/** Arrivals that nobody took back, or somebody brought back after that. */
async function readPage(
  db: Statements,
  { productId, locationId, category }: OutlookFilter,
  asOf: string,
  after: Row | undefined,
): Promise<Row[]> {
  return await db.select(
    Row,
    `SELECT STRAIGHT_JOIN
            JSON_ARRAY(k.product_id, k.location_id, p.product_name, p.category, CAST(${UNIT_COST} AS CHAR), k.stock_level) AS item,
            (SELECT ${BY_AGE}
               FROM ${MOVEMENTS}
               LEFT JOIN inventory_log r ON r.reverses_log_id = l.log_id
               LEFT JOIN inventory_log q ON q.reverses_log_id = r.log_id
              WHERE l.product_id = k.product_id AND l.warehouse = k.location_id
                AND l.knowledge = 1 AND l.change_type IN ('opening', 'receipt', 'transfer_in')
                AND (r.log_id IS NULL OR q.log_id IS NOT NULL)) AS came
       FROM stock k FORCE INDEX (PRIMARY)
       JOIN products p ON p.product_id = k.product_id AND p.is_service = 0
      WHERE k.stock_level > 0
        AND k.product_id >= :afterProduct AND (k.product_id > :afterProduct OR k.location_id > :afterLocation)
        AND (:productId = '' OR k.product_id = :productId)
        AND (:locationId = '' OR k.location_id = :locationId)
        AND (:category = '' OR p.category = :category)
      ORDER BY k.product_id, k.location_id
      LIMIT ${PAGE}`,
    {
      asOf: date(asOf),
      ...{ afterProduct: after?.productId ?? '', afterLocation: after?.locationId ?? '' },
      ...{ productId: productId ?? '', locationId: locationId ?? '', category: category ?? '' },
    },
  );
}
