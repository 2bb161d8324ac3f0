import * as z from 'zod';
import { emptyOr, money, plainId, quantity } from './cells.ts';
import { time } from './time-cell.ts';

/** What other systems call a line of which something is still to come, of which nothing is, and one that was taken back. */
const STATUSES = {
  open: 'open',
  approved: 'open',
  confirmed: 'open',
  ordered: 'open',
  sent: 'open',
  partially_received: 'open',
  received: 'closed',
  closed: 'closed',
  cancelled: 'cancelled',
  canceled: 'cancelled',
} as const;

/**
 * Canonical template: orders that another system placed with suppliers. The reference is the order, a row a product of
 * it; a later row of the same product replaces what is not received yet.
 */
export const purchaseOrders = {
  name: 'purchase_orders',
  required: ['reference', 'supplier_id', 'product_id', 'quantity', 'status'],
  optional: ['unit_cost', 'location_id', 'ordered_at', 'expected_date'],
  row: z.object({
    reference: plainId(100),
    supplier_id: plainId(),
    product_id: plainId(),
    quantity: quantity.refine((units) => units > 0, 'is not above zero'),
    unit_cost: emptyOr(money.refine((amount) => amount >= 0, 'is negative')),
    location_id: emptyOr(plainId(50)),
    ordered_at: emptyOr(time),
    expected_date: emptyOr(time).transform((day) => day?.slice(0, 10) ?? null),
    status: z.string().transform((value, context) => {
      const words = value
        .trim()
        .toLowerCase()
        .replaceAll(/[\s-]+/g, '_');
      if (Object.hasOwn(STATUSES, words)) return STATUSES[words as keyof typeof STATUSES];
      context.addIssue({ code: 'custom', message: `is none of ${Object.keys(STATUSES).join(', ')}` });
      return z.NEVER;
    }),
  }),
} as const;
