import * as z from 'zod';
import type { Param, Statements } from '../sql/database.ts';

/** A promise of the data that does not hold, with some of the rows that break it. */
export interface Violation {
  readonly promise: string;
  readonly count: number;
  readonly examples: readonly string[];
}

/** What a check of one promise found in one range; nothing when `count` is 0. */
export interface Finding extends Violation {
  readonly durationMs: number;
}

/** Examples kept of each broken promise. */
export const EXAMPLES = 10;

/** By what the rows of a promise are cut into ranges: ids of products, ids of orders, or not at all. */
export type Subject = 'products' | 'orders' | 'whole';

/** Ids above `after` up to `upTo`; without `upTo` all above, without `after` too everything. */
export interface KeyRange {
  readonly after?: string | undefined;
  readonly upTo?: string | undefined;
}

/** The condition that a column of ids lies in the range. */
type Within = (column: string) => string;

/** Answers one `example` for every row that breaks the promise. */
interface DataPromise {
  readonly by: Subject;
  readonly sql: (within: Within) => string;
}

const PROMISES: Readonly<Record<string, DataPromise>> = {
  'stock is the sum of its movements': {
    by: 'products',
    sql: (within) => `
    SELECT CONCAT(k.product_id, ' at ', k.location_id, ': stock ', COALESCE(SUM(k.stock), 'missing'),
                  ', movements ', COALESCE(SUM(k.moved), 0)) AS example
      FROM (SELECT product_id, location_id, stock_level AS stock, NULL AS moved
              FROM stock
             WHERE ${within('product_id')}
             UNION ALL
            SELECT product_id, warehouse, NULL, quantity_change
              FROM inventory_log
             WHERE ${within('product_id')}) AS k
     GROUP BY k.product_id, k.location_id
    HAVING SUM(k.stock) IS NULL OR SUM(k.stock) <> COALESCE(SUM(k.moved), 0)`,
  },
  'every movement starts at the level where the one before ended': {
    by: 'products',
    sql: (within) => `
    SELECT CONCAT('movement ', c.log_id, ' of ', c.product_id, ': level ', c.stock_level, ' after ',
                  c.level_before, ' and ', c.quantity_change) AS example
      FROM (SELECT log_id, product_id, quantity_change, stock_level,
                   COALESCE(LAG(stock_level) OVER (PARTITION BY product_id, warehouse ORDER BY log_id), 0)
                     AS level_before
              FROM inventory_log
             WHERE ${within('product_id')}) AS c
     WHERE c.stock_level <> c.level_before + c.quantity_change`,
  },
  'no movement is recorded before the one before it': {
    by: 'products',
    sql: (within) => `
    SELECT CONCAT('movement ', c.log_id, ' of ', c.product_id, ': recorded at ', c.recorded_at, ' after ',
                  c.recorded_before) AS example
      FROM (SELECT log_id, product_id, recorded_at,
                   LAG(recorded_at) OVER (PARTITION BY product_id, warehouse ORDER BY log_id) AS recorded_before
              FROM inventory_log
             WHERE ${within('product_id')}) AS c
     WHERE c.recorded_at < c.recorded_before`,
  },
  'no stock is negative where backorders are not allowed': {
    by: 'products',
    sql: (within) => `
    SELECT CONCAT(s.product_id, ' at ', s.location_id, ': ', s.stock_level) AS example
      FROM stock s
      JOIN products p ON p.product_id = s.product_id
     WHERE ${within('s.product_id')} AND s.stock_level < 0 AND p.backorders_allowed = 0`,
  },
  'a movement that names a lot is of its product and place': {
    by: 'products',
    sql: (within) => `
    SELECT CONCAT('movement ', m.log_id, ' of ', l.product_id, ' at ', l.warehouse, ': lot ', t.lot_id) AS example
      FROM stock_lot t
      JOIN lot_movement m ON m.lot_id = t.lot_id
      JOIN inventory_log l ON l.log_id = m.log_id
     WHERE ${within('t.product_id')} AND (l.product_id <> t.product_id OR l.warehouse <> t.location_id)`,
  },
  'what is committed is the sum of the open reservations': {
    by: 'products',
    sql: (within) => `
    SELECT CONCAT(k.product_id, ' at ', k.location_id, ': committed ', COALESCE(SUM(k.committed), 'missing'),
                  ', reserved ', COALESCE(SUM(k.reserved), 0)) AS example
      FROM (SELECT product_id, location_id, committed, NULL AS reserved
              FROM stock
             WHERE ${within('product_id')}
             UNION ALL
            SELECT product_id, location_id, NULL, quantity_open
              FROM reservation
             WHERE ${within('product_id')} AND quantity_open > 0) AS k
     GROUP BY k.product_id, k.location_id
    HAVING SUM(k.committed) IS NULL OR SUM(k.committed) <> COALESCE(SUM(k.reserved), 0)`,
  },
  'what left one location by a transfer came to another, or is in transit': {
    by: 'products',
    sql: (within) => `
    SELECT CONCAT('transfer ', k.transfer_id, ' of ', k.product_id, ': ', SUM(k.in_transit), ' in transit, ',
                  -SUM(k.moved), ' left and not come') AS example
      FROM (SELECT l.transfer_id, l.product_id, 0 AS moved,
                   l.quantity - l.quantity_received - l.quantity_returned - l.quantity_lost AS in_transit
              FROM transfer_line l
             WHERE ${within('l.product_id')}
             UNION ALL
            SELECT SUBSTRING(m.reference_id, 10), m.product_id, m.quantity_change, 0
              FROM inventory_log m
             WHERE ${within('m.product_id')} AND m.change_type IN ('transfer_out', 'transfer_in')) AS k
     GROUP BY k.transfer_id, k.product_id
    HAVING SUM(k.in_transit) <> -SUM(k.moved)`,
  },
  'a transfer that has ended has nothing in transit': {
    by: 'products',
    sql: (within) => `
    SELECT CONCAT('transfer ', t.transfer_id, ', ', t.status, ': ', l.product_id) AS example
      FROM transfer_line l
      JOIN transfer t ON t.transfer_id = l.transfer_id
     WHERE ${within('l.product_id')} AND t.status <> 'in_transit'
       AND l.quantity <> l.quantity_received + l.quantity_returned + l.quantity_lost`,
  },
  'a reversal is the opposite of an earlier movement of the same stock': {
    by: 'products',
    sql: (within) => `
    SELECT CONCAT('movement ', r.log_id, ' of ', r.quantity_change, ' takes back ', r.reverses_log_id, ': ',
                  COALESCE(CONCAT(o.quantity_change, ' of ', o.product_id), 'nothing')) AS example
      FROM inventory_log r
      LEFT JOIN inventory_log o ON o.log_id = r.reverses_log_id
     WHERE ${within('r.product_id')}
       AND (r.reverses_log_id IS NULL AND r.change_type = 'reversal'
            OR r.reverses_log_id IS NOT NULL
               AND (o.log_id IS NULL OR o.log_id >= r.log_id OR o.product_id <> r.product_id
                    OR o.warehouse <> r.warehouse
                    OR o.quantity_change <> -r.quantity_change
                       -- of units that were invented for a shortage, only as many go as are there
                       AND NOT (o.reason = 'unexplained shortage'
                                AND r.quantity_change BETWEEN -o.quantity_change AND -1)))`,
  },
  'no movement is taken back twice': {
    by: 'products',
    sql: (within) => `
    SELECT CONCAT('movement ', reverses_log_id, ' of ', MAX(product_id), ': ', COUNT(*), ' times') AS example
      FROM inventory_log
     WHERE ${within('product_id')} AND reverses_log_id IS NOT NULL
     GROUP BY reverses_log_id
    HAVING COUNT(*) > 1`,
  },
  'demand is the sum of the sales that nothing took back': {
    by: 'products',
    sql: (within) => `
    SELECT CONCAT(d.product_id, ' at ', d.location_id, ' on ', d.date, ': demand ', SUM(d.quantity),
                  ', lines ', SUM(d.sale_lines), ', revenue ', SUM(d.revenue), ' too many') AS example
      FROM (SELECT product_id, location_id, date, quantity, sale_lines, revenue
              FROM demand
             WHERE ${within('product_id')}
             UNION ALL
            SELECT product_id, location, DATE(date), -quantity_sold, -1,
                   -(quantity_sold * sale_price - discount)
              FROM sales
             WHERE ${within('product_id')} AND kind = 'sale' AND cancelled_by IS NULL) AS d
     GROUP BY d.product_id, d.location_id, d.date
    HAVING SUM(d.quantity) <> 0 OR SUM(d.sale_lines) <> 0 OR SUM(d.revenue) <> 0`,
  },
  'every sale that was not cancelled before it left has its movement': {
    by: 'products',
    sql: (within) => `
    SELECT CONCAT('sale ', s.sale_id) AS example
      FROM sales s
      LEFT JOIN inventory_log l ON l.movement_key = CONCAT(s.kind, ':', s.sale_id,
                                  CASE WHEN s.generation = 1 THEN '' ELSE CONCAT('#', s.generation) END)
     WHERE ${within('s.product_id')} AND s.kind IN ('sale', 'return', 'adjustment') AND l.log_id IS NULL`,
  },
  'every movement of a sale has its sale': {
    by: 'products',
    sql: (within) => `
    SELECT CONCAT('movement ', l.movement_key) AS example
      FROM inventory_log l
      LEFT JOIN sales s ON s.sale_id = l.reference_id
     WHERE ${within('l.product_id')} AND l.change_type = 'sale' AND s.sale_id IS NULL
       -- the ledger of another system tells how many were sold, not in which orders
       AND l.movement_key NOT LIKE 'movement:%'`,
  },
  'what a simulation sold is marked as invented': {
    by: 'products',
    sql: (within) => `
    SELECT CONCAT('movement ', l.movement_key, ' of order ', o.order_id) AS example
      FROM sales s
      JOIN orders o ON o.order_id = s.order_id AND o.source LIKE 'simulation:%'
      JOIN inventory_log l ON l.movement_key = CONCAT(s.kind, ':', s.sale_id,
                                  CASE WHEN s.generation = 1 THEN '' ELSE CONCAT('#', s.generation) END)
     WHERE ${within('s.product_id')} AND l.is_synthetic = 0`,
  },
  'every cancellation points at a line that exists, and each at one sale only': {
    by: 'products',
    sql: (within) => `
    SELECT CONCAT('sale ', MAX(s.sale_id), ' cancelled by ', s.cancelled_by) AS example
      FROM sales s
      LEFT JOIN sales c ON c.sale_id = s.cancelled_by AND c.product_id = s.product_id
     WHERE ${within('s.product_id')} AND s.cancelled_by IS NOT NULL
     GROUP BY s.cancelled_by
    HAVING COUNT(c.sale_id) <> 1`,
  },
  'what was cancelled before it was shipped has not left': {
    by: 'products',
    sql: (within) => `
    SELECT CONCAT('sale ', s.sale_id, ': movement ', l.log_id) AS example
      FROM sales s
      JOIN inventory_log l ON l.reference_id = s.sale_id AND l.change_type = 'sale'
      LEFT JOIN inventory_log r ON r.reverses_log_id = l.log_id
     WHERE ${within('s.product_id')} AND s.kind = 'cancelled' AND r.log_id IS NULL`,
  },
  'no more of a sale comes back than was sold, and all of it into stock': {
    by: 'products',
    sql: (within) => `
    SELECT CONCAT('sale ', r.sale_id, ': ', SUM(r.quantity), ' of ', COALESCE(MAX(s.quantity_sold), 0),
                  ' back, ', COUNT(l.log_id), ' of ', COUNT(*), ' movements') AS example
      FROM order_return_line r
      LEFT JOIN sales s ON s.sale_id = r.sale_id AND s.kind IN ('sale', 'undone') AND s.refunded = 1
      LEFT JOIN inventory_log l ON l.movement_key = CONCAT('order-return:', r.return_id, ':', r.line_no)
                               AND l.quantity_change = r.quantity AND l.product_id = r.product_id
     WHERE ${within('r.product_id')}
     GROUP BY r.sale_id
    HAVING SUM(r.quantity) > COALESCE(MAX(s.quantity_sold), 0) OR COUNT(l.log_id) <> COUNT(*)`,
  },
  'what came of a purchase order is the sum of its receipts, and no more than was allowed': {
    by: 'products',
    sql: (within) => `
    SELECT CONCAT('purchase order ', l.purchase_order_id, ', ', l.product_id, ': ', l.quantity_received, ' of ',
                  l.quantity, ' received, ', COALESCE(SUM(r.quantity), 0), ' by receipts') AS example
      FROM purchase_order_line l
      LEFT JOIN purchase_receipt_line r
        ON r.purchase_order_id = l.purchase_order_id AND r.product_id = l.product_id
     WHERE ${within('l.product_id')}
     GROUP BY l.purchase_order_id, l.product_id, l.quantity, l.quantity_received, l.quantity_over
    HAVING COALESCE(SUM(r.quantity), 0) <> l.quantity_received
        OR l.quantity_received > l.quantity + l.quantity_over`,
  },
  'what came of a purchase order went into stock, and what was damaged left it': {
    by: 'products',
    sql: (within) => `
    SELECT CONCAT('receipt ', r.receipt_id, ' of ', r.product_id, ': ', r.quantity, ' and ', r.damaged,
                  ' damaged, moved ', COALESCE(SUM(m.quantity_change), 0)) AS example
      FROM purchase_receipt_line r
      LEFT JOIN inventory_log m ON m.reference_id = r.receipt_id AND m.product_id = r.product_id
                               AND m.movement_key LIKE 'po-receipt:%'
                               AND NOT EXISTS (SELECT 1 FROM inventory_log v WHERE v.reverses_log_id = m.log_id)
     WHERE ${within('r.product_id')}
     GROUP BY r.receipt_id, r.product_id, r.quantity, r.damaged
    HAVING COALESCE(SUM(m.quantity_change), 0) <> r.quantity - r.damaged`,
  },
  'a closed count has booked what it found': {
    by: 'products',
    sql: (within) => `
    SELECT CONCAT('count ', l.count_id, ' of ', l.product_id, ': ', l.counted, ' instead of ', l.expected,
                  ', booked ', COALESCE(m.quantity_change, 0)) AS example
      FROM stock_count_line l
      LEFT JOIN inventory_log m ON m.movement_key = CONCAT('stock-count:', l.count_id, ':', l.product_id)
     WHERE ${within('l.product_id')} AND COALESCE(l.counted - l.expected, 0) <> COALESCE(m.quantity_change, 0)`,
  },
  'every order has a known customer and seller': {
    by: 'orders',
    sql: (within) => `
    SELECT CONCAT('order ', o.order_id, ' of ', COALESCE(o.customer_id, 'nobody'), ', sold by ',
                  COALESCE(o.seller_id, 'ourselves')) AS example
      FROM orders o
      LEFT JOIN customer c ON c.customer_id = o.customer_id
      LEFT JOIN seller s ON s.seller_id = o.seller_id
     WHERE ${within('o.order_id')}
       AND (o.customer_id IS NOT NULL AND c.customer_id IS NULL
            OR o.seller_id IS NOT NULL AND s.seller_id IS NULL)`,
  },
  'the locations form a tree': {
    by: 'whole',
    sql: () => `
    SELECT CONCAT('location ', l.location_id, ' in ', l.parent_id) AS example
      FROM location l
      LEFT JOIN (WITH RECURSIVE reached (location_id, depth) AS (
                   SELECT location_id, 1 FROM location WHERE parent_id IS NULL
                    UNION ALL
                   SELECT c.location_id, r.depth + 1
                     FROM reached r
                     JOIN location c ON c.parent_id = r.location_id
                    WHERE r.depth < 50)
                 SELECT location_id FROM reached) AS t ON t.location_id = l.location_id
     WHERE t.location_id IS NULL`,
  },
};

