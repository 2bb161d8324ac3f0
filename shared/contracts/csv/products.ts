import * as z from 'zod';
import {
  flag,
  id,
  optionalFlag,
  optionalMeasure,
  optionalMoney,
  optionalUnits,
  requiredText,
  text,
} from './cells.ts';

const amount = optionalMoney.refine((value) => value === null || value >= 0, 'is negative');

/** Canonical template: products. A row replaces what was known of the product; an empty cell leaves it. */
export const products = {
  name: 'products',
  required: ['product_id', 'product_name'],
  optional: [
    'category',
    'brand',
    'unit_price',
    'cost',
    'is_service',
    'backorders_allowed',
    'is_active',
    'reorder_threshold',
    'reorder_quantity',
    'unit_volume',
    'unit_weight',
    'is_synthetic',
  ],
  row: z.object({
    product_id: id(),
    product_name: requiredText(255),
    category: text(100),
    brand: text(100),
    unit_price: amount,
    cost: amount,
    is_service: flag,
    backorders_allowed: optionalFlag,
    is_active: optionalFlag,
    reorder_threshold: optionalUnits,
    reorder_quantity: optionalUnits,
    unit_volume: optionalMeasure,
    unit_weight: optionalMeasure,
    is_synthetic: flag,
  }),
} as const;
