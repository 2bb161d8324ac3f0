import * as z from 'zod';
import { pageQuery } from '../../../shared/contracts/api/inputs.ts';
import { pageOf } from '../../../shared/contracts/api/page.ts';
import {
  Customer,
  CustomerChange,
  CustomerDetail,
  NewCustomer,
  NewSeller,
  Seller,
  SellerChange,
} from '../../../shared/contracts/api/party.ts';
import { customers, sellers } from '../../../shared/data/catalogue/party-reads.ts';
import {
  changeCustomer,
  changeSeller,
  createCustomer,
  createSeller,
  eraseCustomer,
} from '../catalogue/keep-parties.ts';
import { found } from '../http/found.ts';
import { KEEPERS, READERS } from '../http/roles.ts';
import { route } from '../http/route.ts';

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
    summary: 'One customer with the newest orders',
    roles: READERS,
    params,
    answer: CustomerDetail,
    run: async (_, { db, params: { id } }) => found(await customers.findDetail(db, id), 'customer', id),
  }),
  route({
    method: 'POST',
    path: '/customers',
    summary: 'Make a customer',
    roles: KEEPERS,
    body: NewCustomer,
    answer: CustomerDetail,
    status: 201,
    effect: 'creates',
    run: (_, { db, body, user }) => createCustomer(db, body, user.username),
  }),
  route({
    method: 'PUT',
    path: '/customers/{id}',
    summary: 'Change what is given',
    roles: KEEPERS,
    params,
    body: CustomerChange,
    answer: CustomerDetail,
    run: (_, { db, params: { id }, body, user }) => changeCustomer(db, id, body, user.username),
  }),
  route({
    method: 'DELETE',
    path: '/customers/{id}',
    summary: 'Erase what names a person: name, city and state; the orders stay',
    roles: ['planner'],
    params,
    answer: CustomerDetail,
    run: (_, { db, params: { id }, user }) => eraseCustomer(db, id, user.username),
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
    method: 'POST',
    path: '/sellers',
    summary: 'Make a seller',
    roles: KEEPERS,
    body: NewSeller,
    answer: Seller,
    status: 201,
    effect: 'creates',
    run: (_, { db, body, user }) => createSeller(db, body, user.username),
  }),
  route({
    method: 'PUT',
    path: '/sellers/{id}',
    summary: 'Change what is given',
    roles: KEEPERS,
    params,
    body: SellerChange,
    answer: Seller,
    run: (_, { db, params: { id }, body, user }) => changeSeller(db, id, body, user.username),
  }),
  route({
    method: 'DELETE',
    path: '/sellers/{id}',
    summary: 'Make a seller inactive; orders stay',
    roles: KEEPERS,
    params,
    answer: Seller,
    run: (_, { db, params: { id }, user }) => changeSeller(db, id, { is_active: false }, user.username),
  }),
];
