import * as z from 'zod';
import { PURCHASE_ORDER_COMMANDS } from '../../core/inventory/purchase-order-states.ts';
import { LowConfidence } from '../low-confidence.ts';
import { Day, Money, PurchaseOrder } from './page.ts';
import { PurchaseCharge } from './purchase-order.ts';
import { PurchaseReceipt } from './receipt.ts';

/** What an import did. Its status is `stalled` when nothing of it has moved for hours: see the dead letters. */
export const ImportReport = z.object({
  id: z.string(),
  object_key: z.string(),
  object_size: z.int(),
  format: z.string().nullable(),
  status: z.string(),
  detail: z.string().nullable(),
  total_rows: z.int(),
  imported_rows: z.int(),
  duplicate_rows: z.int(),
  excluded_rows: z.int(),
  rejected_rows: z.int(),
  shortages: z.int(),
  counts: z.record(z.string(), z.unknown()).nullable(),
  /** Where the rejected rows can be had, if there are any. */
  rejects: z.string().nullable(),
  first_date: Day.nullable(),
  last_date: Day.nullable(),
  started_at: z.string(),
  finished_at: z.string().nullable(),
});
export type ImportReport = z.infer<typeof ImportReport>;

/** The newest forecast of a series in one line. */
export const ForecastSummary = z.object({
  product_id: z.string(),
  product_name: z.string(),
  category: z.string().nullable(),
  location_id: z.string(),
  run_id: z.string(),
  as_of: Day,
  first_day: Day,
  period_days: z.int(),
  horizon: z.int(),
  model: z.string(),
  demand_class: z.string(),
  /** `low` where people should look at it: see the reason, and it in a sentence. */
  confidence: z.enum(['usual', 'low']),
  low_confidence: LowConfidence.extend({ words: z.string() }).nullable(),
  total: z.object({ mean: z.number(), low95: z.number(), high95: z.number() }),
});
export type ForecastSummary = z.infer<typeof ForecastSummary>;

/** What is to be ordered from one supplier. */
export const SupplierNeed = z.object({
  supplier_id: z.string(),
  supplier_name: z.string(),
  currency: z.string(),
  suggestions: z.int(),
  units: z.int(),
  cost: Money,
  money_at_risk: Money,
  /** The earliest of its suggestions: what is ordered later comes too late for it. */
  order_by: Day,
  /** What an order must come to, how many orders these would be (one a location), and what they lack in all. */
  minimum_order: Money,
  orders: z.int(),
  shortfall: Money,
});
export type SupplierNeed = z.infer<typeof SupplierNeed>;

/** A line of a purchase order. */
export const PurchaseOrderLine = z.object({
  product_id: z.string(),
  product_name: z.string(),
  quantity: z.int(),
  quantity_received: z.int(),
  /** Goods are expected while it is `open` or `partially_received`. `undone`: the import that told of it was taken back. */
  status: z.enum(['open', 'partially_received', 'received', 'closed', 'cancelled', 'undone']),
  /** Of those received, what arrived damaged. */
  quantity_damaged: z.int(),
  unit_cost: Money,
  cost: Money,
  suggestion_id: z.int().nullable(),
  /** As it was approved: quantity, unit_cost and expected_date are what the supplier has made of it. Null before. */
  ordered_quantity: z.int().nullable(),
  ordered_unit_cost: Money.nullable(),
  ordered_date: Day.nullable(),
  expected_date: Day.nullable(),
  /** The day that is reckoned with instead, once that one is over without it. */
  revised_date: Day.nullable(),
  /** The first day that the supplier promised. */
  promised_date: Day.nullable(),
  is_late: z.boolean(),
  unit_weight: z.string().nullable(),
});

/** Something about an order that can still be changed which its supplier may not take. */
export const PurchaseOrderWarning = z.object({
  /** Null where it is about the whole order. */
  product_id: z.string().nullable(),
  rule: z.enum([
    'minimum_order',
    'supplier_inactive',
    'minimum_quantity',
    'order_multiple',
    'maximum_quantity',
    'not_supplied',
    'product_inactive',
  ]),
  words: z.string(),
});
export type PurchaseOrderWarning = z.infer<typeof PurchaseOrderWarning>;

