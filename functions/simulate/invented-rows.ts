import type { OrderRow, SaleRow } from '../../shared/data/orders/order-store.ts';
import { contentHashOf } from '../../shared/data/sql/content-hash.ts';

/** An order that nobody placed: no customer, seller or address. */
export const inventedOrder = (orderId: string, time: string, status: string): OrderRow => ({
  orderId,
  customerId: null,
  sellerId: null,
  date: time,
  status,
  paymentMethod: null,
  city: null,
  state: null,
  country: null,
});

/** A line of such an order: units at a price, without discount, tax or shipping. */
export const inventedSale = (
  sale: Pick<SaleRow, 'saleId' | 'orderId' | 'productId' | 'locationId' | 'quantity' | 'price'> & {
    readonly time: string;
  },
): SaleRow => ({
  saleId: sale.saleId,
  orderId: sale.orderId,
  customerId: null,
  productId: sale.productId,
  locationId: sale.locationId,
  date: sale.time,
  kind: 'sale',
  quantity: sale.quantity,
  price: sale.price,
  discount: 0,
  tax: 0,
  shippingCost: 0,
  total: sale.price * sale.quantity,
  refunded: false,
  reason: null,
  contentHash: contentHashOf([sale.productId, sale.locationId, sale.time, sale.quantity, sale.price]),
});
