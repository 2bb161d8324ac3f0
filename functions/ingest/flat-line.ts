import type { RowOf } from '../../shared/contracts/csv/csv-format.ts';
import type { flatOrders } from '../../shared/contracts/csv/flat-orders.ts';
import { contentHashOf } from '../../shared/data/sql/content-hash.ts';
import { amountFault, type LineMovement, type OrderLine } from './order-line.ts';

/** VARCHAR(128) */
const MAX_LINE_ID = 128;

/** A row of the flat order file as an order line, or why it cannot be one. */
export function flatLine(
  row: RowOf<typeof flatOrders>,
  line: number,
  locationId: string,
): OrderLine | { field: string; reason: string } {
  const fault = amountFault(row.Quantity * row.UnitPrice) ?? amountFault(row.TotalAmount);
  if (fault !== undefined) return { field: 'UnitPrice', reason: fault };
  const saleId = `${row.OrderID}:${row.ProductID}`;
  // Cut where it ends, the ids of two lines could meet. Letters are counted only where there may be too many.
  if (saleId.length > MAX_LINE_ID && [...saleId].length > MAX_LINE_ID)
    return { field: 'ProductID', reason: `is too long: with OrderID it may have ${MAX_LINE_ID - 1} letters` };
  const isCancelled = row.OrderStatus === 'cancelled';
  const isReturned = row.OrderStatus === 'returned';
  const leaves: LineMovement = { type: 'sale', units: -row.Quantity, reason: null };
  const comesBack: LineMovement = { type: 'return', units: row.Quantity, reason: 'order returned' };
  return {
    line,
    order: {
      orderId: row.OrderID,
      customerId: row.CustomerID,
      sellerId: row.SellerID,
      date: row.OrderDate,
      status: row.OrderStatus.charAt(0).toUpperCase() + row.OrderStatus.slice(1),
      paymentMethod: row.PaymentMethod,
      city: row.City,
      state: row.State,
      country: row.Country,
    },
    sale: {
      saleId,
      orderId: row.OrderID,
      customerId: row.CustomerID,
      productId: row.ProductID,
      locationId,
      date: row.OrderDate,
      kind: isCancelled ? 'cancelled' : 'sale',
      quantity: row.Quantity,
      price: row.UnitPrice,
      discount: row.Discount,
      tax: row.Tax,
      shippingCost: row.ShippingCost,
      total: row.TotalAmount,
      refunded: isReturned,
      reason: null,
      contentHash: contentHashOf(Object.values(row)),
    },
    product: {
      productId: row.ProductID,
      productName: row.ProductName ?? row.ProductID,
      category: row.Category,
      brand: row.Brand,
      unitPrice: row.UnitPrice,
      isService: false,
    },
    customer: {
      customerId: row.CustomerID,
      name: row.CustomerName ?? row.CustomerID,
      city: row.City,
      state: row.State,
      country: row.Country,
    },
    movements: isCancelled ? [] : isReturned ? [leaves, comesBack] : [leaves],
    takesBack: false,
  };
}
