import * as z from 'zod';
import { pageQuery } from '../../../shared/contracts/api/inputs.ts';
import {
  Location,
  LocationChange,
  LocationDetail,
  NewLocation,
} from '../../../shared/contracts/api/location.ts';
import { pageOf } from '../../../shared/contracts/api/page.ts';
import { LOCATION_TYPES } from '../../../shared/contracts/location-types.ts';
import { findLocationDetail, listLocations } from '../../../shared/data/catalogue/location-reads.ts';
import { changeLocation, createLocation } from '../catalogue/keep-location.ts';
import { found } from '../http/found.ts';
import { KEEPERS, READERS } from '../http/roles.ts';
import { route } from '../http/route.ts';

const params = z.object({ id: z.string() });

export const locationRoutes = [
  route({
    method: 'GET',
    path: '/locations',
    summary: 'Places where stock lies, with what is in each itself',
    roles: READERS,
    query: z.object({
      ...pageQuery(1000),
      type: z.enum(LOCATION_TYPES).optional(),
      parent_id: z.string().optional(),
    }),
    answer: pageOf(Location),
    run: (_, { db, query }) => listLocations(db, { ...query, parentId: query.parent_id }, query),
  }),
  route({
    method: 'POST',
    path: '/locations',
    summary: 'Make a location, within another or not',
    roles: KEEPERS,
    body: NewLocation,
    answer: LocationDetail,
    status: 201,
    effect: 'creates',
    run: (_, { db, body, user }) => createLocation(db, body, user.username),
  }),
  route({
    method: 'GET',
    path: '/locations/{id}',
    summary: 'One location, with its place in the tree',
    roles: READERS,
    params,
    answer: LocationDetail,
    run: async (_, { db, params: { id } }) => found(await findLocationDetail(db, id), 'location', id),
  }),
  route({
    method: 'PUT',
    path: '/locations/{id}',
    summary: 'Change what is given; only an empty location can be made inactive',
    roles: KEEPERS,
    params,
    body: LocationChange,
    answer: LocationDetail,
    run: (_, { db, params: { id }, body, user }) => changeLocation(db, id, body, user.username),
  }),
];
