import * as z from 'zod';
import { pageQuery } from '../../../shared/contracts/api/inputs.ts';
import { pageOf } from '../../../shared/contracts/api/page.ts';
import { Customer, Seller, Supplier, SupplierItem } from '../../../shared/contracts/api/party.ts';
import { customers, listSupplierItems, sellers, suppliers } from '../../../shared/data/party-reads.ts';
import { found } from '../found.ts';
import { READERS } from '../roles.ts';
import { route } from '../route.ts';

const query = z.object(pageQuery(1000));
const params = z.object({ id: z.string() });

export const partyRoutes = [
  route({
    method: 'GET',
    path: '/customers',
    summary: 'Customers by id',
    roles: READERS,
    query,
    answer: pageOf(Customer),
    run: (_, call) => customers.list(call.db, call.query),
  }),
  route({
    method: 'GET',
    path: '/customers/{id}',
    summary: 'One customer',
    roles: READERS,
    params,
    answer: Customer,
    run: async (_, { db, params: { id } }) => found(await customers.find(db, id), 'customer', id),
  }),
  route({
    method: 'GET',
    path: '/sellers',
    summary: 'Sellers on the marketplace by id',
    roles: READERS,
    query,
    answer: pageOf(Seller),
    run: (_, call) => sellers.list(call.db, call.query),
  }),
  route({
    method: 'GET',
    path: '/sellers/{id}',
    summary: 'One seller',
    roles: READERS,
    params,
    answer: Seller,
    run: async (_, { db, params: { id } }) => found(await sellers.find(db, id), 'seller', id),
  }),
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
    method: 'GET',
    path: '/suppliers/{id}',
    summary: 'One supplier',
    roles: READERS,
    params,
    answer: Supplier,
    run: async (_, { db, params: { id } }) => found(await suppliers.find(db, id), 'supplier', id),
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
];
