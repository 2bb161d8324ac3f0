import * as z from 'zod';
import type { Statements } from './database.ts';

/** A promise of the data that does not hold, with some of the rows that break it. */
export interface Violation {
  readonly promise: string;
  readonly count: number;
  readonly examples: readonly string[];
}

/** Examples kept of each broken promise. */
const EXAMPLES = 10;

/** Each query answers one `example` for every row that breaks the promise. */
const PROMISES: Readonly<Record<string, string>> = {
  'stock is the sum of its movements': `
    SELECT CONCAT(k.product_id, ' at ', k.location_id, ': stock ', COALESCE(SUM(k.stock), 'missing'),
                  ', movements ', COALESCE(SUM(k.moved), 0)) AS example
      FROM (SELECT product_id, location_id, stock_level AS stock, NULL AS moved FROM stock
             UNION ALL
            SELECT product_id, warehouse, NULL, quantity_change FROM inventory_log) AS k
     GROUP BY k.product_id, k.location_id
    HAVING SUM(k.stock) IS NULL OR SUM(k.stock) <> COALESCE(SUM(k.moved), 0)`,
  'every movement starts at the level where the one before ended': `
    SELECT CONCAT('movement ', c.log_id, ' of ', c.product_id, ': level ', c.stock_level, ' after ',
                  c.level_before, ' and ', c.quantity_change) AS example
      FROM (SELECT log_id, product_id, quantity_change, stock_level,
                   COALESCE(LAG(stock_level) OVER (PARTITION BY product_id, warehouse ORDER BY log_id), 0)
                     AS level_before
              FROM inventory_log) AS c
     WHERE c.stock_level <> c.level_before + c.quantity_change`,
  'no stock is negative where backorders are not allowed': `
    SELECT CONCAT(s.product_id, ' at ', s.location_id, ': ', s.stock_level) AS example
      FROM stock s
      JOIN products p ON p.product_id = s.product_id
     WHERE s.stock_level < 0 AND p.backorders_allowed = 0`,
  'demand is the sum of the sales that nothing took back': `
    SELECT CONCAT(d.product_id, ' at ', d.location_id, ' on ', d.date, ': demand ', SUM(d.quantity),
                  ', lines ', SUM(d.sale_lines), ', revenue ', SUM(d.revenue), ' too many') AS example
      FROM (SELECT product_id, location_id, date, quantity, sale_lines, revenue FROM demand
             UNION ALL
            SELECT product_id, location, DATE(date), -quantity_sold, -1,
                   -(quantity_sold * sale_price - discount)
              FROM sales
             WHERE kind = 'sale' AND cancelled_by IS NULL) AS d
     GROUP BY d.product_id, d.location_id, d.date
    HAVING SUM(d.quantity) <> 0 OR SUM(d.sale_lines) <> 0 OR SUM(d.revenue) <> 0`,
  'every sale that was not cancelled before it left has its movement': `
    SELECT CONCAT('sale ', s.sale_id) AS example
      FROM sales s
      LEFT JOIN inventory_log l ON l.movement_key = CONCAT(s.kind, ':', s.sale_id)
     WHERE s.kind IN ('sale', 'return', 'adjustment') AND l.log_id IS NULL`,
  'every movement of a sale has its sale': `
    SELECT CONCAT('movement ', l.movement_key) AS example
      FROM inventory_log l
      LEFT JOIN sales s ON s.sale_id = l.reference_id
     WHERE l.change_type = 'sale' AND s.sale_id IS NULL`,
  'every cancellation points at a line that exists, and each at one sale only': `
    SELECT CONCAT('sale ', MAX(s.sale_id), ' cancelled by ', s.cancelled_by) AS example
      FROM sales s
      LEFT JOIN sales c ON c.sale_id = s.cancelled_by
     WHERE s.cancelled_by IS NOT NULL
     GROUP BY s.cancelled_by
    HAVING COUNT(c.sale_id) <> 1`,
  'every order has a known customer': `
    SELECT CONCAT('order ', o.order_id, ' of ', o.customer_id) AS example
      FROM orders o
      LEFT JOIN customer c ON c.customer_id = o.customer_id
     WHERE o.customer_id IS NOT NULL AND c.customer_id IS NULL`,
};

const Row = z.object({ count: z.int(), example: z.string().nullable() });

/** Checks what must hold of ledger, stock, sales and demand at all times. Reads everything: for tests and nights. */
export async function findViolations(statements: Statements): Promise<readonly Violation[]> {
  const violations: Violation[] = [];
  for (const [promise, sql] of Object.entries(PROMISES)) {
    const rows = await statements.select(
      Row,
      `SELECT COUNT(*) OVER () AS count, v.example
         FROM (${sql}) AS v
        ORDER BY v.example
        LIMIT ${EXAMPLES}`,
    );
    if (rows.length === 0) continue;
    const examples = rows.map((row) => row.example ?? '');
    violations.push({ promise, count: rows[0]!.count, examples });
  }
  return violations;
}
