import type { Quality, QualityIssue } from '../../shared/contracts/api/import.ts';
import type { TemplateName } from '../../shared/contracts/csv/templates.ts';

/** Lines named with each rule, different issues told apart, and ids remembered to find those that come twice. */
const LINES = 5;
const MAX_ISSUES = 200;
const MAX_IDS = 500_000;

type Inspect = (row: never, line: number) => void;

/** What the rows of a file are worth: rejections by rule, and what was recorded but looks odd. */
export class QualityReport {
  readonly #entity: string;
  readonly #now: string;
  readonly #errors = new Map<string, Collected>();
  readonly #warnings = new Map<string, Collected>();
  readonly #ids = new Map<string, Set<string>>();
  readonly #inspectors: Readonly<Partial<Record<TemplateName, Inspect>>>;

  /** `now` = when the file came, YYYY-MM-DD HH:MM:SS in UTC: what is later lies in the future. */
  constructor(entity: string, now: string) {
    this.#entity = entity;
    this.#now = now;
    this.#inspectors = this.#makeInspectors();
  }

  /** What looks at the valid rows of a template, if anything does. */
  inspectorOf(template: TemplateName): ((row: unknown, line: number) => void) | undefined {
    return this.#inspectors[template] as ((row: unknown, line: number) => void) | undefined;
  }

  inspect(template: TemplateName, row: unknown, line: number): void {
    this.inspectorOf(template)?.(row, line);
  }

