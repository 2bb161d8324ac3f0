import * as z from 'zod';
import { pageQuery } from '../../../shared/contracts/api/inputs.ts';
import { Day, pageOf } from '../../../shared/contracts/api/page.ts';
import {
  ClassPolicyRow,
  ItemPolicyDetail,
  ItemPolicyInput,
  LeadTimeRow,
  PolicyInput,
  ReceivingCalendar,
  SupplierCalendar,
} from '../../../shared/contracts/api/replenishment.ts';
import { SeriesClass } from '../../../shared/contracts/policy.ts';
import { findLocation } from '../../../shared/data/catalogue/location-reads.ts';
import { suppliers } from '../../../shared/data/catalogue/party-reads.ts';
import { listClassPolicies } from '../../../shared/data/policies/policy-reads.ts';
import {
  readReceivingCalendar,
  readSupplierCalendar,
} from '../../../shared/data/purchasing/calendar-store.ts';
import { listLeadTimes } from '../../../shared/data/purchasing/lead-time-reads.ts';
import { found } from '../http/found.ts';
import { DECIDERS, READERS } from '../http/roles.ts';
import { route } from '../http/route.ts';
import {
  endItemPolicy,
  itemPolicyDetail,
  setClassPolicy,
  setItemPolicy,
  setReceivingCalendar,
  setSupplierCalendar,
} from '../policies/keep-policies.ts';

const byClass = z.object({ class: SeriesClass });
const byItem = z.object({ product_id: z.string(), location_id: z.string() });
const byId = z.object({ id: z.string() });

export const policyRoutes = [
  route({
    method: 'GET',
    path: '/policies',
    summary: 'How the series of each class are replenished, and why',
    roles: READERS,
    answer: z.object({ data: z.array(ClassPolicyRow) }),
    run: async (_, { db }) => ({ data: await listClassPolicies(db) }),
  }),
  route({
    method: 'PUT',
    path: '/policies/{class}',
    summary: 'Set the policy of a class, AX to CZ, from the next plan on',
    roles: DECIDERS,
    params: byClass,
    body: PolicyInput,
    answer: ClassPolicyRow,
    run: (_, { db, params, body, user }) => setClassPolicy(db, params.class, body, user.username),
  }),
  route({
    method: 'DELETE',
    path: '/policies/{class}',
    summary: 'Leave a class to the policy that the product comes with',
    roles: DECIDERS,
    params: byClass,
    answer: ClassPolicyRow,
    run: (_, { db, params, user }) => setClassPolicy(db, params.class, null, user.username),
  }),
  route({
    method: 'GET',
    path: '/policies/{product_id}/{location_id}',
    summary: 'The policy that holds for a product at a location, and what is set for it',
    roles: READERS,
    params: byItem,
    answer: ItemPolicyDetail,
    run: (_, { db, params: { product_id, location_id } }) => itemPolicyDetail(db, product_id, location_id),
  }),
  route({
    method: 'PUT',
    path: '/policies/{product_id}/{location_id}',
    summary: 'Set what differs from the class for a product at a location, from a day on',
    roles: DECIDERS,
    params: byItem,
    body: ItemPolicyInput,
    answer: ItemPolicyDetail,
    run: (_, { db, params: { product_id, location_id }, body, user }) =>
      setItemPolicy(db, product_id, location_id, body, user.username),
  }),
  route({
    method: 'DELETE',
    path: '/policies/{product_id}/{location_id}',
    summary: 'Take back what was set from a day on',
    roles: DECIDERS,
    params: byItem,
    query: z.object({ starts_on: Day.default('1000-01-01') }),
    answer: ItemPolicyDetail,
    run: (_, { db, params: { product_id, location_id }, query, user }) =>
      endItemPolicy(db, product_id, location_id, query.starts_on, user.username),
  }),
  route({
    method: 'GET',
    path: '/lead-times',
    summary: 'How long suppliers take: what they state, and what their deliveries show',
    roles: READERS,
    query: z.object({
      ...pageQuery(500),
      supplier_id: z.string().optional(),
      product_id: z.string().optional(),
      learnt: z.stringbool().optional(),
    }),
    answer: pageOf(LeadTimeRow),
    run: (_, { db, query }) =>
      listLeadTimes(
        db,
        { supplierId: query.supplier_id, productId: query.product_id, isLearnt: query.learnt },
        query,
      ),
  }),
  route({
    method: 'GET',
    path: '/suppliers/{id}/calendar',
    summary: 'When a supplier takes orders; empty lists are every day',
    roles: READERS,
    params: byId,
    answer: SupplierCalendar,
    async run(_, { db, params: { id } }) {
      found(await suppliers.find(db, id), 'supplier', id);
      return readSupplierCalendar(db, id);
    },
  }),
  route({
    method: 'PUT',
    path: '/suppliers/{id}/calendar',
    summary: 'Say when a supplier takes orders',
    roles: DECIDERS,
    params: byId,
    body: SupplierCalendar,
    answer: SupplierCalendar,
    run: (_, { db, params: { id }, body, user }) => setSupplierCalendar(db, id, body, user.username),
  }),
  route({
    method: 'GET',
    path: '/locations/{id}/receiving-calendar',
    summary: 'When a location takes goods in; empty lists are every day',
    roles: READERS,
    params: byId,
    answer: ReceivingCalendar,
    async run(_, { db, params: { id } }) {
      found(await findLocation(db, id), 'location', id);
      return readReceivingCalendar(db, id);
    },
  }),
  route({
    method: 'PUT',
    path: '/locations/{id}/receiving-calendar',
    summary: 'Say when a location takes goods in',
    roles: DECIDERS,
    params: byId,
    body: ReceivingCalendar,
    answer: ReceivingCalendar,
    run: (_, { db, params: { id }, body, user }) => setReceivingCalendar(db, id, body, user.username),
  }),
];
