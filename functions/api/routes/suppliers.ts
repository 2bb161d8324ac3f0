import * as z from 'zod';
import { pageQuery } from '../../../shared/contracts/api/inputs.ts';
import { pageOf } from '../../../shared/contracts/api/page.ts';
import {
  NewSupplier,
  NewSupplierItem,
  Supplier,
  SupplierChange,
  SupplierItem,
  SupplierItemChange,
} from '../../../shared/contracts/api/party.ts';
import { SupplierScorecard } from '../../../shared/contracts/api/purchase-order.ts';
import { Fault } from '../../../shared/contracts/fault.ts';
import { addDays } from '../../../shared/core/calendar/add-days.ts';
import { listSupplierItems, suppliers } from '../../../shared/data/catalogue/party-reads.ts';
import { orderDay } from '../../../shared/data/planning/business-day.ts';
import { readSupplierScorecard } from '../../../shared/data/purchasing/supplier-scorecard-reads.ts';
import {
  changeSupplier,
  changeSupplierItem,
  createSupplier,
  createSupplierItem,
  removeSupplierItem,
} from '../catalogue/keep-parties.ts';
import { found } from '../http/found.ts';
import { DECIDERS, READERS } from '../http/roles.ts';
import { route } from '../http/route.ts';

const query = z.object(pageQuery(1000));
const params = z.object({ id: z.string() });
const itemParams = z.object({ id: z.string(), product_id: z.string() });

export const supplierRoutes = [
  route({
    method: 'GET',
    path: '/suppliers',
    summary: 'Suppliers by id',
    roles: READERS,
    query,
    answer: pageOf(Supplier),
    run: (_, call) => suppliers.list(call.db, call.query),
  }),
  route({
    method: 'POST',
    path: '/suppliers',
    summary: 'Make a supplier',
    roles: DECIDERS,
    body: NewSupplier,
    answer: Supplier,
    status: 201,
    effect: 'creates',
    run: (_, { db, body, user }) => createSupplier(db, body, user.username),
  }),
  route({
    method: 'GET',
    path: '/suppliers/{id}',
    summary: 'One supplier',
    roles: READERS,
    params,
    answer: Supplier,
    run: async (_, { db, params: { id } }) => found(await suppliers.find(db, id), 'supplier', id),
  }),
  route({
    method: 'PUT',
    path: '/suppliers/{id}',
    summary: 'Change what is given',
    roles: DECIDERS,
    params,
    body: SupplierChange,
    answer: Supplier,
    run: (_, { db, params: { id }, body, user }) => changeSupplier(db, id, body, user.username),
  }),
  route({
    method: 'DELETE',
    path: '/suppliers/{id}',
    summary: 'Order nothing more from a supplier: it is inactive then, its terms and orders stay',
    roles: DECIDERS,
    params,
    answer: Supplier,
    run: (_, { db, params: { id }, user }) => changeSupplier(db, id, { is_active: false }, user.username),
  }),
  route({
    method: 'GET',
    path: '/suppliers/{id}/scorecard',
    summary:
      'How well a supplier supplied what was ordered within these days, a year by default: on time in full, lead times, fill, prices',
    roles: READERS,
    params,
    query: z.object({ from: z.iso.date().optional(), to: z.iso.date().optional() }),
    answer: SupplierScorecard,
    async run({ now }, { db, params: { id }, query: { from, to } }) {
      const { name } = found(await suppliers.find(db, id), 'supplier', id);
      const today = await orderDay(db, now());
      const last = to ?? today;
      const first = from ?? addDays(last, -364);
      if (first > last)
        throw new Fault('invalid', 'The period ends before it begins', {
          details: [{ field: 'from', reason: `is later than ${last}` }],
        });
      return readSupplierScorecard(db, {
        supplierId: id,
        supplierName: name,
        from: first,
        to: last,
        today,
      });
    },
  }),
  route({
    method: 'GET',
    path: '/suppliers/{id}/items',
    summary: 'What a supplier sells us, and on which terms',
    roles: READERS,
    params,
    query,
    answer: pageOf(SupplierItem),
    async run(_, call) {
      found(await suppliers.find(call.db, call.params.id), 'supplier', call.params.id);
      return listSupplierItems(call.db, call.params.id, call.query);
    },
  }),
  route({
    method: 'POST',
    path: '/suppliers/{id}/items',
    summary: 'A supplier sells us one product more',
    roles: DECIDERS,
    params,
    body: NewSupplierItem,
    answer: SupplierItem,
    status: 201,
    effect: 'creates',
    run: (_, { db, params: { id }, body, user }) => createSupplierItem(db, id, body, user.username),
  }),
  route({
    method: 'PUT',
    path: '/suppliers/{id}/items/{product_id}',
    summary: 'Change what is given of the terms',
    roles: DECIDERS,
    params: itemParams,
    body: SupplierItemChange,
    answer: SupplierItem,
    run: (_, { db, params: { id, product_id }, body, user }) =>
      changeSupplierItem(db, id, product_id, body, user.username),
  }),
  route({
    method: 'DELETE',
    path: '/suppliers/{id}/items/{product_id}',
    summary: 'A supplier does not sell us a product any more; answers what the terms were',
    roles: DECIDERS,
    params: itemParams,
    answer: SupplierItem,
    run: (_, { db, params: { id, product_id }, user }) =>
      removeSupplierItem(db, id, product_id, user.username),
  }),
];