const Row = z.object({ count: z.int(), example: z.string().nullable() });

/** What is promised of the rows of a subject. */
export const promisesOf = (subject: Subject): string[] =>
  Object.keys(PROMISES).filter((promise) => PROMISES[promise]!.by === subject);

/**
 * Checks what is promised of the products, or orders, of a range: one finding for each promise. Plain reads that hold
 * nothing: a transaction around them makes them one picture, which no writer waits for.
 */
export async function checkPromises(
  statements: Statements,
  subject: Subject,
  { after, upTo }: KeyRange = {},
): Promise<Finding[]> {
  const within: Within = (column) =>
    [after !== undefined && `${column} > :after`, upTo !== undefined && `${column} <= :upTo`]
      .filter((condition) => condition)
      .join(' AND ') || 'TRUE';
  const params: Record<string, Param> =
    subject === 'whole' ? {} : { ...(after !== undefined && { after }), ...(upTo !== undefined && { upTo }) };
  const findings: Finding[] = [];
  for (const promise of promisesOf(subject)) {
    const started = performance.now();
    const rows = await statements.select(
      Row,
      `SELECT COUNT(*) OVER () AS count, v.example
         FROM (${PROMISES[promise]!.sql(within)}) AS v
        ORDER BY v.example
        LIMIT ${EXAMPLES}`,
      params,
    );
    findings.push({
      promise,
      count: rows[0]?.count ?? 0,
      examples: rows.map((row) => row.example ?? ''),
      durationMs: Math.round(performance.now() - started),
    });
  }
  return findings;
}

/** Checks all that must hold at all times, in one go: for tests and small ledgers. Only what is broken is answered. */
export async function findViolations(statements: Statements): Promise<readonly Violation[]> {
  const findings: Finding[] = [];
  for (const subject of ['products', 'orders', 'whole'] as const) {
    findings.push(...(await checkPromises(statements, subject)));
  }
  return findings
    .filter(({ count }) => count > 0)
    .map(({ promise, count, examples }) => ({ promise, count, examples }));
}
