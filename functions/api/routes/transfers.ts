import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { pageQuery } from '../../../shared/contracts/api/inputs.ts';
import { pageOf } from '../../../shared/contracts/api/page.ts';
import {
  NewTransfer,
  TRANSFER_STATUSES,
  Transfer,
  TransferArrival,
  TransferEnd,
} from '../../../shared/contracts/api/transfer.ts';
import { findTransfer, listTransfers } from '../../../shared/data/ledger/transfer-reads.ts';
import { found } from '../http/found.ts';
import { jsonReply } from '../http/reply.ts';
import { KEEPERS, READERS } from '../http/roles.ts';
import { route } from '../http/route.ts';
import { createTransfer } from '../stock/create-transfer.ts';
import { endTransfer } from '../stock/end-transfer.ts';
import { receiveTransfer } from '../stock/receive-transfer.ts';

const params = z.object({ id: z.string() });

export const transferRoutes = [
  route({
    method: 'GET',
    path: '/transfers',
    summary: 'Goods moved between locations, newest first',
    roles: READERS,
    query: z.object({
      ...pageQuery(200, 50),
      status: z.enum(TRANSFER_STATUSES).optional(),
      product_id: z.string().optional(),
      location_id: z.string().optional(),
    }),
    answer: pageOf(Transfer),
    run: (_, { db, query }) =>
      listTransfers(
        db,
        { status: query.status, productId: query.product_id, locationId: query.location_id },
        query,
      ),
  }),
  route({
    method: 'POST',
    path: '/transfers',
    summary: 'Send goods to another location; 409 when stock is short',
    roles: KEEPERS,
    body: NewTransfer,
    answer: Transfer,
    status: 201,
    effect: 'creates',
    run: async ({ now }, { db, body, user }) => {
      const asked = { ...body, id: body.id ?? randomUUID() };
      const { transfer, isNew } = await createTransfer(db, asked, { actor: user.username, now: now() });
      return isNew ? transfer : jsonReply(200, transfer);
    },
  }),
  route({
    method: 'GET',
    path: '/transfers/{id}',
    summary: 'One transfer, and what became of its goods',
    roles: READERS,
    params,
    answer: Transfer,
    run: async (_, { db, params: { id } }) => found(await findTransfer(db, id), 'transfer', id),
  }),
  route({
    method: 'POST',
    path: '/transfers/{id}/receive',
    summary: 'Book what arrived: all that is in transit, or these lines; several times',
    roles: KEEPERS,
    params,
    body: TransferArrival,
    answer: Transfer,
    effect: 'creates',
    run: ({ now }, { db, params: { id }, body, user }) =>
      receiveTransfer(db, id, body, { actor: user.username, now: now() }),
  }),
  route({
    method: 'POST',
    path: '/transfers/{id}/cancel',
    summary: 'Bring what is in transit back to where it came from',
    roles: KEEPERS,
    params,
    body: TransferEnd,
    answer: Transfer,
    effect: 'creates',
    run: ({ now }, { db, params: { id }, body, user }) =>
      endTransfer(db, id, 'cancelled', body, { actor: user.username, now: now() }),
  }),
  route({
    method: 'POST',
    path: '/transfers/{id}/close',
    summary: 'Give up what is in transit: it is booked as damage at its destination',
    roles: KEEPERS,
    params,
    body: TransferEnd,
    answer: Transfer,
    effect: 'creates',
    run: ({ now }, { db, params: { id }, body, user }) =>
      endTransfer(db, id, 'closed', body, { actor: user.username, now: now() }),
  }),
];
