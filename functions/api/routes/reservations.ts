import * as z from 'zod';
import { pageQuery } from '../../../shared/contracts/api/inputs.ts';
import { pageOf } from '../../../shared/contracts/api/page.ts';
import {
  NewReservation,
  RESERVATION_STATUSES,
  Reservation,
  StockPositionRow,
} from '../../../shared/contracts/api/reservation.ts';
import {
  findReservation,
  listPositions,
  listReservations,
} from '../../../shared/data/ledger/reservation-reads.ts';
import { releaseReservation } from '../../../shared/data/ledger/reservation-store.ts';
import { found } from '../http/found.ts';
import { KEEPERS, READERS } from '../http/roles.ts';
import { type Route, route } from '../http/route.ts';
import { createReservation } from '../stock/create-reservation.ts';

const params = z.object({ id: z.string() });

const positions = (path: string, summary: string): Route =>
  route({
    method: 'GET',
    path,
    summary,
    roles: READERS,
    query: z.object({
      ...pageQuery(500),
      product_id: z.string().optional(),
      location_id: z.string().optional(),
    }),
    answer: pageOf(StockPositionRow),
    run: (_, { db, query }) =>
      listPositions(db, { productId: query.product_id, locationId: query.location_id }, query),
  });

export const reservationRoutes = [
  route({
    method: 'GET',
    path: '/reservations',
    summary: 'Units promised to somebody, newest first',
    roles: READERS,
    query: z.object({
      ...pageQuery(500),
      status: z.enum(RESERVATION_STATUSES).optional(),
      product_id: z.string().optional(),
      location_id: z.string().optional(),
      reference: z.string().optional(),
    }),
    answer: pageOf(Reservation),
    run: (_, { db, query }) =>
      listReservations(
        db,
        {
          status: query.status,
          productId: query.product_id,
          locationId: query.location_id,
          reference: query.reference,
        },
        query,
      ),
  }),
  route({
    method: 'POST',
    path: '/reservations',
    summary: 'Promise units out of what is available; 409 when there are fewer',
    roles: KEEPERS,
    body: NewReservation,
    answer: Reservation,
    status: 201,
    effect: 'creates',
    run: (_, { db, body, user }) => createReservation(db, body, user.username),
  }),
  route({
    method: 'GET',
    path: '/reservations/{id}',
    summary: 'One reservation',
    roles: READERS,
    params,
    answer: Reservation,
    run: async (_, { db, params: { id } }) => found(await findReservation(db, id), 'reservation', id),
  }),
  route({
    method: 'POST',
    path: '/reservations/{id}/release',
    summary: 'Give back what a reservation still holds',
    roles: KEEPERS,
    params,
    answer: Reservation,
    effect: 'creates',
    run: async (_, { db, params: { id }, user }) => {
      await releaseReservation(db, id, user.username);
      return found(await findReservation(db, id), 'reservation', id);
    },
  }),
  positions(
    '/inventory/positions',
    'What is there, promised, ordered and in transit, by product and location',
  ),
  positions('/get_inventory', 'The same as GET /inventory/positions'),
];
