import * as z from 'zod';
import { id, money, quantity, text } from './cells.ts';
import { time } from './time-cell.ts';

/** Invoice lines of the kind "UCI Online Retail". Excel writes customers as `17850.0`. */
export const uciOrderLines = {
  name: 'uci_order_lines',
  required: [
    'InvoiceNo',
    'StockCode',
    'Description',
    'Quantity',
    'InvoiceDate',
    'UnitPrice',
    'CustomerID',
    'Country',
  ],
  optional: [],
  row: z.object({
    InvoiceNo: id(),
    // the same article appears as 85123A and 85123a
    StockCode: id().toUpperCase(),
    Description: text(255),
    Quantity: quantity.refine((units) => units !== 0, 'is zero'),
    InvoiceDate: time,
    UnitPrice: money.refine((amount) => amount >= 0, 'is negative'),
    CustomerID: z
      .string()
      .trim()
      .max(64)
      .transform((value) => (value === '' ? null : value.replace(/\.0+$/, ''))),
    Country: text(100),
  }),
} as const;
