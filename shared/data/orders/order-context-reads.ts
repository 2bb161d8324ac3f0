import * as z from 'zod';
import type { NewOrderLine } from '../../contracts/api/order.ts';
import type { StockPosition } from '../../core/inventory/book-movements.ts';
import { BUSINESS_DAY } from '../planning/business-day.ts';
import { flagColumn, timeColumn } from '../sql/columns.ts';
import { json, type Statements } from '../sql/database.ts';

const Row = z.object({
  n: z.int(),
  content_hash: z.string().nullable(),
  is_known: flagColumn,
  business_day: z.string().nullable(),
  now: timeColumn,
  location_id: z.string(),
  is_location: flagColumn,
  product_id: z.string().nullable(),
  product_name: z.string().nullable(),
  unit_price: z.string().nullable(),
  is_service: flagColumn.nullable(),
  backorders_allowed: flagColumn.nullable(),
  stock_level: z.int(),
  committed: z.int(),
});

/** What an order line names, as the database knows it. */
export interface LineContext {
  readonly locationId: string;
  readonly isLocation: boolean;
  /** Null for a product that nobody knows. `unitPrice` as a decimal string. */
  readonly product: {
    readonly id: string;
    readonly name: string;
    readonly unitPrice: string | null;
    readonly isService: boolean;
  } | null;
  /** Without a lock: may have changed already. */
  readonly position: StockPosition;
}

/** All that has to be known before an order is taken. */
export interface OrderContext {
  /** The order of that id, if there is one; its hash is null if it was imported. */
  readonly existing: { readonly contentHash: string | null } | undefined;
  readonly businessDay: string | undefined;
  /** By the database's clock. */
  readonly now: string;
  readonly lines: readonly LineContext[];
}

/** Reads in one statement what a new order depends on. At most some hundred lines. */
export async function readOrderContext(
  tx: Statements,
  orderId: string,
  lines: readonly NewOrderLine[],
): Promise<OrderContext> {
  const rows = await tx.select(
    Row,
    `SELECT STRAIGHT_JOIN x.n, o.content_hash, o.order_id IS NOT NULL AS is_known, x.business_day,
            UTC_TIMESTAMP(3) AS now, x.location_id, l.location_id IS NOT NULL AS is_location, p.product_id,
            p.product_name, CAST(p.unit_price AS CHAR) AS unit_price, p.is_service, p.backorders_allowed,
            COALESCE(s.stock_level, 0) AS stock_level, COALESCE(s.committed, 0) AS committed
       FROM (SELECT j.n, j.product_id, ${BUSINESS_DAY} AS business_day,
                    COALESCE(j.location_id, (SELECT value FROM setting WHERE name = 'default_location'), 'MAIN')
                      COLLATE utf8mb4_bin AS location_id
               FROM JSON_TABLE(:lines, '$[*]' COLUMNS (
                      n           FOR ORDINALITY,
                      product_id  VARCHAR(64) PATH '$[0]',
                      location_id VARCHAR(50) PATH '$[1]')) AS j) AS x
       LEFT JOIN orders o ON o.order_id = :orderId
       LEFT JOIN products p ON p.product_id = x.product_id
       LEFT JOIN location l ON l.location_id = x.location_id
       LEFT JOIN stock s ON s.product_id = x.product_id AND s.location_id = x.location_id
      ORDER BY x.n`,
    { orderId, lines: json(lines.map((line) => [line.product_id, line.location_id ?? null])) },
  );
  const [first] = rows;
  return {
    existing: first!.is_known ? { contentHash: first!.content_hash } : undefined,
    businessDay: first!.business_day ?? undefined,
    now: first!.now,
    lines: rows.map((row, i) => ({
      locationId: row.location_id,
      isLocation: row.is_location,
      product:
        row.product_id === null
          ? null
          : {
              id: row.product_id,
              name: row.product_name!,
              unitPrice: row.unit_price,
              isService: row.is_service!,
            },
      position: {
        productId: lines[i]!.product_id,
        locationId: row.location_id,
        level: row.stock_level,
        committed: row.committed,
        backordersAllowed: row.backorders_allowed ?? false,
      },
    })),
  };
}
