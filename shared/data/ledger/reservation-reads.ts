import * as z from 'zod';
import {
  RESERVATION_STATUSES,
  type Reservation,
  type StockPositionRow,
} from '../../contracts/api/reservation.ts';
import { type Page, type PageAsked, Total, timeColumn, where } from '../sql/columns.ts';
import type { Statements } from '../sql/database.ts';
import { IN_TRANSIT, ORDERED } from './position-store.ts';

const Row = z.object({
  reservation_id: z.string(),
  product_id: z.string(),
  location_id: z.string(),
  quantity: z.int(),
  quantity_open: z.int(),
  quantity_taken: z.int(),
  status: z.enum(RESERVATION_STATUSES),
  reference: z.string().nullable(),
  expires_at: timeColumn.nullable(),
  created_by: z.string(),
  created_at: timeColumn,
  ended_by: z.string().nullable(),
  ended_at: timeColumn.nullable(),
});
const OVER = `(r.status = 'open' AND r.expires_at IS NOT NULL AND r.expires_at <= UTC_TIMESTAMP(3))`;
// One whose time is over has ended, also before somebody who needs its stock or the night notes it.
const SELECT = `SELECT r.reservation_id, r.product_id, r.location_id, r.quantity,
       CASE WHEN ${OVER} THEN 0 ELSE r.quantity_open END AS quantity_open, r.quantity_taken,
       CASE WHEN ${OVER} THEN 'expired' ELSE r.status END AS status, r.reference, r.expires_at, r.created_by,
       r.created_at, r.ended_by, r.ended_at
  FROM reservation r`;

export interface ReservationFilter {
  readonly status?: string | undefined;
  readonly productId?: string | undefined;
  readonly locationId?: string | undefined;
  readonly reference?: string | undefined;
}

/** Reservations, newest first. */
export async function listReservations(
  db: Statements,
  { status, productId, locationId, reference }: ReservationFilter,
  { skip, limit }: PageAsked,
): Promise<Page<Reservation>> {
  const conditions = where([
    status !== undefined && `CASE WHEN ${OVER} THEN 'expired' ELSE r.status END = :status`,
    productId !== undefined && 'r.product_id = :productId',
    locationId !== undefined && 'r.location_id = :locationId',
    reference !== undefined && 'r.reference = :reference',
  ]);
  const params = {
    ...(status !== undefined && { status }),
    ...(productId !== undefined && { productId }),
    ...(locationId !== undefined && { locationId }),
    ...(reference !== undefined && { reference }),
  };
  const [count] = await db.select(Total, `SELECT COUNT(*) AS total FROM reservation r ${conditions}`, params);
  const data = await db.select(
    Row,
    `${SELECT} ${conditions} ORDER BY r.created_at DESC, r.reservation_id DESC LIMIT :limit OFFSET :skip`,
    { ...params, skip, limit },
  );
  return { data, pagination: { skip, limit, total: count!.total } };
}

/** One reservation. */
export async function findReservation(
  db: Statements,
  reservationId: string,
): Promise<Reservation | undefined> {
  const [row] = await db.select(Row, `${SELECT} WHERE r.reservation_id = :reservationId`, { reservationId });
  return row;
}

const PositionRow = z
  .object({
    product_id: z.string(),
    product_name: z.string(),
    location_id: z.string(),
    on_hand: z.int(),
    committed: z.int(),
    on_order: z.int(),
    in_transit: z.int(),
  })
  .transform(
    (row): StockPositionRow => ({
      ...row,
      available: row.on_hand - row.committed,
      position: row.on_hand + row.on_order + row.in_transit - row.committed,
    }),
  );

/** What is there, promised and coming of each product at each location that has or had stock of it. */
export async function listPositions(
  db: Statements,
  filter: { readonly productId?: string | undefined; readonly locationId?: string | undefined },
  { skip, limit }: PageAsked,
): Promise<Page<StockPositionRow>> {
  const conditions = where([
    filter.productId !== undefined && 'k.product_id = :productId',
    filter.locationId !== undefined && 'k.location_id = :locationId',
  ]);
  const params = {
    ...(filter.productId !== undefined && { productId: filter.productId }),
    ...(filter.locationId !== undefined && { locationId: filter.locationId }),
  };
  const [count] = await db.select(Total, `SELECT COUNT(*) AS total FROM stock k ${conditions}`, params);
  const data = await db.select(
    PositionRow,
    `SELECT k.product_id, p.product_name, k.location_id, k.stock_level AS on_hand, k.committed,
            ${ORDERED} AS on_order, ${IN_TRANSIT} AS in_transit
       FROM stock k
       JOIN products p ON p.product_id = k.product_id
       ${conditions}
      ORDER BY k.product_id, k.location_id
      LIMIT :limit OFFSET :skip`,
    { ...params, skip, limit },
  );
  return { data, pagination: { skip, limit, total: count!.total } };
}