  /** Something odd on a line, or about the whole file. */
  warn(rule: string, message: string, line?: number, field = ''): void {
    collect(this.#warnings, rule, field, message, line);
  }

  /** A row that was not recorded. */
  reject({ field, reason, line }: { field: string; reason: string; line: number }): void {
    collect(this.#errors, ruleOf(field, reason), field, reason, line);
  }

  report(total: number, invalid: number): Quality {
    return {
      entity: this.#entity,
      is_valid: invalid === 0,
      total,
      valid: total - invalid,
      invalid,
      error_rate: total === 0 ? 0 : Math.round((invalid / total) * 1e6) / 1e6,
      errors: [...this.#errors.values()].map(toIssue),
      warnings: [...this.#warnings.values()].map(toIssue),
    };
  }

  #makeInspectors(): Readonly<Partial<Record<TemplateName, Inspect>>> {
    const master = (id: string, name: string) => (row: Record<string, string | null>, line: number) => {
      this.#knowId(id, row[id]!, line);
      if (row[name] === null || row[name] === row[id])
        this.warn('missing_name', 'has no name but its id', line, name);
    };
    const productNames = master('product_id', 'product_name');
    return {
      products: (row: Priced & Record<string, never>, line) => {
        productNames(row, line);
        if (row.unit_price === 0) this.warn('price_not_positive', 'the price is zero', line, 'unit_price');
        if (row.cost !== null && row.unit_price !== null && row.cost > row.unit_price)
          this.warn('cost_above_price', 'costs more than it is sold for', line, 'cost');
      },
      suppliers: master('supplier_id', 'supplier_name'),
      sellers: master('seller_id', 'seller_name'),
      locations: master('location_id', 'location_name'),
      supplier_items: (row: { supplier_id: string; product_id: string; unit_cost: number }, line) => {
        this.#knowId('supplier_id, product_id', `${row.supplier_id}\n${row.product_id}`, line);
        if (row.unit_cost === 0) this.warn('price_not_positive', 'the cost is zero', line, 'unit_cost');
      },
      stock_on_hand: (
        row: { product_id: string; location_id: string | null; date: string; quantity: number },
        line,
      ) => {
        this.#checkDate(row.date, line, 'date');
        this.#knowId(
          'product_id, location_id, date',
          `${row.product_id}\n${row.location_id}\n${row.date}`,
          line,
        );
      },
      movements: (row: { date: string }, line) => this.#checkDate(row.date, line, 'date'),
      receipts: (row: { date: string }, line) => this.#checkDate(row.date, line, 'date'),
      purchase_orders: (
        row: { reference: string; product_id: string; unit_cost: number | null; ordered_at: string | null },
        line,
      ) => {
        this.#knowId('reference, product_id', `${row.reference}\n${row.product_id}`, line);
        if (row.unit_cost === 0) this.warn('price_not_positive', 'the cost is zero', line, 'unit_cost');
        if (row.ordered_at !== null) this.#checkDate(row.ordered_at, line, 'ordered_at');
      },
      sales_lines: (row: SalesCells, line) => {
        this.#checkDate(row.date, line, 'date');
        if (row.unit_price === 0) this.warn('price_not_positive', 'the price is zero', line, 'unit_price');
        const total =
          row.quantity * row.unit_price - (row.discount ?? 0) + (row.tax ?? 0) + (row.shipping_cost ?? 0);
        if (total < 0 && row.quantity > 0)
          this.warn('negative_total', 'the total is below zero, which may be a refund', line, 'discount');
      },
      uci_order_lines: (
        row: {
          InvoiceDate: string;
          UnitPrice: number;
          CustomerID: string | null;
          Description: string | null;
        },
        line,
      ) => {
        this.#checkDate(row.InvoiceDate, line, 'InvoiceDate');
        if (row.UnitPrice === 0) this.warn('price_not_positive', 'the price is zero', line, 'UnitPrice');
        if (row.Description === null)
          this.warn('missing_name', 'the product has no name', line, 'Description');
        if (row.CustomerID === null)
          this.warn('missing_customer', 'the customer is unknown', line, 'CustomerID');
      },
      flat_orders: (row: FlatCells, line) => {
        this.#checkDate(row.OrderDate, line, 'OrderDate');
        if (row.UnitPrice === 0) this.warn('price_not_positive', 'the price is zero', line, 'UnitPrice');
        if (row.ProductName === null)
          this.warn('missing_name', 'the product has no name', line, 'ProductName');
        if (row.CustomerName === null)
          this.warn('missing_name', 'the customer has no name', line, 'CustomerName');
        if (row.TotalAmount < 0)
          this.warn('negative_total', 'the total is below zero, which may be a refund', line, 'TotalAmount');
      },
    };
  }

  #checkDate(date: string, line: number, field: string): void {
    if (date > this.#now) this.warn('future_date', 'lies in the future', line, field);
  }

  #knowId(field: string, id: string, line: number): void {
    let ids = this.#ids.get(field);
    if (ids === undefined) {
      ids = new Set();
      this.#ids.set(field, ids);
    }
    if (ids.has(id))
      this.warn('duplicate_id', 'stands in the file more than once: the last row counts', line, field);
    else if (ids.size < MAX_IDS) ids.add(id);
  }
}

interface Priced {
  readonly unit_price: number | null;
  readonly cost: number | null;
}

interface SalesCells {
  readonly date: string;
  readonly quantity: number;
  readonly unit_price: number;
  readonly discount: number | null;
  readonly tax: number | null;
  readonly shipping_cost: number | null;
}

interface FlatCells {
  readonly OrderDate: string;
  readonly UnitPrice: number;
  readonly ProductName: string | null;
  readonly CustomerName: string | null;
  readonly TotalAmount: number;
}

interface Collected {
  readonly rule: string;
  readonly field: string;
  readonly message: string;
  count: number;
  readonly lines: number[];
}

const toIssue = ({ rule, field, message, count, lines }: Collected): QualityIssue => ({
  rule,
  field,
  message,
  count,
  lines: [...lines],
});

function collect(
  issues: Map<string, Collected>,
  rule: string,
  field: string,
  message: string,
  line: number | undefined,
): void {
  let key = `${rule}\n${field}\n${message}`;
  let issue = issues.get(key);
  if (issue === undefined) {
    // Of a file in which everything is wrong in its own way, the rest is told as one.
    const isFull = issues.size >= MAX_ISSUES;
    key = isFull ? 'other' : key;
    issue = issues.get(key);
    if (issue === undefined) {
      issue = isFull
        ? { rule: 'other', field: '', message: 'is wrong in yet another way', count: 0, lines: [] }
        : { rule, field, message, count: 0, lines: [] };
      issues.set(key, issue);
    }
  }
  issue.count++;
  if (line !== undefined && issue.lines.length < LINES) issue.lines.push(line);
}

/** By what a rejected cell breaks, in the words that its schema uses. */
const RULES: readonly (readonly [pattern: RegExp, rule: string])[] = [
  [/recorded with other values|cancelled or returned since/, 'conflicts_with_recorded'],
  [/is no known/, 'unknown_reference'],
  [/is not a date/, 'invalid_date'],
  [/cells instead of|quoted field|closing quote|line is longer/, 'broken_row'],
  [/is empty/, 'missing_value'],
  [/is zero/, 'zero_quantity'],
  [/is longer than|control characters/, 'invalid_text'],
  [/is none of|is neither/, 'unknown_value'],
  [/is beyond|is an amount beyond|is not between/, 'out_of_range'],
  [/is not a|whole number/, 'invalid_number'],
];

/** What a number below zero is called, by its column. */
const NEGATIVE: readonly (readonly [pattern: RegExp, rule: string])[] = [
  [/price|cost|amount|tax|discount|total/i, 'negative_price'],
  [/reorder|minimum|multiple|priority|lead_time/i, 'negative_reorder'],
  [/quantity|stock|on_hand|units|committed/i, 'negative_quantity'],
];

function ruleOf(field: string, reason: string): string {
  if (/negative|below|not above zero|above zero/.test(reason)) {
    const found = NEGATIVE.find(([pattern]) => pattern.test(field));
    if (found) return found[1];
  }
  return RULES.find(([pattern]) => pattern.test(reason))?.[1] ?? 'invalid_value';
}
