import type { ImportFormats } from '../../../shared/contracts/api/import.ts';

export type TemplateColumns = ImportFormats['templates'][number];

const normal = (name: string): string => name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');

/** Words that other systems use for a column of ours. */
const ALSO: Readonly<Record<string, readonly string[]>> = {
  product_id: ['sku', 'item', 'itemid', 'itemcode', 'article', 'articlenumber', 'product', 'productcode'],
  product_name: ['name', 'title', 'description', 'itemname', 'productname'],
  quantity: ['qty', 'units', 'count', 'onhand', 'stock', 'amount'],
  unit_price: ['price', 'itemprice', 'salesprice'],
  cost: ['unitcost', 'costprice', 'purchaseprice'],
  date: ['day', 'orderdate', 'createdat', 'time', 'timestamp', 'soldat'],
  order_id: ['order', 'ordernumber', 'orderno', 'invoice', 'receipt', 'transaction', 'transactionid'],
  line: ['lineno', 'linenumber', 'position', 'row'],
  location_id: ['location', 'warehouse', 'store'],
  supplier_id: ['supplier', 'vendor'],
  customer_id: ['customer', 'client'],
};

/** The headers whose names are, or mean, columns of the template; each header once. */
export function suggestColumns(
  { required, optional }: TemplateColumns,
  headers: readonly string[],
): Record<string, string> {
  const left = new Map(headers.map((header) => [normal(header), header]));
  const columns: Record<string, string> = {};
  for (const names of [(column: string) => [column], (column: string) => ALSO[column] ?? []]) {
    for (const column of [...required, ...optional]) {
      const name = names(column)
        .map(normal)
        .find((one) => left.has(one));
      if (columns[column] !== undefined || name === undefined) continue;
      columns[column] = left.get(name)!;
      left.delete(name);
    }
  }
  return columns;
}

/** What files that nobody knows mostly are. */
const USUAL = 'sales_lines';

/** The template of which most required columns are there. */
export function suggestTemplate(
  templates: readonly TemplateColumns[],
  headers: readonly string[],
): TemplateColumns {
  const score = (template: TemplateColumns): number => {
    const found = suggestColumns(template, headers);
    const has = template.required.filter((column) => found[column] !== undefined).length;
    return has / template.required.length;
  };
  const usual = templates.find(({ name }) => name === USUAL) ?? templates[0]!;
  return templates.reduce((best, one) => (score(one) > score(best) ? one : best), usual);
}
