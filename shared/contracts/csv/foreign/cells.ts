import type * as z from 'zod';
import { type CellStyle, DEFAULT_STYLE, inStyle } from '../cell-style.ts';
import { GROUPED_UNITS, type Money, toDecimal } from '../cells.ts';
import { customers } from '../customers.ts';
import { mayBeGrouped } from '../detect-style.ts';
import type {
  CanonicalRow,
  CanonicalRows,
  FileContext,
  ForeignFormat,
  Translation,
} from '../foreign-format.ts';
import { locations } from '../locations.ts';
import { movements } from '../movements.ts';
import { readMoney, readNumber } from '../number-text.ts';
import { orderHeaders } from '../order-headers.ts';
import { orderItems } from '../order-items.ts';
import { products } from '../products.ts';
import { purchaseOrders } from '../purchase-orders.ts';
import { receipts } from '../receipts.ts';
import { salesLines } from '../sales-lines.ts';
import { sellers } from '../sellers.ts';
import { stockOnHand } from '../stock-on-hand.ts';
import { supplierItems } from '../supplier-items.ts';
import { suppliers } from '../suppliers.ts';
import { readTime, timeFault } from '../time-text.ts';

/** Why a row of a foreign file cannot be recorded: thrown while a row is translated, answered as its translation. */
export class CellFault extends Error {
  readonly field: string;
  readonly reason: string;

  constructor(field: string, reason: string) {
    super(`${field} ${reason}`);
    this.field = field;
    this.reason = reason;
  }
}

/** The cells of one row of a foreign file, read in the style of the file. Columns by lower-case header. */
export class Cells {
  readonly style: CellStyle;
  readonly #cells: Readonly<Record<string, string>>;

  constructor(cells: Readonly<Record<string, string>>, style: CellStyle) {
    this.#cells = cells;
    this.style = style;
  }

  /** The first of these columns that is filled, trimmed; empty where none is. */
  text(...columns: readonly string[]): string {
    for (const column of columns) {
      const text = this.#cells[column]?.trim();
      if (text !== undefined && text !== '') return text;
    }
    return '';
  }

  /** A number, or undefined where the cell is empty. */
  number(...columns: readonly string[]): number | undefined {
    const text = this.text(...columns);
    if (text === '') return undefined;
    return readNumber(text, this.style) ?? fail(columns[0]!, 'is not a number');
  }

  /** Whole units, or undefined where the cell is empty. */
  units(...columns: readonly string[]): number | undefined {
    const units = this.number(...columns);
    if (this.style.isDecimalOpen && mayBeGrouped(this.text(...columns))) fail(columns[0]!, GROUPED_UNITS);
    if (units !== undefined && !Number.isInteger(units)) fail(columns[0]!, 'is not a whole number of units');
    return units;
  }

  /** An amount in ten-thousandths, or undefined where the cell is empty. */
  money(...columns: readonly string[]): Money | undefined {
    const text = this.text(...columns);
    if (text === '') return undefined;
    const amount = readMoney(text, this.style) ?? fail(columns[0]!, 'is not an amount of money');
    return Math.round(amount * 10_000);
  }

  /** A time in UTC, or undefined where the cell is empty. */
  time(...columns: readonly string[]): string | undefined {
    const text = this.text(...columns);
    if (text === '') return undefined;
    return readTime(text, this.style) ?? fail(columns[0]!, timeFault(text, this.style));
  }
}

/** Ends the translation of a row. */
export function fail(field: string, reason: string): never {
  throw new CellFault(field, reason);
}

/** A translator of one row: reads its cells, remembers what later rows need. May throw CellFault. */
export type RowTranslator = (row: Cells, line: number) => Translation;

/** A foreign format whose rows are read through `Cells`. */
export function foreignFormat(format: {
  readonly name: string;
  readonly isUnquoted?: boolean;
  readonly signatures: readonly (readonly string[])[];
  readonly open: (file: FileContext) => RowTranslator;
}): ForeignFormat {
  return {
    name: format.name,
    signatures: format.signatures,
    isUnquoted: format.isUnquoted === true,
    open(file) {
      const translate = format.open(file);
      return (cells, line) => {
        try {
          return translate(new Cells(cells, file.style), line);
        } catch (error) {
          if (error instanceof CellFault) return { field: error.field, reason: error.reason };
          throw error;
        }
      };
    },
  };
}

const TEMPLATES = {
  locations,
  products,
  suppliers,
  supplier_items: supplierItems,
  sellers,
  stock_on_hand: stockOnHand,
  movements,
  purchase_orders: purchaseOrders,
  receipts,
  sales_lines: salesLines,
  customers,
  order_headers: orderHeaders,
  order_items: orderItems,
} as const;

type Written = string | number | boolean | null | undefined;

/**
 * A row of a template, checked as if it stood in a file of that template; throws CellFault where it could not.
 * Columns that are null, undefined or empty are left out. Money is written by `amount`.
 */
export function canonical<Name extends keyof CanonicalRows>(
  template: Name,
  values: Readonly<Record<string, Written>>,
  how: { readonly revises?: boolean; readonly stub?: boolean } = {},
): CanonicalRow {
  const cells: Record<string, string> = {};
  for (const [column, value] of Object.entries(values)) {
    if (value === null || value === undefined || value === '') continue;
    cells[column] = typeof value === 'boolean' ? (value ? '1' : '0') : String(value);
  }
  const schema: z.ZodType = TEMPLATES[template].row;
  const checked = inStyle(DEFAULT_STYLE, () => schema.safeParse(cells));
  if (!checked.success) {
    const issue = checked.error.issues[0]!;
    const field = String(issue.path[0] ?? '');
    fail(field, cells[field] === undefined ? 'is empty' : issue.message);
  }
  return { template, row: checked.data, ...how } as CanonicalRow;
}

/** Money as `canonical` takes it. */
export const amount = (money: Money | undefined): string | undefined =>
  money === undefined ? undefined : toDecimal(money);

/**
 * The price of a unit and a discount whose product is the total of the line to the last fraction: a total that units
 * do not divide leaves its remainder in the discount.
 */
export function unitPriceOf(
  total: Money,
  units: number,
): { readonly price: Money; readonly remainder: Money } {
  const price = Math.ceil(total / units);
  return { price, remainder: price * units - total };
}

/** An id made of a name: `Blue mug, large` becomes `blue-mug-large`. */
export function slug(...parts: readonly string[]): string {
  const made = parts
    .join(' ')
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, '-')
    .replaceAll(/^-+|-+$/g, '');
  return made.length <= 64 ? made : `${made.slice(0, 57)}-${shortHash(made)}`;
}

/** Six characters that tell long names apart which begin the same. */
function shortHash(text: string): string {
  let hash = 0;
  for (let i = 0; i < text.length; i++) hash = (Math.imul(hash, 31) + text.charCodeAt(i)) >>> 0;
  return hash.toString(36).padStart(6, '0').slice(-6);
}

/** Locations that a file names, each mentioned once: made where unknown. */
export class Mentioned {
  readonly #seen = new Set<string>();

  location(id: string, name = id): CanonicalRow[] {
    if (this.#seen.has(id)) return [];
    if (this.#seen.size < MEMORY) this.#seen.add(id);
    return [canonical('locations', { location_id: id, location_name: name }, { stub: true })];
  }
}

/** Ids that a translator remembers. Beyond it, they are mentioned again, which changes nothing. */
export const MEMORY = 200_000;
