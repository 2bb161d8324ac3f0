import type { MetricPage } from '../../../shared/contracts/api/metrics.ts';
import type { MetricOperation } from '../../../shared/core/analytics/operations/run-operation.ts';
import { readRefundData, readSalesDescription } from '../../../shared/data/metrics/sales-metric-reads.ts';
import {
  readProductCounts,
  readSaleToRestockRatio,
  readStockoutCounts,
} from '../../../shared/data/metrics/stock-metric-reads.ts';
import { readBusinessDay } from '../../../shared/data/planning/business-day.ts';
import type { PageAsked } from '../../../shared/data/sql/columns.ts';
import type { Statements } from '../../../shared/data/sql/database.ts';

/**
 * One of the five operations over the database with a page of its rows: up to the cutoff, else the business day, else,
 * where nothing was ever sold, today.
 */
export async function answerMetric(
  db: Statements,
  operation: MetricOperation,
  today: string,
  asked: PageAsked & { readonly cutoff?: string | undefined },
): Promise<MetricPage> {
  const { cutoff, ...page } = asked;
  const through = cutoff ?? (await readBusinessDay(db)) ?? today;
  if (operation === 'product_counts') {
    const counts = await readProductCounts(db, through);
    return { ...counts, pagination: { skip: 0, limit: page.limit, total: counts.by_category.length } };
  }
  const { answer, total } = await ROWS[operation](db, through, page);
  return { ...answer, pagination: { ...page, total } };
}

const ROWS = {
  stockout_counts: readStockoutCounts,
  sale_to_restock_ratio: readSaleToRestockRatio,
  describe_sales: readSalesDescription,
  gather_refund_data: readRefundData,
};
