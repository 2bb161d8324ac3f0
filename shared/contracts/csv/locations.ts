import * as z from 'zod';
import { LOCATION_TYPES } from '../location-types.ts';
import { id, optionalId, requiredText } from './cells.ts';

const locationType = z
  .string()
  .transform((text) => text.trim().toLowerCase())
  .transform((text) => (text === '' ? null : text))
  .pipe(z.enum(LOCATION_TYPES, `is none of ${LOCATION_TYPES.join(', ')}`).nullable())
  .nullable()
  .default(null);

/** Canonical template: places where stock lies, a part of another one or not; what is left empty stays. */
export const locations = {
  name: 'locations',
  required: ['location_id', 'location_name'],
  optional: ['parent_id', 'type'],
  row: z.object({
    location_id: id(50),
    location_name: requiredText(100),
    parent_id: optionalId(50),
    type: locationType,
  }),
} as const;
