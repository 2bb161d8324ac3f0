import * as z from 'zod';
import { KPI_NAMES } from '../../core/analytics/kpis/compute-kpis.ts';
import { METRIC_OPERATIONS } from '../../core/analytics/operations/run-operation.ts';
import { Day, Money } from './page.ts';

/** A share or a ratio; null where nothing stands below the line. */
const Rate = z.number().nullable();
const units = z.int();
const through = Day.nullable();

const Description = z.object({
  count: z.int(),
  mean: Rate,
  sd: Rate,
  min: Rate,
  q1: Rate,
  median: Rate,
  q3: Rate,
  max: Rate,
});

const counts = {
  catalogue: z.int(),
  stocked: z.int(),
  in_stock: z.int(),
  out_of_stock: z.int(),
  units_on_hand: units,
};

/** How many goods there are; see `productCounts`. */
export const ProductCounts = z.object({
  operation: z.literal('product_counts'),
  through,
  ...counts,
  by_category: z.array(z.object({ category: z.string().nullable(), ...counts })).readonly(),
});

/** When items were out of stock; see `stockoutCounts`. */
export const StockoutCounts = z.object({
  operation: z.literal('stockout_counts'),
  through,
  items: z.int(),
  items_ever_out: z.int(),
  items_out_now: z.int(),
  stockouts: z.int(),
  days_out: z.int(),
  days_active: z.int(),
  stockout_rate: Rate,
  rows: z
    .array(
      z.object({
        product_id: z.string(),
        location_id: z.string(),
        stockouts: z.int(),
        days_out: z.int(),
        days_active: z.int(),
        out_since: Day.nullable(),
      }),
    )
    .readonly(),
});

/** Units sold for each unit bought; see `saleToRestockRatio`. */
export const SaleToRestockRatio = z.object({
  operation: z.literal('sale_to_restock_ratio'),
  through,
  units_sold: units,
  units_restocked: units,
  ratio: Rate,
  rows: z
    .array(z.object({ product_id: z.string(), units_sold: units, units_restocked: units, ratio: Rate }))
    .readonly(),
});

/** What was sold; see `describeSales`. */
export const SalesDescription = z.object({
  operation: z.literal('describe_sales'),
  through,
  units,
  revenue: Money,
  quantity: Description,
  months: z
    .array(
      z.object({
        month: z.string(),
        lines: z.int(),
        units,
        revenue: Money,
        units_growth: Rate,
        revenue_growth: Rate,
      }),
    )
    .readonly(),
  rows: z
    .array(z.object({ product_id: z.string(), units, revenue: Money, quantity: Description }))
    .readonly(),
});

/** What came back; see `gatherRefundData`. */
export const RefundData = z.object({
  operation: z.literal('gather_refund_data'),
  through,
  lines_sold: z.int(),
  units_sold: units,
  revenue: Money,
  refunds: z.int(),
  units_refunded: units,
  amount_refunded: Money,
  line_rate: Rate,
  unit_rate: Rate,
  money_rate: Rate,
  reasons: z
    .array(
      z.object({
        reason: z.string().nullable(),
        refunds: z.int(),
        units,
        amount: Money,
        share: Rate,
      }),
    )
    .readonly(),
  rows: z
    .array(
      z.object({
        product_id: z.string(),
        refunds: z.int(),
        units,
        amount: Money,
        units_sold: units,
        unit_rate: Rate,
      }),
    )
    .readonly(),
});

export const MetricName = z.enum(METRIC_OPERATIONS);

/** What `smart-inventory metrics` prints: every row. */
export const MetricAnswer = z.discriminatedUnion('operation', [
  ProductCounts,
  StockoutCounts,
  SaleToRestockRatio,
  SalesDescription,
  RefundData,
]);
export type MetricAnswer = z.infer<typeof MetricAnswer>;

/** Which of the `rows` an answer has; of an operation without rows all. */
const page = { pagination: z.object({ skip: z.int(), limit: z.int(), total: z.int() }) };

/** GET /metrics/operations/{name}: a page of the rows. */
export const MetricPage = z.discriminatedUnion('operation', [
  ProductCounts.extend(page),
  StockoutCounts.extend(page),
  SaleToRestockRatio.extend(page),
  SalesDescription.extend(page),
  RefundData.extend(page),
]);
export type MetricPage = z.infer<typeof MetricPage>;

/** A key figure with its parts; null with a reason where there is none. Money is decimal text. */
export const Kpi = z.object({
  value: z.union([z.number(), Money]).nullable(),
  numerator: z.union([z.number(), Money]).nullable(),
  denominator: z.union([z.number(), Money]).nullable(),
  unit: z.enum(['fraction', 'ratio', 'turns', 'days', 'weeks', 'units', 'money']),
  formula: z.string(),
  reason: z.string().nullable(),
});

/** GET /kpis?from=&to=&location_id=&category= */
export const KpiReport = z.object({
  /** Day that counts as today: forward figures are of it. */
  as_of: Day.nullable(),
  from: Day,
  to: Day,
  days: z.int(),
  /** With all locations that lie in it; null for all. */
  location_id: z.string().nullable(),
  category: z.string().nullable(),
  /** Units sold whose cost nobody knows: figures at cost leave them out. */
  units_without_cost: z.int(),
  /** What keeping a unit costs a year, as a share of its cost. */
  holding_rate: z.number(),
  kpis: z.record(z.enum(KPI_NAMES), Kpi),
});
export type KpiReport = z.infer<typeof KpiReport>;

/** GET /analytics/product-metrics?from=&to=&location_id=&category= : most revenue first. */
export const ProductMetrics = z.object({
  from: Day,
  to: Day,
  days: z.int(),
  /** Shares are of these sums over all products asked for; margin where the cost is known. */
  total_revenue: Money,
  total_margin: Money,
  data: z.array(
    z.object({
      product_id: z.string(),
      product_name: z.string(),
      category: z.string().nullable(),
      average_units: z.number(),
      units_sold: z.int(),
      revenue: Money,
      margin: Money.nullable(),
      /** Units sold / average units on hand, of the period. */
      turnover: Rate,
      /** Average units on hand / units sold x days of the period. */
      days_of_stock: Rate,
      revenue_share: Rate,
      margin_share: Rate,
      days_since_last_sale: z.int().nullable(),
      /** Units of the newer half of the period to those of the older, as a fraction; within 0.1 it is steady. */
      demand_change: Rate,
      demand_trend: z.enum(['rising', 'falling', 'steady', 'new', 'none']),
    }),
  ),
  pagination: z.object({ skip: z.int(), limit: z.int(), total: z.int() }),
});
export type ProductMetrics = z.infer<typeof ProductMetrics>;
