import * as z from 'zod';
import { STOCKOUT_RISKS } from '../../core/inventory/stockout-risk.ts';
import { Day } from './page.ts';

const pagination = z.object({ skip: z.int(), limit: z.int(), total: z.int() });

/** What is left of a product at a location, and for how long. */
const StockLast = z.object({
  product_id: z.string(),
  product_name: z.string(),
  category: z.string().nullable(),
  location_id: z.string(),
  current_stock: z.int(),
  /** On hand, less what is promised. */
  available: z.int(),
  /** Ordered or on its way from elsewhere. */
  on_order: z.int(),
  /** Units a day that are expected to be asked for: the mean of the newest forecast, else of the sales of 91 days. */
  stock_velocity: z.number(),
  /** Available / stock_velocity; null where nobody asks for it. */
  days_until_stockout: z.number().nullable(),
});

/** GET /analytics/inventory/stockout-risk */
export const StockoutRiskRow = StockLast.extend({
  /** The same with what is to come, each from its day on, if stock lasts until then; what is late counts no more. */
  days_of_stock: z.number().nullable(),
  /** Of the first supplier, as deliveries have shown, else as stated; null where nobody sells it. */
  lead_time_days: z.number().nullable(),
  stockout_risk: z.enum(STOCKOUT_RISKS).nullable(),
});
export type StockoutRiskRow = z.infer<typeof StockoutRiskRow>;

/** GET /analytics/inventory/stockout-risk: the worst first. */
export const StockoutRiskList = z.object({
  as_of: Day.nullable(),
  /** Lead times for which stock lasts at most in each risk. */
  limits: z.object({ critical: z.number(), high: z.number(), medium: z.number() }),
  /** Over all that was asked about, whatever the risk; `unknown`: it sells, and nobody knows a lead time. */
  counts: z.record(z.enum([...STOCKOUT_RISKS, 'unknown']), z.int()),
  data: z.array(StockoutRiskRow),
  pagination,
});
export type StockoutRiskList = z.infer<typeof StockoutRiskList>;

const LowStockRow = StockLast.extend({
  /** What it is at or below: people's threshold of stock on hand, or the plan's reorder point of the position. */
  reorder_point: z.number().nullable(),
  reorder_point_source: z.enum(['threshold', 'plan']).nullable(),
});

/** GET /analytics/inventory/low-stock?threshold= : most urgent first; what has no unit left is out of stock, and not here. */
export const LowStockList = z.object({
  as_of: Day.nullable(),
  low_stock_products: z.array(
    LowStockRow.extend({
      /** High below half of the reorder point. */
      priority: z.enum(['High', 'Medium']),
    }),
  ),
  /** Of the whole list, and of what has no unit left. */
  count: z.int(),
  out_of_stock_count: z.int(),
  pagination,
});
export type LowStockList = z.infer<typeof LowStockList>;

/** GET /analytics/inventory/out-of-stock: what is asked for most first. */
export const OutOfStockList = z.object({
  as_of: Day.nullable(),
  out_of_stock_products: z.array(LowStockRow),
  count: z.int(),
  pagination,
});
export type OutOfStockList = z.infer<typeof OutOfStockList>;

/** GET /analytics/inventory-alerts: both lists in one, what is out first. */
export const InventoryAlerts = z.object({
  alerts: z.array(
    z.object({
      product_id: z.string(),
      product_name: z.string(),
      location_id: z.string(),
      current_stock: z.int(),
      reorder_threshold: z.number().nullable(),
      alert_type: z.enum(['out_of_stock', 'low_stock']),
    }),
  ),
  pagination,
});
export type InventoryAlerts = z.infer<typeof InventoryAlerts>;

/** GET /analytics/inventory/product/{id} */
export const ProductInventory = z.object({
  product_id: z.string(),
  product_name: z.string(),
  category: z.string().nullable(),
  as_of: Day.nullable(),
  /** At all locations together, as the next ones. */
  current_stock: z.int(),
  available: z.int(),
  on_order: z.int(),
  /** Sum of the reorder points of its locations; null where none has one. */
  reorder_point: z.number().nullable(),
  stock_velocity: z.number(),
  days_until_stockout: z.number().nullable(),
  /** Whether it is low or out at any location. */
  low_stock_alert: z.boolean(),
  /** The worst of its locations; null where none is known. */
  stockout_risk: z.enum(STOCKOUT_RISKS).nullable(),
  /** Units of its open suggestions. */
  recommended_reorder_quantity: z.int(),
  locations: z.array(
    StockoutRiskRow.omit({ product_id: true, product_name: true, category: true }).extend({
      status: z.enum(['out', 'low', 'in']),
      priority: z.enum(['High', 'Medium']).nullable(),
      /** Set by people; and by the newest plan's policy, at the data of now. */
      reorder_threshold: z.int().nullable(),
      reorder_point: z.number().nullable(),
      recommended_reorder_quantity: z.int(),
    }),
  ),
});
export type ProductInventory = z.infer<typeof ProductInventory>;