/** GET /purchase-orders/{id} */
export const PurchaseOrderDetail = PurchaseOrder.extend({
  created_by: z.string().nullable(),
  note: z.string().nullable(),
  /** The business day of its approval. */
  ordered_on: Day.nullable(),
  submitted_by: z.string().nullable(),
  submitted_at: z.string().nullable(),
  sent_by: z.string().nullable(),
  sent_at: z.string().nullable(),
  acknowledged_by: z.string().nullable(),
  acknowledged_at: z.string().nullable(),
  /** What the supplier calls it. */
  supplier_reference: z.string().nullable(),
  /** Who closed, cancelled or rejected it. */
  closed_by: z.string().nullable(),
  closed_at: z.string().nullable(),
  close_reason: z.string().nullable(),
  /** What may be done with it next by whoever asks. */
  commands: z.array(z.enum(PURCHASE_ORDER_COMMANDS)),
  /** Of a draft, submitted or not: what breaks the terms of its supplier, among the lines that are shown. */
  warnings: z.array(PurchaseOrderWarning),
  charges: z.array(PurchaseCharge),
  /** The first 2,500: `line_count` says how many there are. */
  lines: z.array(PurchaseOrderLine),
  /** How often goods came, and what came last: some 500 lines. */
  receipt_count: z.int(),
  receipts: z.array(PurchaseReceipt),
});
export type PurchaseOrderDetail = z.infer<typeof PurchaseOrderDetail>;

/** A planning run. Its status is `stalled` when nothing of it has moved for hours: see the dead letters. */
export const Plan = z.object({
  run_id: z.string(),
  cause: z.string(),
  as_of: Day,
  status: z.string(),
  series: z.int(),
  chunks: z.int(),
  chunks_done: z.int(),
  /** The model of many series that it forecasts with; null for each series by itself. */
  model_version: z.string().nullable(),
  created_at: z.string(),
  finished_at: z.string().nullable(),
});
export type Plan = z.infer<typeof Plan>;

/** A model that was learnt from many series at once. */
export const Model = z.object({
  /** The same data and settings give the same version. */
  version: z.string(),
  /** `training` or `ready`. */
  status: z.string(),
  /** Last day whose demand it has seen. */
  as_of: Day,
  /** Series that it was trained on, and their weeks together. */
  series: z.int(),
  series_weeks: z.int(),
  /** Weeks ahead. */
  horizon: z.int(),
  /** Null while it is trained. */
  size_bytes: z.int().nullable(),
  created_at: z.string().nullable(),
  age_days: z.int().nullable(),
  /** Weights of its members and factors of its spread, by kind of demand. */
  weights: z.record(z.string(), z.unknown()).nullable(),
});
export type Model = z.infer<typeof Model>;

/** Something that was trained and is kept. */
export const StoredModel = z.object({
  /** A model of many series, or the weights of a category's ensemble. */
  kind: z.enum(['panel', 'ensemble']),
  /** Null: of all categories. */
  category: z.string().nullable(),
  version: z.string().nullable(),
  status: z.string(),
  /** Last day that it knows. */
  as_of: Day,
  /** Its object in the data bucket; null for what lies in the database. */
  model_file: z.string().nullable(),
  /** Null while it is trained. */
  last_modified: z.string().nullable(),
  age_days: z.int().nullable(),
  size_bytes: z.int().nullable(),
});
export type StoredModel = z.infer<typeof StoredModel>;

/** GET /forecast/model-status */
export const ModelStatus = z.object({
  /** Those that can be used. */
  models_available: z.int(),
  model_directory: z.string(),
  models: z.array(StoredModel),
  pagination: z.object({ skip: z.int(), limit: z.int(), total: z.int() }),
});

/** POST /forecast/retrain-models?force= : what was asked for, not what came of it, which the status tells later. */
export const Retraining = z.object({
  success: z.literal(true),
  message: z.string(),
  /** False when plans would take the newest model, it knows all days and inputs already, and `force` was not given. */
  requested: z.boolean(),
  force: z.boolean(),
  /** The newest model as it is now. */
  model: Model.nullable(),
});
export type Retraining = z.infer<typeof Retraining>;

/** Something that a person should know. */
export const Alert = z.object({
  id: z.int(),
  key: z.string(),
  type: z.string(),
  level: z.string(),
  title: z.string(),
  message: z.string(),
  created_at: z.string(),
  /** Null while the reason lasts. */
  closed_at: z.string().nullable(),
  /** Who closed it; null when its reason went away. */
  closed_by: z.string().nullable(),
});
export type Alert = z.infer<typeof Alert>;

/** GET /analytics/inventory/status */
export const InventoryStatus = z.object({
  as_of: Day.nullable(),
  /** In stock, low and out of stock together. */
  total_products: z.int(),
  /** More than what counts as low. */
  in_stock_count: z.int(),
  /** Some, but at or below a threshold, or with an open suggestion. */
  low_stock_count: z.int(),
  out_of_stock_count: z.int(),
  /** On hand, and neither sold nor new anywhere for 90 days: as many as /analytics/inventory/dead-stock lists. */
  dead_stock_count: z.int(),
});
export type InventoryStatus = z.infer<typeof InventoryStatus>;
