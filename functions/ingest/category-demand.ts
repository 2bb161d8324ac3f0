import * as z from 'zod';
import { inStyle } from '../../shared/contracts/csv/cell-style.ts';
import * as cells from '../../shared/contracts/csv/cells.ts';
import type { ForeignFormat, Translation } from '../../shared/contracts/csv/foreign-format.ts';
import { products } from '../../shared/contracts/csv/products.ts';
import { salesLines } from '../../shared/contracts/csv/sales-lines.ts';
import { time } from '../../shared/contracts/csv/time-cell.ts';
import { LineCounter } from './line-counter.ts';
import { contentKey } from './order-line.ts';

/** The names that each column goes by. */
export const CATEGORY_DEMAND_COLUMNS = {
  date: ['date', 'order_date', 'orderdate'],
  category: ['category', 'product_category', 'cat'],
  quantity: ['quantity', 'qty', 'units'],
  amount: ['amount', 'total_amount', 'total', 'revenue', 'sales'],
  status: ['status', 'order_status', 'orderstatus'],
} as const;
type Column = keyof typeof CATEGORY_DEMAND_COLUMNS;
const REQUIRED: readonly Column[] = ['date', 'category', 'quantity'];
/** Rows of a file; each is told apart from its equals by how often it came. */
const MAX_ROWS = 16_000_000;

const Row = z.object({
  date: time,
  category: cells.requiredText(53),
  quantity: cells.quantity,
  amount: cells.optionalMoney,
  status: cells.text(40),
});

/** Which header is which column, when the headers are these columns, each at most once, and no others. */
export function categoryDemandColumns(headers: readonly string[]): ReadonlyMap<Column, string> | undefined {
  const found = new Map<Column, string>();
  for (const header of headers) {
    const column = (Object.keys(CATEGORY_DEMAND_COLUMNS) as Column[]).find((name) =>
      (CATEGORY_DEMAND_COLUMNS[name] as readonly string[]).includes(header),
    );
    if (column === undefined || found.has(column)) return undefined;
    found.set(column, header);
  }
  return REQUIRED.every((column) => found.has(column)) ? found : undefined;
}

/**
 * Demand of whole categories: date, category, quantity. There are no products behind it, so each category gets one that
 * stands for all of it, `CATEGORY:Lamps`, marked as synthetic. Cancelled rows are kept and are no demand; a row of a
 * negative quantity is a return.
 */
export function categoryDemand(headers: readonly string[]): ForeignFormat | undefined {
  const columns = categoryDemandColumns(headers);
  if (columns === undefined) return undefined;
  return {
    name: 'category_demand',
    signatures: [],
    open({ style }) {
      const seen = new LineCounter(MAX_ROWS);
      const introduced = new Set<string>();
      return (row) => {
        const named = Object.fromEntries([...columns].map(([column, header]) => [column, row[header]]));
        const checked = inStyle(style, () => Row.safeParse(named));
        if (!checked.success) {
          const { path, message } = checked.error.issues[0]!;
          return { field: columns.get(path[0] as Column) ?? '', reason: message };
        }
        return translate(checked.data, seen, introduced);
      };
    },
  };
}

function translate(row: z.infer<typeof Row>, seen: LineCounter, introduced: Set<string>): Translation {
  if (row.quantity === 0) return { excluded: 'quantity is zero' };
  const key = contentKey(Object.values(row));
  const nth = seen.next(key.high, key.low);
  if (nth === undefined) return { field: '', reason: 'is the same line for more than the 65,535th time' };
  const productId = `CATEGORY:${row.category}`;
  const price = row.amount === null ? 0 : Math.max(0, Math.round(row.amount / row.quantity));
  const isCancelled = /^cancell?ed$/i.test(row.status ?? '');
  const sale = salesLines.row.safeParse({
    order_id: `CATEGORY:${row.date.slice(0, 10)}`,
    line: `${key.text}${nth === 1 ? '' : `-${nth}`}`,
    date: row.date,
    product_id: productId,
    quantity: String(row.quantity),
    unit_price: String(price / 10_000),
    status: isCancelled ? 'cancelled' : '',
    category: row.category,
    reason: row.quantity < 0 ? 'goods returned' : '',
  });
  if (!sale.success) return { field: '', reason: sale.error.issues[0]!.message };
  const rows = [{ template: 'sales_lines', row: sale.data } as const];
  if (introduced.has(productId)) return { rows };
  introduced.add(productId);
  const product = products.row.parse({
    product_id: productId,
    product_name: `${row.category} (all products)`,
    category: row.category,
    is_synthetic: '1',
  });
  return { rows: [{ template: 'products', row: product }, ...rows] };
}
