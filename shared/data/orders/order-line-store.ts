import * as z from 'zod';
import * as cells from '../../contracts/csv/cells.ts';
import { Fault } from '../../contracts/fault.ts';
import { flagColumn } from '../sql/columns.ts';
import { json, type Statements } from '../sql/database.ts';

const OrderRow = z.object({ order_status: z.string() });

const LineRow = z
  .object({
    sale_id: z.string(),
    product_id: z.string(),
    location: z.string(),
    date: z.string(),
    kind: z.string(),
    quantity_sold: z.int(),
    sale_price: z.string(),
    discount: z.string(),
    total_amount: z.string(),
    refunded: flagColumn,
    cancelled_by: z.string().nullable(),
  })
  .transform((row) => ({
    saleId: row.sale_id,
    productId: row.product_id,
    locationId: row.location,
    date: row.date,
    kind: row.kind,
    quantity: row.quantity_sold,
    revenue: row.quantity_sold * cells.money.parse(row.sale_price) - cells.money.parse(row.discount),
    total: moneyOf(row.total_amount),
    refunded: row.refunded,
    isTakenBack: row.cancelled_by !== null,
  }));
const Returned = z.object({ sale_id: z.string(), quantity: z.int(), refund: z.string() });

/** Ten-thousandths of an exact sum, which may be larger than what a price may be. */
const moneyOf = (text: string): number => Math.round(Number(text) * 10_000);

/** A line of a held order. Money in ten-thousandths. */
export interface HeldLine {
  readonly saleId: string;
  readonly productId: string;
  readonly locationId: string;
  readonly date: string;
  /** `cancelled` also where a cancellation that was imported took a sale back. */
  readonly kind: string;
  readonly quantity: number;
  /** What the goods bring, without tax and shipping. */
  readonly revenue: number;
  readonly total: number;
  /** Units that came back, and what was given back. */
  readonly returned: number;
  readonly refund: number;
}

/** An order whose lines nobody else changes until the transaction ends. */
export interface HeldOrder {
  readonly id: string;
  readonly status: string;
  readonly lines: readonly HeldLine[];
}

/** Lines of an order that can be changed at once, and of one answer of the database. */
const MAX_LINES = 2_000;
const PAGE = 1_000;

/** Holds an order without its lines and says its status; undefined without such an order. */
export async function holdStatus(tx: Statements, orderId: string): Promise<string | undefined> {
  const [order] = await tx.select(
    OrderRow,
    `SELECT order_status FROM orders WHERE order_id = :orderId FOR UPDATE`,
    { orderId },
  );
  return order?.order_status;
}

/**
 * Holds an order and all of its lines; undefined without such an order. Fault `conflict` for an order of more than 2,000
 * lines: what becomes of an order is told by all of them.
 */
export async function holdOrder(tx: Statements, orderId: string): Promise<HeldOrder | undefined> {
  const status = await holdStatus(tx, orderId);
  if (status === undefined) return undefined;
  const rows = await holdLines(tx, orderId);
  const returned = new Map(
    (
      await tx.select(
        Returned,
        `SELECT l.sale_id, CAST(SUM(l.quantity) AS SIGNED) AS quantity, CAST(SUM(l.refund_amount) AS CHAR) AS refund
           FROM order_return o
           JOIN order_return_line l ON l.return_id = o.return_id
          WHERE o.order_id = :orderId
          GROUP BY l.sale_id
           LOCK IN SHARE MODE`,
        { orderId },
      )
    ).map((row) => [row.sale_id, row]),
  );
  const lines = rows.map(({ refunded, isTakenBack, ...line }): HeldLine => {
    const back = returned.get(line.saleId);
    // An imported line that came back has no return of its own: all of it did.
    const isBack = refunded && back === undefined;
    return {
      ...line,
      kind: isTakenBack ? 'cancelled' : line.kind,
      returned: back?.quantity ?? (isBack ? line.quantity : 0),
      refund: back ? moneyOf(back.refund) : isBack ? line.total : 0,
    };
  });
  return { id: orderId, status, lines };
}

async function holdLines(tx: Statements, orderId: string): Promise<z.infer<typeof LineRow>[]> {
  const rows: z.infer<typeof LineRow>[] = [];
  for (let after = ''; ; after = rows.at(-1)!.saleId) {
    const page = await tx.select(
      LineRow,
      `SELECT sale_id, product_id, location, CAST(date AS CHAR) AS date, kind, quantity_sold, sale_price, discount,
              total_amount, refunded, cancelled_by
         FROM sales
        WHERE order_id = :orderId
          AND (LENGTH(sale_id) > LENGTH(:after) OR (LENGTH(sale_id) = LENGTH(:after) AND sale_id > :after))
        ORDER BY LENGTH(sale_id), sale_id
        LIMIT ${PAGE}
          FOR UPDATE`,
      { orderId, after },
    );
    rows.push(...page);
    if (rows.length > MAX_LINES)
      throw new Fault(
        'conflict',
        `Order ${orderId} has more than ${MAX_LINES} lines: it can only be imported anew`,
      );
    if (page.length < PAGE) return rows;
  }
}

/** The line of that id, or of that number, 1 being the first. */
export function lineOf({ id, lines }: HeldOrder, line: string | number): HeldLine | undefined {
  if (typeof line === 'string') return lines.find(({ saleId }) => saleId === line);
  return lines.find(({ saleId }) => saleId === `${id}:${line}`) ?? lines[line - 1];
}

const LogId = z.object({ log_id: z.int() });

/** The movements by which these lines left the stock, but those that were taken back. */
export async function saleMovements(tx: Statements, saleIds: readonly string[]): Promise<number[]> {
  if (saleIds.length === 0) return [];
  const rows = await tx.select(
    LogId,
    `SELECT STRAIGHT_JOIN l.log_id
       FROM JSON_TABLE(:ids, '$[*]' COLUMNS (id VARCHAR(128) PATH '$')) AS j
       JOIN inventory_log l FORCE INDEX (inventory_log_reference) ON l.reference_id = j.id AND l.change_type = 'sale'
       LEFT JOIN inventory_log r FORCE INDEX (inventory_log_reverses) ON r.reverses_log_id = l.log_id
      WHERE r.log_id IS NULL`,
    { ids: json(saleIds) },
  );
  return rows.map((row) => row.log_id);
}

/** Turns lines into cancelled ones: neither stock nor demand. */
export async function cancelLines(tx: Statements, saleIds: readonly string[], reason: string): Promise<void> {
  if (saleIds.length === 0) return;
  await tx.write(
    `UPDATE sales s
       JOIN JSON_TABLE(:ids, '$[*]' COLUMNS (id VARCHAR(128) PATH '$')) AS j ON s.sale_id = j.id
        SET s.kind = 'cancelled', s.reason = :reason`,
    { ids: json(saleIds), reason },
  );
}

/** Marks lines of which something was given back. */
export async function markRefunded(tx: Statements, saleIds: readonly string[]): Promise<void> {
  await tx.write(
    `UPDATE sales s
       JOIN JSON_TABLE(:ids, '$[*]' COLUMNS (id VARCHAR(128) PATH '$')) AS j ON s.sale_id = j.id
        SET s.refunded = 1`,
    { ids: json(saleIds) },
  );
}

export async function setOrderStatus(tx: Statements, orderId: string, status: string): Promise<void> {
  await tx.write(`UPDATE orders SET order_status = :status WHERE order_id = :orderId`, { orderId, status });
}
