import type { MovementType } from '../../core/inventory/movement-types.ts';
import type { CellStyle } from './cell-style.ts';
import type { RowOf } from './csv-format.ts';
import type { customers } from './customers.ts';
import type { locations } from './locations.ts';
import type { movements } from './movements.ts';
import type { orderHeaders } from './order-headers.ts';
import type { orderItems } from './order-items.ts';
import type { products } from './products.ts';
import type { purchaseOrders } from './purchase-orders.ts';
import type { receipts } from './receipts.ts';
import type { salesLines } from './sales-lines.ts';
import type { sellers } from './sellers.ts';
import type { stockOnHand } from './stock-on-hand.ts';
import type { supplierItems } from './supplier-items.ts';
import type { suppliers } from './suppliers.ts';

/** The canonical rows that foreign files are translated into, by the name of their template. */
export interface CanonicalRows {
  readonly locations: RowOf<typeof locations>;
  readonly products: RowOf<typeof products>;
  readonly suppliers: RowOf<typeof suppliers>;
  readonly supplier_items: RowOf<typeof supplierItems>;
  readonly sellers: RowOf<typeof sellers>;
  readonly stock_on_hand: RowOf<typeof stockOnHand>;
  /** A foreign ledger also says which of its movements were sales; they move stock only, demand comes with sales_lines. */
  readonly movements: Omit<RowOf<typeof movements>, 'change_type'> & {
    readonly change_type: Exclude<MovementType, 'reversal' | 'count' | 'transfer_in' | 'transfer_out'>;
  };
  readonly purchase_orders: RowOf<typeof purchaseOrders>;
  readonly receipts: RowOf<typeof receipts>;
  readonly sales_lines: RowOf<typeof salesLines>;
  readonly customers: RowOf<typeof customers>;
  readonly order_headers: RowOf<typeof orderHeaders>;
  readonly order_items: RowOf<typeof orderItems>;
}

export type { CellStyle };

/** One canonical row and the template it is of. */
export type CanonicalRow = {
  readonly [Name in keyof CanonicalRows]: {
    readonly template: Name;
    readonly row: CanonicalRows[Name];
    /** Order lines: a line recorded with other values is corrected by a linked reversal instead of rejected. */
    readonly revises?: boolean;
    /** Master data that the file only mentions: it is made where nothing is known under its id, and leaves what is. */
    readonly stub?: boolean;
  };
}[keyof CanonicalRows];

/** What one row of a foreign file says; or that it says nothing worth recording, and why; or what is wrong with it. */
export type Translation =
  | {
      readonly rows: readonly CanonicalRow[];
      /** What had to be filled in, in words to count by: `product_id from the name of the item`. */
      readonly imputed?: readonly string[];
    }
  | { readonly excluded: string }
  | { readonly field: string; readonly reason: string };

/** What a translator is told of its file. */
export interface FileContext {
  /** Headers as they are written in the file. */
  readonly headers: readonly string[];
  readonly style: CellStyle;
  /** When the file was dropped, YYYY-MM-DD HH:MM:SS.mmm in UTC: the time of rows that are a state and carry no date. */
  readonly droppedAt: string;
}

/** A file of another system, as that system exports it. */
export interface ForeignFormat {
  /** `shopify_orders` */
  readonly name: string;
  /** Each a set of headers, lower case, that together no other known file has. One of the sets has to be there whole. */
  readonly signatures: readonly (readonly string[])[];
  /** Whether quotes in a file with tabs are letters like any other. */
  readonly isUnquoted?: boolean;
  /**
   * A translator for one file. It sees every row in the order of the file and may remember earlier ones.
   * Cells come by the header in lower case, without spaces around it.
   */
  open(file: FileContext): (cells: Readonly<Record<string, string>>, line: number) => Translation;
}
