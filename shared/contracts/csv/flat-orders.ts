import * as z from 'zod';
import { id, money, quantity, text } from './cells.ts';
import { time } from './time-cell.ts';

const amount = money.refine((value) => value >= 0, 'is negative');

/** The 20-column flat order file: one product an order; SellerID is a seller on the marketplace, not a supplier. */
export const flatOrders = {
  name: 'flat_orders',
  required: [
    'OrderID',
    'OrderDate',
    'CustomerID',
    'CustomerName',
    'ProductID',
    'ProductName',
    'Category',
    'Brand',
    'Quantity',
    'UnitPrice',
    'Discount',
    'Tax',
    'ShippingCost',
    'TotalAmount',
    'PaymentMethod',
    'OrderStatus',
    'City',
    'State',
    'Country',
    'SellerID',
  ],
  optional: [],
  row: z.object({
    OrderID: id(),
    OrderDate: time,
    CustomerID: id(),
    CustomerName: text(255),
    ProductID: id(),
    ProductName: text(255),
    Category: text(100),
    Brand: text(100),
    Quantity: quantity.refine((units) => units > 0, 'is not above zero'),
    UnitPrice: amount,
    // an amount, not a rate
    Discount: amount,
    Tax: amount,
    ShippingCost: amount,
    // negative where the order was returned
    TotalAmount: money,
    PaymentMethod: text(50),
    OrderStatus: z
      .string()
      .trim()
      .toLowerCase()
      .pipe(
        z.enum(['delivered', 'processing', 'shipped', 'cancelled', 'returned'], {
          error: 'is none of Delivered, Processing, Shipped, Cancelled, Returned',
        }),
      ),
    City: text(100),
    State: text(100),
    Country: text(100),
    SellerID: id(),
  }),
} as const;
