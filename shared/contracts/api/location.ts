import * as z from 'zod';
import { LOCATION_TYPES } from '../location-types.ts';
import { idInput } from './inputs.ts';

/** A place where stock lies. */
export const Location = z.object({
  id: z.string(),
  name: z.string(),
  type: z.enum(LOCATION_TYPES),
  /** The location that this one is part of. */
  parent_id: z.string().nullable(),
  is_active: z.boolean(),
  /** Whether it is meant where none is named. */
  is_default: z.boolean(),
  /** Units on hand, and products of which there are some, in this very location. */
  on_hand: z.int(),
  products: z.int(),
});
export type Location = z.infer<typeof Location>;

/** GET /locations/{id} */
export const LocationDetail = Location.extend({
  /** From the root down to the parent. */
  path: z.array(z.string()),
  children: z.array(z.string()),
});
export type LocationDetail = z.infer<typeof LocationDetail>;

const fields = {
  name: z.string().trim().min(1).max(100),
  type: z.enum(LOCATION_TYPES),
  parent_id: idInput(50).nullable(),
};

/** POST /locations */
export const NewLocation = z.object({
  id: idInput(50),
  name: fields.name,
  type: fields.type.default('warehouse'),
  parent_id: fields.parent_id.default(null),
});
export type NewLocation = z.infer<typeof NewLocation>;

/** PUT /locations/{id}: what is left out stays. */
export const LocationChange = z.object({ ...fields, is_active: z.boolean() }).partial();
export type LocationChange = z.infer<typeof LocationChange>;
