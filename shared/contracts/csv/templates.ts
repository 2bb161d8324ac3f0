import { customers } from './customers.ts';
import { flatOrders } from './flat-orders.ts';
import { locations } from './locations.ts';
import { movements } from './movements.ts';
import { orderHeaders } from './order-headers.ts';
import { orderItems } from './order-items.ts';
import { products } from './products.ts';
import { purchaseOrders } from './purchase-orders.ts';
import { receipts } from './receipts.ts';
import { salesLines } from './sales-lines.ts';
import { sellers } from './sellers.ts';
import { signalValues } from './signal-values.ts';
import { stockOnHand } from './stock-on-hand.ts';
import { supplierItems } from './supplier-items.ts';
import { suppliers } from './suppliers.ts';
import { uciOrderLines } from './uci-order-lines.ts';

/** Formats of ours: a file has exactly their columns, or a mapping says which of its columns are theirs. */
export const TEMPLATES = [
  uciOrderLines,
  flatOrders,
  salesLines,
  products,
  suppliers,
  supplierItems,
  stockOnHand,
  movements,
  receipts,
  purchaseOrders,
  locations,
  sellers,
  customers,
  orderHeaders,
  orderItems,
  signalValues,
] as const;

export type Template = (typeof TEMPLATES)[number];
export type TemplateName = Template['name'];

/** The template of that name. */
export const templateNamed = (name: string): Template | undefined =>
  TEMPLATES.find((template) => template.name === name);
