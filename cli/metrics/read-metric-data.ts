import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { Fault } from '../../shared/contracts/fault.ts';
import type {
  LedgerRow,
  MetricData,
  ProductRow,
  RefundRow,
  SaleRow,
} from '../../shared/core/analytics/operations/metric-data.ts';
import type { MetricOperation } from '../../shared/core/analytics/operations/run-operation.ts';
import { dayNumber } from '../../shared/core/calendar/period-grid.ts';
import { badInput, readCsv } from '../forecast/csv-rows.ts';

type Table = 'ledger' | 'sales' | 'products';

/** The files that an operation cannot do without; the others only say when the data ends. */
const NEEDED: Readonly<Record<MetricOperation, readonly Table[]>> = {
  product_counts: ['products', 'ledger'],
  stockout_counts: ['ledger'],
  sale_to_restock_ratio: ['ledger', 'sales'],
  describe_sales: ['sales'],
  gather_refund_data: ['sales'],
};

/**
 * Reads `ledger.csv`, `sales.csv` and `products.csv` of a folder, gzip or not, as `simulate` writes them. Throws Fault
 * `invalid` naming file, line and column of what cannot be used, or the file that the operation misses.
 */
export async function readMetricData(folder: string, operation: MetricOperation): Promise<MetricData> {
  const products: ProductRow[] = [];
  const ledger: LedgerRow[] = [];
  const sales: SaleRow[] = [];
  const refunds: RefundRow[] = [];
  const takers: Readonly<Record<Table, (row: Row) => void>> = {
    products: (row) => products.push({ productId: row.text('product_id'), category: row.maybe('category') }),
    ledger: (row) => ledger.push(movementOf(row)),
    sales: (row) => {
      const sale = saleOf(row);
      sales.push(sale);
      // a file of sales tells no day on which goods came back: that of the sale is the only one it has
      if (row.flag('refunded')) refunds.push({ ...sale, reason: row.maybe('reason') });
    },
  };
  for (const table of ['products', 'ledger', 'sales'] as const) {
    const file = await fileOf(folder, table);
    if (file !== undefined) await readRows(file, takers[table]);
    else if (NEEDED[operation].includes(table))
      throw new Fault('invalid', `${join(folder, `${table}.csv`)} is missing: ${operation} needs it`);
  }
  return { products, ledger, sales, refunds };
}

const movementOf = (row: Row): LedgerRow => ({
  logId: row.text('log_id'),
  productId: row.text('product_id'),
  locationId: row.text('location_id'),
  date: row.day('date'),
  type: row.text('type'),
  quantityChange: row.whole('quantity_change'),
  reversesLogId:
    row.maybe('reverses_log_id') ?? (row.text('type') === 'reversal' ? row.maybe('reference') : null),
});

function saleOf(row: Row): SaleRow {
  const quantity = row.whole('quantity');
  return {
    productId: row.text('product_id'),
    date: row.day('date'),
    quantity,
    amount: quantity * row.money('price'),
  };
}

async function fileOf(folder: string, table: Table): Promise<string | undefined> {
  for (const name of [`${table}.csv`, `${table}.csv.gz`]) {
    const file = join(folder, name);
    const isThere = await access(file).then(
      () => true,
      () => false,
    );
    if (isThere) return file;
  }
  return undefined;
}

async function readRows(file: string, take: (row: Row) => void): Promise<void> {
  await readCsv(file, (header) => {
    const row = new Row(file, header);
    return (cells, line) => {
      row.cells = cells;
      row.line = line;
      take(row);
    };
  });
}

/** Cells of the row at hand by the name of their column. */
class Row {
  cells: readonly string[] = [];
  line = 1;
  readonly #file: string;
  readonly #columns: ReadonlyMap<string, number>;

  constructor(file: string, header: readonly string[]) {
    this.#file = file;
    this.#columns = new Map(header.map((name, at) => [name, at]));
  }

  /** The cell, or null where it is empty or the file has no such column. */
  maybe(column: string): string | null {
    const at = this.#columns.get(column);
    const text = at === undefined ? '' : (this.cells[at] ?? '').trim();
    return text === '' ? null : text;
  }

  text(column: string): string {
    if (!this.#columns.has(column)) throw badInput(this.#file, 1, column, 'the file has no such column');
    const text = this.maybe(column);
    if (text === null) throw badInput(this.#file, this.line, column, 'it is empty');
    return text;
  }

  /** The day of a date or a time. */
  day(column: string): string {
    const text = this.text(column);
    const day = text.slice(0, 10);
    if (!/^[T ]|^$/.test(text.slice(10, 11)) || Number.isNaN(dayNumber(day)))
      throw badInput(this.#file, this.line, column, `"${text}" is not a day such as 2024-12-31`);
    return day;
  }

  whole(column: string): number {
    const text = this.text(column);
    const value = Number(text);
    if (!Number.isSafeInteger(value))
      throw badInput(this.#file, this.line, column, `"${text}" is not a whole number`);
    return value;
  }

  /** Ten-thousandths. */
  money(column: string): number {
    const text = this.text(column);
    const amount = Math.round(Number(text) * 10_000);
    if (!Number.isSafeInteger(amount))
      throw badInput(this.#file, this.line, column, `"${text}" is not an amount of money`);
    return amount;
  }

  flag(column: string): boolean {
    const text = this.maybe(column)?.toLowerCase() ?? '0';
    if (['1', 'true', 'yes'].includes(text)) return true;
    if (['0', 'false', 'no'].includes(text)) return false;
    throw badInput(this.#file, this.line, column, `"${text}" is neither true nor false`);
  }
}
