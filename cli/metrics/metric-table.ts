import { Fault } from '../../shared/contracts/fault.ts';
import type { MetricResult } from '../../shared/core/analytics/operations/run-operation.ts';
import { csvLine } from '../forecast/write-whole.ts';

type Cell = string | number | null;

/**
 * One list of a result as CSV, or its single numbers as one row, the list `summary`. Without a name the list by item, or by
 * category. Cells of what has no value are empty.
 */
export function metricTable(result: MetricResult, name?: string): string {
  const lists = new Map<string, readonly object[]>([['summary', [result]]]);
  for (const [key, value] of Object.entries(result)) if (Array.isArray(value)) lists.set(key, value);
  const chosen = name ?? (lists.has('rows') ? 'rows' : 'by_category');
  const list = lists.get(chosen);
  if (!list)
    throw new Fault(
      'invalid',
      `${result.operation} has no list ${chosen}: it has ${[...lists.keys()].join(', ')}`,
    );
  const rows = list.map(flat);
  const header = Object.keys(rows[0] ?? {});
  const lines = rows.map((row) => csvLine(header.map((column) => row[column] ?? '')));
  return rows.length === 0 ? '' : `${[csvLine(header), ...lines].join('\n')}\n`;
}

/** `{quantity: {mean: 1}}` has a column `quantity_mean`; lists are left out. */
function flat(row: object): Record<string, Cell> {
  return Object.fromEntries(
    Object.entries(row).flatMap(([name, value]): [string, Cell][] => {
      if (Array.isArray(value)) return [];
      if (value === null || typeof value !== 'object') return [[name, value]];
      return Object.entries(flat(value)).map(([inner, cell]) => [`${name}_${inner}`, cell]);
    }),
  );
}
