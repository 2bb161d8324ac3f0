import type {
  CategoryPerformance,
  ProductPerformance,
  TopProducts,
} from '../../../shared/contracts/api/performance.ts';
import { moneyText } from '../../../shared/core/analytics/money-text.ts';
import { daysBetween } from '../../../shared/core/calendar/add-days.ts';
import {
  countCategoryOrders,
  countProductOrders,
  type ProductSales,
  readProductSales,
} from '../../../shared/data/metrics/product-sales-reads.ts';
import { readStockLevels } from '../../../shared/data/metrics/stock-level-reads.ts';
import type { Statements } from '../../../shared/data/sql/database.ts';
import { YEAR_DAYS } from './answer-abc.ts';
import { type KpisAsked, scopeOf } from './answer-kpis.ts';
import { percentOf } from './percent-of.ts';

const MOST_CATEGORIES = 1_000;
/** Revenue from which on a margin is worth being called the best, or the worst; in ten-thousandths. */
const BEST_MARGIN_FROM = 1_000_000;
const WORST_MARGIN_FROM = 10_000_000;
/** Per cent below which a margin should be looked at. */
const LOW_MARGIN = 20;

type Metric = TopProducts['metric'];

async function salesOf(db: Statements, today: string, asked: KpisAsked) {
  const { businessDay, scope } = await scopeOf(db, today, asked, YEAR_DAYS);
  const { from, to } = scope;
  const sales = await readProductSales(db, scope);
  return { businessDay, scope, sales, period: { from, to, days: daysBetween(from, to) + 1 } };
}

/** The products with the most of a metric; those without any of it are left out. */
export async function answerTopProducts(
  db: Statements,
  today: string,
  { limit, metric, ...asked }: KpisAsked & { readonly limit: number; readonly metric: Metric },
): Promise<TopProducts> {
  const { businessDay, scope, sales, period } = await salesOf(db, today, asked);
  const rates =
    metric === 'velocity'
      ? await readRates(db, businessDay ?? today, scope.locationIds)
      : new Map<string, number>();
  const measureOf: Readonly<Record<Metric, (one: ProductSales) => number>> = {
    revenue: ({ revenue }) => revenue,
    profit: ({ profit }) => profit ?? 0,
    quantity: ({ units }) => units,
    velocity: ({ productId }) => rates.get(productId) ?? 0,
  };
  const isMoney = metric === 'revenue' || metric === 'profit';
  return {
    ...period,
    top_products: sales
      .map((one) => ({ ...one, value: measureOf[metric](one) }))
      .filter(({ value }) => value > 0)
      .sort((a, b) => b.value - a.value)
      .slice(0, limit)
      .map(({ productId, productName, category, value }) => ({
        product_id: productId,
        product_name: productName,
        category,
        value: isMoney ? moneyText(value) : value,
      })),
    metric,
  };
}

/** Units a day that are expected of each product, at all of the locations together. */
async function readRates(
  db: Statements,
  asOf: string,
  locationIds: readonly string[] | undefined,
): Promise<Map<string, number>> {
  const rates = new Map<string, number>();
  for (const { productId, locationId, expected } of await readStockLevels(db, asOf, {}))
    if (locationIds?.includes(locationId) ?? true)
      rates.set(productId, (rates.get(productId) ?? 0) + expected.perDay);
  return rates;
}

