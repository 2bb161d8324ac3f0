import * as z from 'zod';
import { id, requiredText, text } from './cells.ts';

/** Canonical template: who buys. A row replaces what was known of the customer; an empty cell leaves it. */
export const customers = {
  name: 'customers',
  required: ['customer_id', 'customer_name'],
  optional: ['type', 'city', 'state', 'country'],
  row: z.object({
    customer_id: id(),
    customer_name: requiredText(255),
    /** New, Returning, VIP; files of shops call it customer_type and come with defaults of their own */
    type: text(20),
    city: text(100),
    state: text(100),
    country: text(100),
  }),
} as const;
