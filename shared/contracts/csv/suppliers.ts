import * as z from 'zod';
import { flag, id, optionalMoney, requiredText } from './cells.ts';

/** Canonical template: suppliers, whom we order from. */
export const suppliers = {
  name: 'suppliers',
  required: ['supplier_id', 'supplier_name'],
  optional: ['currency', 'minimum_order', 'is_synthetic'],
  row: z.object({
    supplier_id: id(),
    supplier_name: requiredText(255),
    currency: z
      .string()
      .trim()
      .toUpperCase()
      .transform((value) => value || 'GBP')
      .pipe(z.string().regex(/^[A-Z]{3}$/, 'is not a currency code of three letters'))
      .default('GBP'),
    minimum_order: optionalMoney
      .refine((value) => value === null || value >= 0, 'is negative')
      .transform((value) => value ?? 0),
    is_synthetic: flag,
  }),
} as const;
