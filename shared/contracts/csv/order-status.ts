import * as z from 'zod';

/** A cell with the status of an order; empty is delivered. */
export const orderStatus = z
  .string()
  .trim()
  .toLowerCase()
  .transform((value) => value || 'delivered')
  .pipe(
    z.enum(['delivered', 'processing', 'shipped', 'cancelled', 'returned'], {
      error: 'is none of delivered, processing, shipped, cancelled, returned',
    }),
  )
  .default('delivered');
