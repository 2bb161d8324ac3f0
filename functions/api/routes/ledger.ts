import * as z from 'zod';
import { serialParam } from '../../../shared/contracts/api/inputs.ts';
import {
  AsOf,
  AsOfQuery,
  BookedMovements,
  LedgerMovement,
  LedgerPage,
  LedgerQuery,
  NewMovement,
  NewReversal,
  SnapshotQuery,
  Snapshots,
} from '../../../shared/contracts/api/ledger.ts';
import { findMovement } from '../../../shared/data/ledger/ledger-reads.ts';
import { found } from '../http/found.ts';
import { jsonReply } from '../http/reply.ts';
import { KEEPERS, READERS } from '../http/roles.ts';
import { route } from '../http/route.ts';
import { bookMovement } from '../stock/book-movement.ts';
import { answerAsOf, answerLedger, answerSnapshots } from '../stock/read-ledger.ts';
import { reverseMovement } from '../stock/reverse-movement.ts';

const params = z.object({ id: serialParam });

export const ledgerRoutes = [
  route({
    method: 'GET',
    path: '/ledger',
    summary: 'Movements of stock as they were recorded, newest first; locations with all that lie in them',
    roles: READERS,
    query: LedgerQuery,
    answer: LedgerPage,
    run: (_, { db, query }) => answerLedger(db, query),
  }),
  route({
    method: 'GET',
    path: '/ledger/as-of',
    summary: 'Stock at an effective time as it was known at a recorded time: the same answer for ever',
    roles: READERS,
    query: AsOfQuery,
    answer: AsOf,
    run: ({ database }, { query }) => answerAsOf(database, query),
  }),
  route({
    method: 'GET',
    path: '/movements/{id}',
    summary: 'One movement by its number in the ledger',
    roles: READERS,
    params,
    answer: LedgerMovement,
    run: async (_, { db, params: { id } }) => found(await findMovement(db, id), 'movement', id),
  }),
  route({
    method: 'POST',
    path: '/movements',
    summary: 'Book what has happened to stock; the same id is the same movement',
    roles: KEEPERS,
    body: NewMovement,
    answer: BookedMovements,
    status: 201,
    effect: 'creates',
    run: async ({ now }, { db, body, user }) => {
      const booked = await bookMovement(db, body, { actor: user.username, now: now() });
      return booked.is_repeated ? jsonReply(200, booked) : booked;
    },
  }),
  route({
    method: 'POST',
    path: '/movements/{id}/reverse',
    summary: 'Take a movement back by its opposite, linked to it',
    roles: KEEPERS,
    params,
    body: NewReversal,
    answer: BookedMovements,
    status: 201,
    effect: 'creates',
    run: async (_, { db, params: { id }, body, user }) => {
      const booked = await reverseMovement(db, id, body.reason, user.username);
      return booked.is_repeated ? jsonReply(200, booked) : booked;
    },
  }),
  route({
    method: 'GET',
    path: '/inventory/snapshots',
    summary: 'Stock day by day: of one product from one day to another, or of all products on one day',
    roles: READERS,
    query: SnapshotQuery,
    answer: Snapshots,
    run: (_, { db, query }) => answerSnapshots(db, query),
  }),
];
