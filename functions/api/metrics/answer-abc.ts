import type { AbcAnalysis } from '../../../shared/contracts/api/performance.ts';
import {
  ABC_ADVICE,
  ABC_CLASSES,
  type AbcRow,
  analyseAbc,
} from '../../../shared/core/analytics/abc-analysis.ts';
import { moneyText } from '../../../shared/core/analytics/money-text.ts';
import { addDays, daysBetween } from '../../../shared/core/calendar/add-days.ts';
import { type ProductSales, readProductSales } from '../../../shared/data/metrics/product-sales-reads.ts';
import { readClassChanges } from '../../../shared/data/policies/series-class-store.ts';
import type { PageAsked } from '../../../shared/data/sql/columns.ts';
import type { Statements } from '../../../shared/data/sql/database.ts';
import { type KpisAsked, scopeOf } from './answer-kpis.ts';
import { percentOf } from './percent-of.ts';

/** As the classes of plans: the revenue of a year. */
export const YEAR_DAYS = 365;
const MOST_CATEGORIES = 1_000;

type Row = AbcRow<ProductSales & { readonly revenueBefore: number | null }>;

/** Products by their part of the revenue of a period: classes, what they hold, and how they have changed since the one before. */
export async function answerAbc(
  db: Statements,
  today: string,
  { skip, limit, ...asked }: KpisAsked & PageAsked,
): Promise<AbcAnalysis> {
  const { scope } = await scopeOf(db, today, asked, YEAR_DAYS);
  const days = daysBetween(scope.from, scope.to) + 1;
  const before = { ...scope, from: addDays(scope.from, -days), to: addDays(scope.from, -1) };
  const earlier = new Map((await readProductSales(db, before)).map((one) => [one.productId, one.revenue]));
  const sales = await readProductSales(db, scope);
  const rows = analyseAbc(
    sales.map((one) => ({ ...one, revenueBefore: earlier.get(one.productId) ?? null })),
  );
  const summary = { A: summaryOf('A', rows), B: summaryOf('B', rows), C: summaryOf('C', rows) };
  return {
    from: scope.from,
    to: scope.to,
    days,
    cuts: { A: 80, B: 95 },
    crossing: 'better',
    analysis: rows.slice(skip, skip + limit).map(shownRow),
    summary,
    matrix: ABC_CLASSES.flatMap((abc) => ABC_CLASSES.map((volume) => cellOf(abc, volume, rows))),
    categories: categoriesOf(rows),
    stability: stabilityOf(before, rows),
    plan_changes: await readClassChanges(db, scope),
    recommendations: ABC_CLASSES.map((name) => ({
      class: name,
      title: ABC_ADVICE[name].title,
      product_count: summary[name].product_count,
      revenue_contribution: summary[name].revenue_pct,
      recommendations: ABC_ADVICE[name].advice,
    })),
    pagination: { skip, limit, total: rows.length },
  };
}

const shownRow = ({ item, revenue, volume, inCategory, before }: Row): AbcAnalysis['analysis'][number] => ({
  product_id: item.productId,
  product_name: item.productName,
  category: item.category,
  total_revenue: moneyText(item.revenue),
  total_quantity: item.units,
  revenue_pct: revenue.share * 100,
  cumulative_pct: revenue.cumulative * 100,
  abc_class: revenue.abc,
  rank: revenue.rank,
  volume_class: volume.abc,
  volume_rank: volume.rank,
  category_class: inCategory.abc,
  category_rank: inCategory.rank,
  class_before: before,
});

const sum = (rows: readonly Row[], of: (row: Row) => number) =>
  rows.reduce((total, row) => total + of(row), 0);
const sharesOf = (rows: readonly Row[]) => sum(rows, ({ revenue }) => revenue.share) * 100;

function summaryOf(name: Row['revenue']['abc'], all: readonly Row[]): AbcAnalysis['summary']['A'] {
  const rows = all.filter(({ revenue }) => revenue.abc === name);
  const revenue = sum(rows, ({ item }) => item.revenue);
  return {
    product_count: rows.length,
    product_pct: percentOf(rows.length, all.length) ?? 0,
    total_revenue: moneyText(revenue),
    revenue_pct: sharesOf(rows),
    total_quantity: sum(rows, ({ item }) => item.units),
    avg_revenue_per_product: rows.length === 0 ? null : moneyText(centsOf(revenue / rows.length)),
  };
}

/** Amounts that were divided, in whole cents. */
const centsOf = (amount: number): number => Math.round(amount / 100) * 100;

function cellOf(
  abc: Row['revenue']['abc'],
  volume: Row['volume']['abc'],
  all: readonly Row[],
): AbcAnalysis['matrix'][number] {
  const rows = all.filter((row) => row.revenue.abc === abc && row.volume.abc === volume);
  return {
    abc_class: abc,
    volume_class: volume,
    product_count: rows.length,
    revenue_pct: sharesOf(rows),
  };
}

function categoriesOf(all: readonly Row[]): AbcAnalysis['categories'] {
  return [...Map.groupBy(all, ({ item }) => item.category)]
    .map(([category, rows]) => ({ category, rows, revenue: sum(rows, ({ item }) => item.revenue) }))
    .sort((a, b) => b.revenue - a.revenue || ((a.category ?? '') < (b.category ?? '') ? -1 : 1))
    .slice(0, MOST_CATEGORIES)
    .map(({ category, rows, revenue }) => {
      const count = (name: string) => rows.filter(({ inCategory }) => inCategory.abc === name).length;
      return {
        category,
        product_count: rows.length,
        total_revenue: moneyText(revenue),
        class_counts: { A: count('A'), B: count('B'), C: count('C') },
      };
    });
}

function stabilityOf(
  { from, to }: { readonly from: string; readonly to: string },
  rows: readonly Row[],
): AbcAnalysis['stability'] {
  const known = rows.filter(({ before }) => before !== null);
  if (known.length === 0) return null;
  const kept = known.filter(({ before, revenue }) => before === revenue.abc).length;
  const changes = ABC_CLASSES.flatMap((was) =>
    ABC_CLASSES.filter((is) => is !== was).map((is) => ({
      from: was,
      to: is,
      product_count: known.filter(({ before, revenue }) => before === was && revenue.abc === is).length,
    })),
  );
  return {
    ...{ from, to, kept },
    changed: known.length - kept,
    kept_pct: percentOf(kept, known.length)!,
    changes: changes.filter(({ product_count }) => product_count > 0),
  };
}
