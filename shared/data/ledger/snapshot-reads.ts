import * as z from 'zod';
import type { StockSnapshot } from '../../contracts/api/ledger.ts';
import { addDays } from '../../core/calendar/add-days.ts';
import { type DayOfStock, foldStockDays } from '../../core/inventory/stock-days.ts';
import { flagColumn, type Page, type PageAsked, Total } from '../sql/columns.ts';
import { date, json, type Statements } from '../sql/database.ts';

const units = z.string().transform(Number);
const Change = z.object({
  /** Null in the row that holds the level before the first day, whose type tells whether anything moved before it. */
  date: z.string().nullable(),
  type: z.string(),
  received: units,
  issued: units,
  lowest: units,
});

/**
 * The stock of one product, at some locations together, on each of these days. Folded from the ledger by the time when
 * things happened, whenever it is asked: what is recorded late is in the next answer.
 */
export async function readStockDays(
  db: Statements,
  productId: string,
  locationIds: readonly string[],
  { from, to }: { readonly from: string; readonly to: string },
): Promise<DayOfStock[]> {
  const movements = `JSON_TABLE(:locations, '$[*]' COLUMNS (location_id VARCHAR(50) PATH '$')) AS j
               JOIN inventory_log l FORCE INDEX (inventory_log_position)
                 ON l.product_id = :productId AND l.warehouse = j.location_id`;
  const rows = await db.select(
    Change,
    `SELECT STRAIGHT_JOIN NULL AS date, CASE WHEN COUNT(*) > 0 THEN 'begun' ELSE '' END AS type, CAST(COALESCE(SUM(l.quantity_change), 0) AS CHAR) AS received,
            '0' AS issued, '0' AS lowest
       FROM ${movements} AND l.date < :from
      UNION ALL
     SELECT x.day, x.change_type,
            CAST(SUM(GREATEST(x.quantity_change, 0)) AS CHAR),
            CAST(SUM(GREATEST(-x.quantity_change, 0)) AS CHAR),
            CAST(MIN(x.running) AS CHAR)
       FROM (SELECT STRAIGHT_JOIN CAST(DATE(l.date) AS CHAR) AS day, l.change_type, l.quantity_change,
                    SUM(l.quantity_change) OVER (ORDER BY l.date, l.log_id ROWS UNBOUNDED PRECEDING) AS running
               FROM ${movements} AND l.date >= :from AND l.date < :end) AS x
      GROUP BY x.day, x.change_type`,
    { productId, locations: json(locationIds), from: date(from), end: date(addDays(to, 1)) },
  );
  const before = rows.find((row) => row.date === null)!;
  const changes = rows.flatMap(({ date: day, ...change }) =>
    day === null ? [] : [{ date: day, ...change }],
  );
  return foldStockDays(before.received, from, to, changes, before.type === 'begun');
}

const Row = z.object({
  product_id: z.string(),
  location_id: z.string(),
  closing: units,
  has_begun: flagColumn,
  type: z.string().nullable(),
  received: units,
  issued: units,
});

/** One day of every product at every location, page by page. */
export async function listSnapshots(
  db: Statements,
  day: string,
  locationIds: readonly string[] | undefined,
  { skip, limit }: PageAsked,
): Promise<Page<StockSnapshot>> {
  const at = locationIds
    ? `WHERE s.location_id IN (SELECT a.location_id
                                 FROM JSON_TABLE(:locations, '$[*]' COLUMNS (location_id VARCHAR(50) PATH '$')) AS a)`
    : '';
  const params = locationIds ? { locations: json(locationIds) } : {};
  const [count] = await db.select(Total, `SELECT COUNT(*) AS total FROM stock s ${at}`, params);
  const rows = await db.select(
    Row,
    // Backwards from the stock of now, which is the sum of all movements: the later the day, the less there is to read.
    `SELECT STRAIGHT_JOIN s.product_id, s.location_id,
            CAST(s.stock_level - COALESCE((SELECT SUM(f.quantity_change)
                                             FROM inventory_log f FORCE INDEX (inventory_log_position)
                                            WHERE f.product_id = s.product_id AND f.warehouse = s.location_id
                                              AND f.date >= :next), 0) AS CHAR) AS closing,
            EXISTS (SELECT 1
                      FROM inventory_log b FORCE INDEX (inventory_log_position)
                     WHERE b.product_id = s.product_id AND b.warehouse = s.location_id AND b.date < :next) AS has_begun,
            l.change_type AS type,
            CAST(COALESCE(SUM(GREATEST(l.quantity_change, 0)), 0) AS CHAR) AS received,
            CAST(COALESCE(SUM(GREATEST(-l.quantity_change, 0)), 0) AS CHAR) AS issued
       FROM (SELECT s.product_id, s.location_id, s.stock_level
               FROM stock s
               ${at}
              ORDER BY s.product_id, s.location_id
              LIMIT :limit OFFSET :skip) AS s
       LEFT JOIN inventory_log l FORCE INDEX (inventory_log_position)
         ON l.product_id = s.product_id AND l.warehouse = s.location_id AND l.date >= :day AND l.date < :next
      GROUP BY s.product_id, s.location_id, s.stock_level, l.change_type
      ORDER BY s.product_id, s.location_id, l.change_type`,
    { ...params, day: date(day), next: date(addDays(day, 1)), skip, limit },
  );
  const positions = Map.groupBy(rows, (row) => JSON.stringify([row.product_id, row.location_id]));
  const data = [...positions.values()].map((types) => snapshotOf(types, day));
  return { data, pagination: { skip, limit, total: count!.total } };
}

function snapshotOf(types: readonly z.infer<typeof Row>[], day: string): StockSnapshot {
  const { product_id, location_id, closing, has_begun } = types[0]!;
  const received = types.reduce((sum, row) => sum + row.received, 0);
  const issued = types.reduce((sum, row) => sum + row.issued, 0);
  return {
    product_id,
    location_id,
    date: day,
    opening: closing - received + issued,
    received,
    issued,
    by_type: Object.fromEntries(
      types.flatMap((row) => (row.type === null ? [] : [[row.type, row.received - row.issued]])),
    ),
    closing,
    is_stockout: has_begun && closing <= 0,
  };
}
