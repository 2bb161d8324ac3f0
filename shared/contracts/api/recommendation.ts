import * as z from 'zod';
import { CategoryForecast } from './group-forecast.ts';

/** A line of GET /forecast/inventory-recommendations: what a category's forecast means for its stock. */
export const Recommendation = CategoryForecast.pick({
  category: true,
  run_id: true,
  as_of: true,
  forecast_90_day: true,
  confidence_interval: true,
  lead_time_days: true,
  reorder_point: true,
  safety_stock: true,
  stock: true,
  stockout_probability: true,
  stockout_risk: true,
}).extend({
  /** Over the 90 days. */
  daily_average: z.number(),
  /** Active goods, and those that an active supplier offers. */
  products: z.int(),
  products_supplied: z.int(),
  /** On approved orders, not yet received. */
  on_order: z.int(),
  /** Units of the open suggestions of the category's products; null where no supplier offers any of them. */
  recommended_order_quantity: z.int().nullable(),
  suggestions: z.int(),
  /**
   * `suggestions`: each product at each location by its own forecast, stock, lead time, review time and service level,
   * rounded up to what its supplier sells; `no_supplier`: nothing can be ordered.
   */
  method: z.enum(['suggestions', 'no_supplier']),
});
export type Recommendation = z.infer<typeof Recommendation>;
