import { moneyText } from '../money-text.ts';
import { ratio } from '../ratio.ts';
import { byName, type RefundRow, type SaleRow } from './metric-data.ts';

/**
 * What came back and what it cost, up to a day. Rates compare what came back in that time with what was sold in it: goods
 * of the last days may still come back.
 */
export interface RefundData {
  readonly operation: 'gather_refund_data';
  readonly through: string | null;
  readonly lines_sold: number;
  readonly units_sold: number;
  readonly revenue: string;
  /** Lines, units and money that came back. */
  readonly refunds: number;
  readonly units_refunded: number;
  readonly amount_refunded: string;
  /** Null where nothing was sold. */
  readonly line_rate: number | null;
  readonly unit_rate: number | null;
  readonly money_rate: number | null;
  /** Most units first; null is a refund without a reason. */
  readonly reasons: readonly RefundReason[];
  /** Products of which something came back, most units first. */
  readonly rows: readonly ProductRefunds[];
}

export interface RefundReason {
  readonly reason: string | null;
  readonly refunds: number;
  readonly units: number;
  readonly amount: string;
  /** Of all units that came back. */
  readonly share: number | null;
}

export interface ProductRefunds {
  readonly product_id: string;
  readonly refunds: number;
  readonly units: number;
  readonly amount: string;
  readonly units_sold: number;
  readonly unit_rate: number | null;
}

/** Sums of one reason, or one product; money in ten-thousandths. */
export interface RefundSum {
  readonly name: string | null;
  readonly refunds: number;
  readonly units: number;
  readonly amount: number;
}

/** Sums of what was sold in the same time. */
export interface SoldSums {
  readonly lines: number;
  readonly units: number;
  readonly amount: number;
}

/** Refunds up to the end of a day. */
export function gatherRefundData(
  sales: readonly SaleRow[],
  refunds: readonly RefundRow[],
  through: string | null,
): RefundData {
  const isCounted = ({ date }: { readonly date: string }) => through === null || date <= through;
  const sold = sales.filter(isCounted);
  const back = refunds.filter(isCounted);
  const soldOf = new Map<string, number>();
  for (const { productId, quantity } of sold) soldOf.set(productId, (soldOf.get(productId) ?? 0) + quantity);
  return refundAnswer(
    {
      lines: sold.length,
      units: sold.reduce((sum, row) => sum + row.quantity, 0),
      amount: sold.reduce((sum, row) => sum + row.amount, 0),
    },
    sumsBy(back, (row) => row.reason),
    sumsBy(back, (row) => row.productId).map((sum) => ({ ...sum, unitsSold: soldOf.get(sum.name!) ?? 0 })),
    through,
  );
}

/** The answer, given the sums of each reason, and of the products to show. */
export function refundAnswer(
  sold: SoldSums,
  reasons: readonly RefundSum[],
  products: readonly (RefundSum & { readonly unitsSold: number })[],
  through: string | null,
): RefundData {
  const refunds = reasons.reduce((sum, reason) => sum + reason.refunds, 0);
  const units = reasons.reduce((sum, reason) => sum + reason.units, 0);
  const amount = reasons.reduce((sum, reason) => sum + reason.amount, 0);
  const mostFirst = (a: RefundSum, b: RefundSum) => b.units - a.units || byName(a.name, b.name);
  return {
    operation: 'gather_refund_data',
    through,
    lines_sold: sold.lines,
    units_sold: sold.units,
    revenue: moneyText(sold.amount),
    refunds,
    units_refunded: units,
    amount_refunded: moneyText(amount),
    line_rate: ratio(refunds, sold.lines),
    unit_rate: ratio(units, sold.units),
    money_rate: ratio(amount, sold.amount),
    reasons: reasons.toSorted(mostFirst).map((reason) => ({
      reason: reason.name,
      refunds: reason.refunds,
      units: reason.units,
      amount: moneyText(reason.amount),
      share: ratio(reason.units, units),
    })),
    rows: products.toSorted(mostFirst).map((product) => ({
      product_id: product.name!,
      refunds: product.refunds,
      units: product.units,
      amount: moneyText(product.amount),
      units_sold: product.unitsSold,
      unit_rate: ratio(product.units, product.unitsSold),
    })),
  };
}

function sumsBy(rows: readonly RefundRow[], nameOf: (row: RefundRow) => string | null): RefundSum[] {
  return [...Map.groupBy(rows, nameOf)].map(([name, own]) => ({
    name,
    refunds: own.length,
    units: own.reduce((sum, row) => sum + row.quantity, 0),
    amount: own.reduce((sum, row) => sum + row.amount, 0),
  }));
}
