import * as z from 'zod';
import { days, flag, id, money, quantity } from './cells.ts';

const count = (least: number) =>
  z
    .string()
    .transform((value) => value.trim() || '1')
    .pipe(quantity.refine((units) => units >= least, `is below ${least}`))
    .default(1);

/** Canonical template: what a supplier sells us, for how much, how fast and in which amounts. */
export const supplierItems = {
  name: 'supplier_items',
  required: ['supplier_id', 'product_id', 'unit_cost', 'lead_time_days'],
  optional: ['lead_time_deviation', 'minimum_quantity', 'order_multiple', 'priority', 'is_synthetic'],
  row: z.object({
    supplier_id: id(),
    product_id: id(),
    unit_cost: money.refine((amount) => amount >= 0, 'is negative'),
    lead_time_days: days,
    lead_time_deviation: z
      .string()
      .transform((value) => value.trim() || '0')
      .pipe(days)
      .default(0),
    minimum_quantity: count(0),
    order_multiple: count(1),
    priority: count(1),
    is_synthetic: flag,
  }),
} as const;
