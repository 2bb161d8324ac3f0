import * as z from 'zod';
import { id, requiredText } from './cells.ts';

/** Canonical template: sellers on the marketplace. */
export const sellers = {
  name: 'sellers',
  required: ['seller_id', 'seller_name'],
  optional: [],
  row: z.object({ seller_id: id(), seller_name: requiredText(255) }),
} as const;
