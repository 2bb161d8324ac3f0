import * as z from 'zod';
import { idInput, pageQuery, serialParam } from '../../../shared/contracts/api/inputs.ts';
import { BookedMovements } from '../../../shared/contracts/api/ledger.ts';
import { Day } from '../../../shared/contracts/api/page.ts';
import { LotPage, LotShown, NewWriteOff } from '../../../shared/contracts/api/waste.ts';
import { readBusinessDay } from '../../../shared/data/planning/business-day.ts';
import { listLots } from '../../../shared/data/waste/lot-reads.ts';
import { found } from '../http/found.ts';
import type { ApiNeeds } from '../http/needs.ts';
import { jsonReply } from '../http/reply.ts';
import { KEEPERS, READERS } from '../http/roles.ts';
import { route } from '../http/route.ts';
import { writeOffLot } from '../stock/write-off-lot.ts';

const params = z.object({ id: serialParam });
const dayOf = async (needs: ApiNeeds, db: Parameters<typeof readBusinessDay>[0]) =>
  (await readBusinessDay(db)) ?? needs.now().toISOString().slice(0, 10);

export const lotRoutes = [
  route({
    method: 'GET',
    path: '/lots',
    summary: 'Lots, the first to expire first, with what is left of each by first expired, first out',
    roles: READERS,
    query: z.object({
      product_id: idInput().optional(),
      location_id: idInput(50).optional(),
      lot_code: idInput(64).optional(),
      expires_until: Day.optional(),
      ...pageQuery(500),
    }),
    answer: LotPage,
    async run(needs, { db, query }) {
      const asOf = await dayOf(needs, db);
      const filter = {
        productId: query.product_id,
        locationId: query.location_id,
        lotCode: query.lot_code,
        expiresUntil: query.expires_until,
      };
      return { as_of: asOf, ...(await listLots(db, filter, asOf, query)) };
    },
  }),
  route({
    method: 'GET',
    path: '/lots/{id}',
    summary: 'One lot and what is left of it',
    roles: READERS,
    params,
    answer: LotShown,
    async run(needs, { db, params: { id } }) {
      const { data } = await listLots(db, { lotId: id }, await dayOf(needs, db), { skip: 0, limit: 1 });
      return found(data[0], 'lot', id);
    },
  }),
  route({
    method: 'POST',
    path: '/lots/{id}/write-off',
    summary: 'Take what is left of a lot, or some of it, out of stock; the same id is the same write-off',
    roles: KEEPERS,
    params,
    body: NewWriteOff,
    answer: BookedMovements,
    status: 201,
    effect: 'creates',
    run: async ({ now }, { db, params: { id }, body, user }) => {
      const booked = await writeOffLot(db, id, body, { actor: user.username, now: now() });
      return booked.is_repeated ? jsonReply(200, booked) : booked;
    },
  }),
];
