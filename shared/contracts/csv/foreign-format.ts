import type { CellStyle } from './cell-style.ts';
import type { RowOf } from './csv-format.ts';
import type { locations } from './locations.ts';
import type { movements } from './movements.ts';
import type { products } from './products.ts';
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
  readonly movements: RowOf<typeof movements>;
  readonly receipts: RowOf<typeof receipts>;
  readonly sales_lines: RowOf<typeof salesLines>;
}

export type { CellStyle };

/** One canonical row and the template it is of. */
export type CanonicalRow = {
  readonly [Name in keyof CanonicalRows]: {
    readonly template: Name;
    readonly row: CanonicalRows[Name];
    /** Order lines: a line recorded with other values is corrected by a linked reversal instead of rejected. */
    readonly revises?: boolean;
  };
}[keyof CanonicalRows];

/** What one row of a foreign file says; or that it says nothing worth recording, and why; or what is wrong with it. */
export type Translation =
  | { readonly rows: readonly CanonicalRow[] }
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
  /** A translator for one file. It sees every row in the order of the file and may remember earlier ones. */
  open(file: FileContext): (cells: Readonly<Record<string, string>>, line: number) => Translation;
}
