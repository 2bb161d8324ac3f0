import * as z from 'zod';
import { ABC_CLASSES } from '../../core/analytics/abc-analysis.ts';
import { Day, Money } from './page.ts';

/** Answers of the original's paths: `_pct`, `_share` and `profit_margin` are per cent here, as they are there. */

const percent = z.number();
const AbcClass = z.enum(ABC_CLASSES);
const pagination = z.object({ skip: z.int(), limit: z.int(), total: z.int() });
/** Sales net of what came back, of these days. */
const period = { from: Day, to: Day, days: z.int() };

const ClassSummary = z.object({
  product_count: z.int(),
  product_pct: percent,
  total_revenue: Money,
  revenue_pct: percent,
  total_quantity: z.int(),
  /** Null for a class without products. */
  avg_revenue_per_product: Money.nullable(),
});

/** GET /analytics/abc-analysis?from=&to=&location_id=&category= : most revenue first. */
export const AbcAnalysis = z.object({
  ...period,
  /** Per cent of the revenue at which A and B end; the product that crosses one belongs to the better class. */
  cuts: z.object({ A: percent, B: percent }),
  crossing: z.literal('better'),
  analysis: z.array(
    z.object({
      product_id: z.string(),
      product_name: z.string(),
      category: z.string().nullable(),
      total_revenue: Money,
      total_quantity: z.int(),
      /** Of the products with revenue above zero, the product itself included. */
      revenue_pct: percent,
      cumulative_pct: percent,
      abc_class: AbcClass,
      rank: z.int(),
      /** By units. */
      volume_class: AbcClass,
      volume_rank: z.int(),
      /** By revenue among the products of its category. */
      category_class: AbcClass,
      category_rank: z.int(),
      /** In the period before; null where nothing was sold in it. */
      class_before: AbcClass.nullable(),
    }),
  ),
  /** Of all products, whatever page. */
  summary: z.object({ A: ClassSummary, B: ClassSummary, C: ClassSummary }),
  /** Both classes together: nine cells, of which some may be empty. */
  matrix: z.array(
    z.object({
      abc_class: AbcClass,
      volume_class: AbcClass,
      product_count: z.int(),
      revenue_pct: percent,
    }),
  ),
  /** How the products of each category are classed within it; the largest by revenue, at most 1,000. */
  categories: z.array(
    z.object({
      category: z.string().nullable(),
      product_count: z.int(),
      total_revenue: Money,
      class_counts: z.object({ A: z.int(), B: z.int(), C: z.int() }),
    }),
  ),
  /** Beside the period of the same length before; null where nothing was sold in it. */
  stability: z
    .object({
      from: Day,
      to: Day,
      kept: z.int(),
      changed: z.int(),
      kept_pct: percent,
      changes: z.array(z.object({ from: AbcClass, to: AbcClass, product_count: z.int() })),
    })
    .nullable(),
  /** Series (product x location) that plans have moved to another class, value and certainty, in the period. */
  plan_changes: z.array(z.object({ from: z.string(), to: z.string(), series: z.int() })),
  recommendations: z.array(
    z.object({
      class: AbcClass,
      title: z.string(),
      product_count: z.int(),
      revenue_contribution: percent,
      recommendations: z.array(z.string()),
    }),
  ),
  pagination,
});
export type AbcAnalysis = z.infer<typeof AbcAnalysis>;

/** GET /analytics/top-products?metric= */
export const TopProducts = z.object({
  ...period,
  top_products: z.array(
    z.object({
      product_id: z.string(),
      product_name: z.string(),
      category: z.string().nullable(),
      /** Money as text; units; or units a day that are expected by now, whatever the period. */
      value: z.union([Money, z.number()]),
    }),
  ),
  metric: z.enum(['revenue', 'profit', 'quantity', 'velocity']),
});
export type TopProducts = z.infer<typeof TopProducts>;

const ProductResult = z.object({
  product_id: z.string(),
  product_name: z.string(),
  category: z.string().nullable(),
  revenue: Money,
  /** By today's cost; null where nobody knows it. */
  profit: Money.nullable(),
  units_sold: z.int(),
  profit_margin: percent.nullable(),
  order_count: z.int(),
});

/** GET /analytics/product-performance: of what sold in the period. */
export const ProductPerformance = z.object({
  ...period,
  best_by_revenue: z.array(ProductResult),
  worst_by_revenue: z.array(ProductResult),
  /** Of those with a revenue of `best_margin_from` or `worst_margin_from` and a known cost: little revenue makes any margin. */
  best_by_margin: z.array(ProductResult),
  worst_by_margin: z.array(ProductResult),
  best_margin_from: Money,
  worst_margin_from: Money,
  recommendations: z.object({
    best_performers: z.array(z.string()),
    worst_performers: z.array(z.string()),
    margin_optimization: z.array(z.string()),
  }),
});
export type ProductPerformance = z.infer<typeof ProductPerformance>;

/** GET /analytics/category-performance: most revenue first; shares sum to 100. */
export const CategoryPerformance = z.object({
  ...period,
  /** At most 1,000; null is no category. */
  categories: z.array(
    z.object({
      category: z.string().nullable(),
      revenue: Money,
      /** Of the products whose cost is known; null where none is. */
      profit: Money.nullable(),
      units_sold: z.int(),
      order_count: z.int(),
      /** That sold in the period. */
      product_count: z.int(),
      /** Null where the total is not above zero. */
      revenue_share: percent.nullable(),
      profit_share: percent.nullable(),
      /** Of the revenue whose cost is known. */
      profit_margin: percent.nullable(),
      avg_order_value: Money.nullable(),
    }),
  ),
  totals: z.object({ total_revenue: Money, total_profit: Money, total_categories: z.int() }),
});
export type CategoryPerformance = z.infer<typeof CategoryPerformance>;
