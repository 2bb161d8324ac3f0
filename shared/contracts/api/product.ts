import * as z from 'zod';
import { idInput, priceInput, textInput, unitsInput } from './inputs.ts';
import { Money } from './page.ts';

/** A product with the units that are there at all locations together. */
export const Product = z.object({
  id: z.string(),
  name: z.string(),
  category: z.string().nullable(),
  brand: z.string().nullable(),
  unit_price: Money.nullable(),
  cost: Money.nullable(),
  /** Space and load of one unit, in measures that are the same for all products; null: nobody said. */
  unit_volume: z.number().nullable(),
  unit_weight: z.number().nullable(),
  current_stock: z.int(),
  reorder_threshold: z.int().nullable(),
  reorder_quantity: z.int().nullable(),
  is_service: z.boolean(),
  backorders_allowed: z.boolean(),
  is_active: z.boolean(),
  is_synthetic: z.boolean(),
  created_at: z.string(),
  updated_at: z.string(),
});
export type Product = z.infer<typeof Product>;

/** Stock of a product at one location; the status follows from it. */
export const ProductStock = z.object({
  location_id: z.string(),
  location_name: z.string(),
  on_hand: z.int(),
  committed: z.int(),
  /** On hand less committed. */
  available: z.int(),
  /** What was there when the books began. */
  initial_stock: z.int(),
  /** Those of the location where it has some, else those of the product. */
  reorder_threshold: z.int().nullable(),
  reorder_quantity: z.int().nullable(),
  /** `out`: none; `low`: at or below the threshold; `in`: else. */
  stock_status: z.enum(['in', 'low', 'out']),
});
export type ProductStock = z.infer<typeof ProductStock>;

/** GET /products/{id} */
export const ProductDetail = Product.extend({
  /** What was there when the books began, at all locations together. */
  initial_stock: z.int(),
  stock_status: z.enum(['in', 'low', 'out']),
  /** The first locations by id, at most 1,000. */
  stock: z.array(ProductStock),
});
export type ProductDetail = z.infer<typeof ProductDetail>;

/** DELETE /products/{id} */
export const DeactivatedProduct = Product.extend({ note: z.string().nullable() });
export type DeactivatedProduct = z.infer<typeof DeactivatedProduct>;

const stock = unitsInput.refine((units) => units >= 0, 'must not be negative');
const threshold = unitsInput.refine((units) => units >= 0, 'must not be negative').nullable();

const measure = z.coerce.number().min(0).max(1_000_000).nullable();

/** POST /products. Money in ten-thousandths after reading. */
export const NewProduct = z.object({
  id: idInput(),
  name: z.string().trim().min(1).max(255),
  category: textInput(100).default(null),
  brand: textInput(100).default(null),
  unit_price: priceInput.nullable().default(null),
  cost: priceInput.nullable().default(null),
  unit_volume: measure.default(null),
  unit_weight: measure.default(null),
  /** Booked as an opening movement at the default location. */
  current_stock: stock.default(0),
  reorder_threshold: threshold.default(10),
  reorder_quantity: threshold.default(null),
  is_service: z.boolean().default(false),
  backorders_allowed: z.boolean().default(false),
  is_active: z.boolean().default(true),
});
export type NewProduct = z.infer<typeof NewProduct>;

/** PUT /products/{id}/stock-rules/{location_id}: null leaves it to the product. */
export const StockRule = z.object({
  reorder_threshold: threshold.default(null),
  reorder_quantity: threshold.default(null),
});
export type StockRule = z.infer<typeof StockRule>;

/** PUT /products/{id}: what is left out stays. A new `current_stock` is booked as an adjustment. */
export const ProductChange = z.object({
  name: z.string().trim().min(1).max(255).optional(),
  category: textInput(100).optional(),
  brand: textInput(100).optional(),
  unit_price: priceInput.nullable().optional(),
  cost: priceInput.nullable().optional(),
  unit_volume: measure.optional(),
  unit_weight: measure.optional(),
  current_stock: stock.optional(),
  reorder_threshold: threshold.optional(),
  reorder_quantity: threshold.optional(),
  backorders_allowed: z.boolean().optional(),
  is_active: z.boolean().optional(),
  /** Why the stock differs from the book. */
  reason: z.string().trim().min(1).max(255).optional(),
});
export type ProductChange = z.infer<typeof ProductChange>;
