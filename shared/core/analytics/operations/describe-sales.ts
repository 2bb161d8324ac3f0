import { type Description, describeValues } from '../describe-values.ts';
import { moneyText } from '../money-text.ts';
import { growth } from '../ratio.ts';
import { byName, type SaleRow } from './metric-data.ts';

/** What was sold: units of a line described, together and by product, and month by month. Cancelled lines are none. */
export interface SalesDescription {
  readonly operation: 'describe_sales';
  readonly through: string | null;
  readonly units: number;
  readonly revenue: string;
  /** Of the units of a line. */
  readonly quantity: Description;
  /** From the first month with a sale to the last one, those between without sales too; within the newest 1,200 months. */
  readonly months: readonly MonthOfSales[];
  /** Products that were sold, most units first. */
  readonly rows: readonly ProductSales[];
}

export interface MonthOfSales {
  /** `YYYY-MM`. */
  readonly month: string;
  readonly lines: number;
  readonly units: number;
  readonly revenue: string;
  /** To the month before, as a fraction; null where that had nothing. */
  readonly units_growth: number | null;
  readonly revenue_growth: number | null;
}

export interface ProductSales {
  readonly product_id: string;
  readonly units: number;
  readonly revenue: string;
  readonly quantity: Description;
}

/** Sales of one month; money in ten-thousandths. */
export interface MonthSum {
  readonly month: string;
  readonly lines: number;
  readonly units: number;
  readonly amount: number;
}

/** Months of one answer: a sale that is dated centuries off would make as many of them as memory holds. */
const MOST_MONTHS = 1_200;

/** Sales up to the end of a day. */
export function describeSales(sales: readonly SaleRow[], through: string | null): SalesDescription {
  const counted = sales.filter((row) => through === null || row.date <= through);
  const rows = [...Map.groupBy(counted, (row) => row.productId)].map(([productId, lines]) => ({
    product_id: productId,
    units: sumOf(lines, (row) => row.quantity),
    revenue: moneyText(sumOf(lines, (row) => row.amount)),
    quantity: describeValues(lines.map((row) => [row.quantity, 1])),
  }));
  rows.sort((a, b) => b.units - a.units || byName(a.product_id, b.product_id));
  return {
    operation: 'describe_sales',
    through,
    units: sumOf(counted, (row) => row.quantity),
    revenue: moneyText(sumOf(counted, (row) => row.amount)),
    quantity: describeValues(counted.map((row) => [row.quantity, 1])),
    months: monthsOf(
      [...Map.groupBy(counted, (row) => row.date.slice(0, 7))].map(([month, lines]) => ({
        month,
        lines: lines.length,
        units: sumOf(lines, (row) => row.quantity),
        amount: sumOf(lines, (row) => row.amount),
      })),
    ),
    rows,
  };
}

/** Every month from the first with a sale to the last, with growth to the one before. */
export function monthsOf(sums: readonly MonthSum[]): MonthOfSales[] {
  const found = new Map(sums.map((sum) => [sum.month, sum]));
  const names = [...found.keys()].sort();
  if (names.length === 0) return [];
  const last = names.at(-1)!;
  const months: MonthOfSales[] = [];
  let before: MonthSum | undefined;
  const earliest = monthBefore(last, MOST_MONTHS - 1);
  for (let month = names.find((name) => name >= earliest)!; month <= last; month = monthBefore(month, -1)) {
    const sum = found.get(month) ?? { month, lines: 0, units: 0, amount: 0 };
    months.push({
      month,
      lines: sum.lines,
      units: sum.units,
      revenue: moneyText(sum.amount),
      units_growth: before ? growth(before.units, sum.units) : null,
      revenue_growth: before ? growth(before.amount, sum.amount) : null,
    });
    before = sum;
  }
  return months;
}

/** So many months before a month, or after it. */
function monthBefore(month: string, months: number): string {
  const [year, number] = month.split('-').map(Number) as [number, number];
  const at = Math.max(0, year * 12 + number - 1 - months);
  return `${String(Math.floor(at / 12)).padStart(4, '0')}-${String((at % 12) + 1).padStart(2, '0')}`;
}

const sumOf = <T>(rows: readonly T[], value: (row: T) => number): number =>
  rows.reduce((sum, row) => sum + value(row), 0);
