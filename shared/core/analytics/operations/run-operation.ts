import { describeSales, type SalesDescription } from './describe-sales.ts';
import { gatherRefundData, type RefundData } from './gather-refund-data.ts';
import type { MetricData } from './metric-data.ts';
import { type ProductCounts, productCounts } from './product-counts.ts';
import { type SaleToRestockRatio, saleToRestockRatio } from './sale-to-restock-ratio.ts';
import { type StockoutCounts, stockoutCounts } from './stockout-counts.ts';

/** The five metric operations, by name. */
export const METRIC_OPERATIONS = [
  'product_counts',
  'stockout_counts',
  'sale_to_restock_ratio',
  'describe_sales',
  'gather_refund_data',
] as const;
export type MetricOperation = (typeof METRIC_OPERATIONS)[number];

export type MetricResult =
  | ProductCounts
  | StockoutCounts
  | SaleToRestockRatio
  | SalesDescription
  | RefundData;

/**
 * One operation over rows. `cutoff` is the last day that counts, whatever comes after it; without one it is the last day
 * of the ledger or the sales, so that every operation over the same rows speaks of the same time.
 */
export function runOperation(operation: MetricOperation, data: MetricData, cutoff?: string): MetricResult {
  const through = cutoff ?? lastDayOf(data);
  switch (operation) {
    case 'product_counts':
      return productCounts(data.products, data.ledger, through);
    case 'stockout_counts':
      return stockoutCounts(data.ledger, through);
    case 'sale_to_restock_ratio':
      return saleToRestockRatio(data.sales, data.ledger, through);
    case 'describe_sales':
      return describeSales(data.sales, through);
    case 'gather_refund_data':
      return gatherRefundData(data.sales, data.refunds, through);
  }
}

function lastDayOf({ ledger, sales, refunds }: MetricData): string | null {
  let last: string | null = null;
  for (const rows of [ledger, sales, refunds])
    for (const { date } of rows) if (last === null || date > last) last = date;
  return last;
}
