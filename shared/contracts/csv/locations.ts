import * as z from 'zod';
import { id, requiredText } from './cells.ts';

/** Canonical template: places where stock lies. */
export const locations = {
  name: 'locations',
  required: ['location_id', 'location_name'],
  optional: [],
  row: z.object({ location_id: id(50), location_name: requiredText(100) }),
} as const;
