import { daysBetween } from '../calendar/add-days.ts';
import { growth, ratio } from './ratio.ts';

/** Sums over a period of one product; money in ten-thousandths. */
export interface ProductSums {
  /** Sum of closing stock over the days. */
  readonly unitDays: number;
  readonly soldUnits: number;
  readonly revenue: number;
  /** Revenue less cost of what was sold; null where the cost is unknown. */
  readonly margin: number | null;
  /** Units sold in the older and in the newer half of the period. */
  readonly olderUnits: number;
  readonly newerUnits: number;
  readonly lastSale: string | null;
}

/** Change from which on demand counts as rising or falling. */
const TREND = 0.1;

export interface ProductFigures {
  /** Units sold / average units on hand, of the period: cost is the same above and below the line. */
  readonly turnover: number | null;
  readonly days_of_stock: number | null;
  readonly revenue_share: number | null;
  readonly margin_share: number | null;
  readonly days_since_last_sale: number | null;
  /** Newer half to older half of the period, as a fraction of the older. */
  readonly demand_change: number | null;
  readonly demand_trend: 'rising' | 'falling' | 'steady' | 'new' | 'none';
}

/** Figures of one product beside the sums of all; `days` and `to` are those of the period. */
export function productFigures(
  sums: ProductSums,
  all: { readonly revenue: number; readonly margin: number },
  { days, to }: { readonly days: number; readonly to: string },
): ProductFigures {
  const average = sums.unitDays / days;
  const change = growth(sums.olderUnits, sums.newerUnits);
  return {
    turnover: average > 0 ? sums.soldUnits / average : null,
    days_of_stock: sums.soldUnits > 0 && average >= 0 ? (average / sums.soldUnits) * days : null,
    revenue_share: ratio(sums.revenue, all.revenue),
    margin_share: sums.margin === null ? null : ratio(sums.margin, all.margin),
    days_since_last_sale: sums.lastSale === null ? null : daysBetween(sums.lastSale, to),
    demand_change: change,
    demand_trend: trendOf(sums.newerUnits, change),
  };
}

function trendOf(newer: number, change: number | null): ProductFigures['demand_trend'] {
  if (change === null) return newer > 0 ? 'new' : 'none';
  if (change >= TREND) return 'rising';
  return change <= -TREND ? 'falling' : 'steady';
}