/** Which products sold most and least, and which leave most and least of their revenue. */
export async function answerProductPerformance(
  db: Statements,
  today: string,
  { limit, ...asked }: KpisAsked & { readonly limit: number },
): Promise<ProductPerformance> {
  const { scope, sales, period } = await salesOf(db, today, asked);
  const byRevenue = sales.filter(({ units }) => units > 0).sort((a, b) => b.revenue - a.revenue);
  const byMargin = byRevenue
    .filter((one) => marginOf(one) !== null)
    .sort((a, b) => marginOf(b)! - marginOf(a)! || b.revenue - a.revenue);
  const from = (least: number) => byMargin.filter(({ revenue }) => revenue >= least);
  const lists = {
    best_by_revenue: byRevenue.slice(0, limit),
    worst_by_revenue: byRevenue.slice(-limit).reverse(),
    best_by_margin: from(BEST_MARGIN_FROM).slice(0, limit),
    worst_by_margin: from(WORST_MARGIN_FROM).slice(-limit).reverse(),
  };
  const shownIds = new Set(Object.values(lists).flatMap((list) => list.map(({ productId }) => productId)));
  const orders = await countProductOrders(db, scope, [...shownIds]);
  const shownOf = (list: readonly ProductSales[]) => list.map((one) => resultOf(one, orders));
  return {
    ...period,
    best_by_revenue: shownOf(lists.best_by_revenue),
    worst_by_revenue: shownOf(lists.worst_by_revenue),
    best_by_margin: shownOf(lists.best_by_margin),
    worst_by_margin: shownOf(lists.worst_by_margin),
    best_margin_from: moneyText(BEST_MARGIN_FROM),
    worst_margin_from: moneyText(WORST_MARGIN_FROM),
    recommendations: {
      best_performers: lists.best_by_revenue
        .slice(0, 3)
        .map((one) => `Keep ${nameOf(one)} in stock: ${moneyText(one.revenue)} of revenue`),
      worst_performers: lists.worst_by_revenue
        .slice(0, 3)
        .map((one) => `Look at ${nameOf(one)}: ${moneyText(one.revenue)} of revenue for ${one.units} units`),
      margin_optimization: lists.worst_by_margin
        .filter((one) => marginOf(one)! < LOW_MARGIN)
        .map((one) => `Look at price or cost of ${nameOf(one)}: a margin of ${marginOf(one)!.toFixed(1)} %`),
    },
  };
}

const nameOf = ({ productId, productName }: ProductSales): string => `${productName} (${productId})`;
const marginOf = ({ profit, revenue }: ProductSales): number | null =>
  profit === null ? null : percentOf(profit, revenue);

const resultOf = (
  one: ProductSales,
  orders: ReadonlyMap<string | null, number>,
): ProductPerformance['best_by_revenue'][number] => ({
  product_id: one.productId,
  product_name: one.productName,
  category: one.category,
  revenue: moneyText(one.revenue),
  profit: one.profit === null ? null : moneyText(one.profit),
  units_sold: one.units,
  profit_margin: marginOf(one),
  order_count: orders.get(one.productId) ?? 0,
});

/** What each category sold and left, and its share of all. */
export async function answerCategoryPerformance(
  db: Statements,
  today: string,
  asked: KpisAsked,
): Promise<CategoryPerformance> {
  const { scope, sales, period } = await salesOf(db, today, asked);
  const orders = await countCategoryOrders(db, scope);
  const all = sumsOf(sales);
  const categories = [...Map.groupBy(sales, ({ category }) => category)]
    .map(([category, some]) => ({ category, ...sumsOf(some), orders: orders.get(category) ?? 0 }))
    .filter(({ sold }) => sold > 0)
    .sort((a, b) => b.revenue - a.revenue || ((a.category ?? '') < (b.category ?? '') ? -1 : 1));
  return {
    ...period,
    categories: categories.slice(0, MOST_CATEGORIES).map((one) => ({
      category: one.category,
      revenue: moneyText(one.revenue),
      profit: one.known === 0 ? null : moneyText(one.profit),
      units_sold: one.units,
      order_count: one.orders,
      product_count: one.sold,
      revenue_share: percentOf(one.revenue, all.revenue),
      profit_share: one.known === 0 ? null : percentOf(one.profit, all.profit),
      profit_margin: percentOf(one.profit, one.knownRevenue),
      // in whole cents
      avg_order_value: one.orders === 0 ? null : moneyText(Math.round(one.revenue / one.orders / 100) * 100),
    })),
    totals: {
      total_revenue: moneyText(all.revenue),
      total_profit: moneyText(all.profit),
      total_categories: categories.length,
    },
  };
}

function sumsOf(sales: readonly ProductSales[]) {
  const sums = { revenue: 0, profit: 0, knownRevenue: 0, known: 0, units: 0, sold: 0 };
  for (const { revenue, profit, units } of sales) {
    sums.revenue += revenue;
    sums.units += units;
    if (revenue !== 0 || units !== 0) sums.sold++;
    if (profit === null) continue;
    sums.profit += profit;
    sums.knownRevenue += revenue;
    if (revenue !== 0 || units !== 0) sums.known++;
  }
  return sums;
}
