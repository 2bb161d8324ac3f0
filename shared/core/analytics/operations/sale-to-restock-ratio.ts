import { ratio } from '../ratio.ts';
import { byName, type LedgerRow, type SaleRow } from './metric-data.ts';

/**
 * Units of the sales that were not cancelled / units that suppliers sent by the ledger, where what a reversal takes back does
 * not count. Opening stock is no restock.
 */
export interface SaleToRestockRatio {
  readonly operation: 'sale_to_restock_ratio';
  readonly through: string | null;
  readonly units_sold: number;
  readonly units_restocked: number;
  /** Null where nothing came. */
  readonly ratio: number | null;
  /** Products that were sold or restocked, most sold first. */
  readonly rows: readonly ProductRatio[];
}

export interface ProductRatio {
  readonly product_id: string;
  readonly units_sold: number;
  readonly units_restocked: number;
  readonly ratio: number | null;
}

/** What was sold for every unit that was bought, up to the end of a day. */
export function saleToRestockRatio(
  sales: readonly SaleRow[],
  ledger: readonly LedgerRow[],
  through: string | null,
): SaleToRestockRatio {
  const types = new Map(ledger.map((row) => [row.logId, row.type]));
  const sums = new Map<string, { sold: number; restocked: number }>();
  const sumOf = ({ productId }: { readonly productId: string }) => {
    const sum = sums.get(productId) ?? { sold: 0, restocked: 0 };
    sums.set(productId, sum);
    return sum;
  };
  const isIn = ({ date }: { readonly date: string }) => through === null || date <= through;
  for (const sale of sales) if (isIn(sale)) sumOf(sale).sold += sale.quantity;
  for (const row of ledger) {
    const type = row.reversesLogId === null ? row.type : types.get(row.reversesLogId);
    if (type === 'receipt' && isIn(row)) sumOf(row).restocked += row.quantityChange;
  }
  const rows = [...sums].map(([productId, { sold, restocked }]) => ({
    product_id: productId,
    units_sold: sold,
    units_restocked: restocked,
    ratio: ratio(sold, restocked),
  }));
  rows.sort((a, b) => b.units_sold - a.units_sold || byName(a.product_id, b.product_id));
  return ratioAnswer(
    rows.reduce((sum, row) => sum + row.units_sold, 0),
    rows.reduce((sum, row) => sum + row.units_restocked, 0),
    rows,
    through,
  );
}

/** The answer, given the sums over all products and the rows to show. */
export function ratioAnswer(
  sold: number,
  restocked: number,
  rows: readonly ProductRatio[],
  through: string | null,
): SaleToRestockRatio {
  return {
    operation: 'sale_to_restock_ratio',
    through,
    units_sold: sold,
    units_restocked: restocked,
    ratio: ratio(sold, restocked),
    rows,
  };
}
