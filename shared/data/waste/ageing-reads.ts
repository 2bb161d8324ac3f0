import * as z from 'zod';
import type { AgeingItem, AgeingList } from '../../contracts/api/waste.ts';
import { AGE_BUCKETS, stockAge } from '../../core/inventory/waste/stock-age.ts';
import { readInParts, type StockPart } from '../ledger/read-in-parts.ts';
import { readBusinessDay } from '../planning/business-day.ts';
import type { PageAsked } from '../sql/columns.ts';
import { date, type Statements } from '../sql/database.ts';
import { type OutlookFilter, UNIT_COST } from './stock-outlook-store.ts';
import { amountOf, moneyText } from './waste-reads.ts';

const Row = z.object({
  product_id: z.string(),
  product_name: z.string(),
  category: z.string().nullable(),
  location_id: z.string(),
  on_hand: z.int(),
  unit_cost: z.string().nullable(),
  ...Object.fromEntries(AGE_BUCKETS.map((_, i) => [`came_${i}`, z.coerce.number()])),
});

/** Whether nobody took the arrival back, or somebody brought it back after that. */
const COUNTS = '(r.log_id IS NULL OR q.log_id IS NOT NULL)';

/** Units that came in the bucket of that number. */
const CAME = AGE_BUCKETS.map((to, i) => {
  const from = i === 0 ? undefined : AGE_BUCKETS[i - 1];
  const lower = from === undefined ? '' : `DATEDIFF(:asOf, l.date) > ${from}`;
  const upper = to === null ? '' : `DATEDIFF(:asOf, l.date) <= ${to}`;
  const isIn = [lower, upper].filter(Boolean).join(' AND ');
  return `COALESCE(SUM(CASE WHEN ${isIn} AND ${COUNTS} THEN l.quantity_change ELSE 0 END), 0) AS came_${i}`;
});

interface Aged {
  readonly row: z.infer<typeof Row>;
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
    .map((some) => ({ some, amount: some.reduce((sum, one) => sum + one.row.on_hand * one.unitAmount, 0) }))
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
    ? JSON.stringify([row.product_id, row.location_id])
    : by === 'category'
      ? JSON.stringify(row.category)
      : row.location_id;

function headOf(
  { row }: Aged,
  by: AgeingList['by'],
): Pick<AgeingItem, 'product_id' | 'product_name' | 'category' | 'location_id'> {
  return {
    product_id: by === 'item' ? row.product_id : null,
    product_name: by === 'item' ? row.product_name : null,
    category: by === 'location' ? null : row.category,
    location_id: by === 'category' ? null : row.location_id,
  };
}

function sumOf(some: readonly Aged[]) {
  const units = (i: number) => some.reduce((sum, one) => sum + one.buckets[i]!, 0);
  const amount = (i: number) => some.reduce((sum, one) => sum + one.buckets[i]! * one.unitAmount, 0);
  return {
    on_hand: some.reduce((sum, { row }) => sum + row.on_hand, 0),
    value: moneyText(some.reduce((sum, { row, unitAmount }) => sum + row.on_hand * unitAmount, 0)),
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
  const parts = await readInParts(db, 'l.knowledge = 1', { asOf: date(asOf) }, (part) =>
    readPart(db, filter, part),
  );
  return parts.flat().map((row) => {
    const came = AGE_BUCKETS.map((_, i) => Number((row as Record<string, unknown>)[`came_${i}`]));
    return { row, ...stockAge(row.on_hand, came), unitAmount: amountOf(row.unit_cost) };
  });
}

/** Arrivals that nobody took back: of a part of stock, so that each reads its own part of the index. */
async function readPart(
  db: Statements,
  { productId, locationId, category }: OutlookFilter,
  { condition, params }: StockPart,
): Promise<z.infer<typeof Row>[]> {
  return await db.select(
    Row,
    `SELECT STRAIGHT_JOIN s.product_id, s.product_name, s.category, s.location_id, s.on_hand, s.unit_cost,
            ${CAME.join(',\n            ')}
       FROM (SELECT s.product_id, p.product_name, p.category, s.location_id, s.stock_level AS on_hand,
                    CAST(${UNIT_COST} AS CHAR) AS unit_cost
               FROM stock s FORCE INDEX (PRIMARY)
               JOIN products p ON p.product_id = s.product_id AND p.is_service = 0
              WHERE s.stock_level > 0
                AND ${condition}
                AND (:productId = '' OR s.product_id = :productId)
                AND (:locationId = '' OR s.location_id = :locationId)
                AND (:category = '' OR p.category = :category)) AS s
       LEFT JOIN inventory_log l FORCE INDEX (inventory_log_position)
         ON l.product_id = s.product_id AND l.warehouse = s.location_id
        AND l.knowledge = 1 AND l.change_type IN ('opening', 'receipt', 'transfer_in')
       LEFT JOIN inventory_log r ON r.reverses_log_id = l.log_id
       LEFT JOIN inventory_log q ON q.reverses_log_id = r.log_id
      GROUP BY s.product_id, s.location_id, s.product_name, s.category, s.on_hand, s.unit_cost
      ORDER BY s.product_id, s.location_id`,
    { ...params, productId: productId ?? '', locationId: locationId ?? '', category: category ?? '' },
  );
}
