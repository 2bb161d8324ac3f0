import type { RowOf } from '../../shared/contracts/csv/csv-format.ts';
import type { orderHeaders as headerTemplate } from '../../shared/contracts/csv/order-headers.ts';
import type { orderItems } from '../../shared/contracts/csv/order-items.ts';
import { salesLines } from '../../shared/contracts/csv/sales-lines.ts';
import { insertCustomerStubs, insertSellerStubs } from '../../shared/data/catalogue/party-store.ts';
import type { LateReject } from '../../shared/data/imports/import-store.ts';
import { describeOrders } from '../../shared/data/imports/imported-order-store.ts';
import type { Position } from '../../shared/data/ledger/ledger-store.ts';
import { orderHeaders, updateOrderStatuses } from '../../shared/data/orders/order-header-store.ts';
import { insertOrders, type OrderRow } from '../../shared/data/orders/order-store.ts';
import type { Statements } from '../../shared/data/sql/database.ts';
import { type Applied, type ChunkSource, daySpan, type ValidRow } from './apply-chunk.ts';
import { applyOrderLines } from './apply-order-lines.ts';
import type { OrderLine } from './order-line.ts';
import { salesLine } from './sales-line.ts';

/** Orders whose lines come in another file: the headers are kept as orders without lines. */

export async function applyOrderHeaders(
  tx: Statements,
  rows: readonly ValidRow<RowOf<typeof headerTemplate>>[],
  source: ChunkSource,
): Promise<Applied> {
  const last = new Map(rows.map(({ row }) => [row.order_id, row]));
  const orders = [...last.keys()].sort().map((id) => last.get(id)!);
  const customers = new Map(
    orders.flatMap((row) => (row.customer_id ? [[row.customer_id, row] as const] : [])),
  );
  await insertCustomerStubs(
    tx,
    [...customers.keys()].sort().map((customerId) => {
      const { city, state, country } = customers.get(customerId)!;
      return { customerId, name: customerId, city, state, country };
    }),
  );
  await insertSellerStubs(
    tx,
    [...new Set(orders.flatMap((row) => (row.seller_id ? [row.seller_id] : [])))].sort(),
  );
  const described = orders.map(
    (row): OrderRow => ({
      orderId: row.order_id,
      customerId: row.customer_id,
      sellerId: row.seller_id,
      date: row.date,
      status: capitalised(row.status),
      paymentMethod: row.payment_method,
      city: row.city,
      state: row.state,
      country: row.country,
    }),
  );
  await insertOrders(tx, source.importId, described);
  // those that an undo took away are of this import from now on
  await describeOrders(tx, source.importId, described, { onlyUndone: true });
  await updateOrderStatuses(
    tx,
    orders.map((row) => ({ orderId: row.order_id, status: capitalised(row.status) })),
  );
  return {
    rejects: [],
    known: [],
    counts: {
      imported: rows.length,
      duplicates: 0,
      excluded: 0,
      shortages: 0,
      kinds: {},
      ...daySpan(orders.map((row) => row.date)),
    },
  };
}

const capitalised = (status: string): string => status.charAt(0).toUpperCase() + status.slice(1);

/** A line of an order, and which of its order it is. */
export interface OrderItem {
  readonly line: number;
  readonly row: RowOf<typeof orderItems>;
  readonly no: string;
  readonly locationId: string;
}

/** Products of orders that are counted in memory. */
const MEMORY = 1_000_000;

/** A row of the items template. Without a number of its own, an item is its product, and how often that came before. */
export function orderItemOf(
  row: RowOf<typeof orderItems>,
  line: number,
  defaultLocation: string,
  numbered: Map<string, number>,
): OrderItem | { readonly field: string; readonly reason: string } {
  const locationId = row.location_id ?? defaultLocation;
  if (row.line !== null) return { line, row, no: row.line, locationId };
  const key = `${row.order_id}\n${row.product_id}`;
  const nth = (numbered.get(key) ?? 0) + 1;
  if (nth === 1 && numbered.size >= MEMORY) {
    return {
      field: 'line',
      reason: `is missing, and the file has more than ${MEMORY} lines: number or split it`,
    };
  }
  numbered.set(key, nth);
  // what is long is cut where the id of a line ends; products that begin the same then meet, and are refused
  return { line, row, no: `${row.product_id.slice(0, 54)}${nth === 1 ? '' : `#${nth}`}`, locationId };
}

export const positionsOfItems = (items: readonly OrderItem[]): Position[] =>
  items.map(({ row, locationId }) => ({ productId: row.product_id, locationId }));

/** Joins lines with their orders and records them; a line whose order nobody told is rejected. */
export async function applyOrderItems(
  tx: Statements,
  items: readonly OrderItem[],
  source: ChunkSource,
): Promise<Applied> {
  const headers = await orderHeaders(
    tx,
    items.map(({ row }) => row.order_id),
  );
  const rejects: LateReject[] = [];
  const lines: OrderLine[] = [];
  for (const { line, row, no, locationId } of items) {
    const order = headers.get(row.order_id);
    if (order === undefined) {
      rejects.push({ line, field: 'order_id', reason: 'is no known order: import its header first' });
      continue;
    }
    const joined = salesLine(
      {
        ...EMPTY,
        ...row,
        line: no,
        date: order.order_date,
        status: statusOf(order.order_status),
        location_id: locationId,
        customer_id: order.customer_id,
        seller_id: order.seller_id,
        payment_method: order.payment_method,
        city: order.city,
        state: order.state,
        country: order.country,
      },
      line,
      locationId,
    );
    if ('field' in joined) rejects.push({ line, ...joined });
    else lines.push({ ...joined, customer: null, revises: true });
  }
  const applied = await applyOrderLines(tx, lines, source);
  return { ...applied, rejects: [...rejects, ...applied.rejects] };
}

const EMPTY = { reason: null, customer_name: null, brand: null };

/** Statuses that orders get from us and files do not know leave the line as it was sold. */
function statusOf(status: string): RowOf<typeof salesLines>['status'] {
  const known = salesLines.row.shape.status.safeParse(status);
  return known.success ? known.data : 'delivered';
}
