import type { RowOf } from '../../shared/contracts/csv/csv-format.ts';
import type { uciOrderLines } from '../../shared/contracts/csv/uci-order-lines.ts';
import type { SaleKind } from '../../shared/data/orders/order-store.ts';
import type { LineCounter } from './line-counter.ts';
import { amountFault, contentKey, type LineMovement, type OrderLine } from './order-line.ts';
import { isServiceCode } from './service-codes.ts';

type UciRow = RowOf<typeof uciOrderLines>;

interface Meaning {
  readonly kind: SaleKind;
  readonly status: string;
  readonly reason: string | null;
  readonly movements: readonly LineMovement[];
}

/**
 * A UCI invoice line as an order line, or why it cannot be one.
 * An invoice may hold the same line several times: its id is its content and how often that was seen in the file.
 */
export function uciLine(
  row: UciRow,
  line: number,
  locationId: string,
  seen: LineCounter,
): OrderLine | { field: string; reason: string } {
  const total = row.Quantity * row.UnitPrice;
  const fault = amountFault(total);
  if (fault !== undefined) return { field: 'Quantity', reason: fault };
  const isCancellation = /^c/i.test(row.InvoiceNo);
  if (isCancellation && row.Quantity > 0) {
    return { field: 'Quantity', reason: 'is above zero on a cancellation (InvoiceNo starts with C)' };
  }
  if (!isCancellation && row.Quantity < 0 && row.UnitPrice > 0 && !isServiceCode(row.StockCode)) {
    return { field: 'Quantity', reason: 'is below zero on a priced line that is no cancellation' };
  }

  const key = contentKey(Object.values(row));
  const nth = seen.next(key.high, key.low);
  if (nth === undefined) return { field: '', reason: 'is the same line for more than the 65,535th time' };
  const meaning = meaningOf(row, isCancellation);
  return {
    line,
    order: {
      orderId: row.InvoiceNo,
      customerId: row.CustomerID,
      sellerId: null,
      date: row.InvoiceDate,
      status: meaning.status,
      paymentMethod: null,
      city: null,
      state: null,
      country: row.Country,
    },
    sale: {
      saleId: `${row.InvoiceNo}:${key.text}${nth === 1 ? '' : `:${nth}`}`,
      orderId: row.InvoiceNo,
      customerId: row.CustomerID,
      productId: row.StockCode,
      locationId,
      date: row.InvoiceDate,
      kind: meaning.kind,
      quantity: row.Quantity,
      price: row.UnitPrice,
      discount: 0,
      tax: 0,
      shippingCost: 0,
      total,
      refunded: false,
      reason: meaning.reason,
      contentHash: key.text,
    },
    product: {
      productId: row.StockCode,
      // adjustments carry a remark where sales carry the article's name
      productName: (meaning.kind === 'adjustment' ? null : row.Description) ?? row.StockCode,
      category: null,
      brand: null,
      unitPrice: row.UnitPrice > 0 && meaning.kind === 'sale' ? row.UnitPrice : null,
      isService: isServiceCode(row.StockCode),
    },
    customer:
      row.CustomerID === null
        ? null
        : {
            customerId: row.CustomerID,
            name: `Customer ${row.CustomerID}`,
            city: null,
            state: null,
            country: row.Country,
          },
    movements: meaning.movements,
    takesBack: meaning.kind === 'return' && row.CustomerID !== null,
  };
}

function meaningOf(row: UciRow, isCancellation: boolean): Meaning {
  const units = row.Quantity;
  if (isServiceCode(row.StockCode)) {
    const status = isCancellation ? 'Cancelled' : 'Delivered';
    return { kind: 'service', status, reason: null, movements: [] };
  }
  if (isCancellation) {
    const movement = { type: 'return', units: -units, reason: 'goods returned' } as const;
    return { kind: 'return', status: 'Returned', reason: null, movements: [movement] };
  }
  if (row.UnitPrice > 0) {
    const movement = { type: 'sale', units: -units, reason: null } as const;
    return { kind: 'sale', status: 'Delivered', reason: null, movements: [movement] };
  }
  // Free goods leave for the customer; without one, the sign says what happened to the stock.
  const isFreeGoods = row.CustomerID !== null;
  const reason = isFreeGoods ? 'free of charge' : (row.Description ?? 'stock correction without a remark');
  const movement = { type: 'adjustment', units: isFreeGoods ? -Math.abs(units) : units, reason } as const;
  return {
    kind: 'adjustment',
    status: isFreeGoods ? 'Delivered' : 'Adjustment',
    reason,
    movements: [movement],
  };
}
