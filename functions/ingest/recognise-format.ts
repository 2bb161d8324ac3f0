import type { CsvFormat } from '../../shared/contracts/csv/csv-format.ts';
import { flatOrders } from '../../shared/contracts/csv/flat-orders.ts';
import { locations } from '../../shared/contracts/csv/locations.ts';
import { movements } from '../../shared/contracts/csv/movements.ts';
import { products } from '../../shared/contracts/csv/products.ts';
import { receipts } from '../../shared/contracts/csv/receipts.ts';
import { salesLines } from '../../shared/contracts/csv/sales-lines.ts';
import { sellers } from '../../shared/contracts/csv/sellers.ts';
import { signalValues } from '../../shared/contracts/csv/signal-values.ts';
import { stockOnHand } from '../../shared/contracts/csv/stock-on-hand.ts';
import { supplierItems } from '../../shared/contracts/csv/supplier-items.ts';
import { suppliers } from '../../shared/contracts/csv/suppliers.ts';
import { uciOrderLines } from '../../shared/contracts/csv/uci-order-lines.ts';
import { Fault } from '../../shared/contracts/fault.ts';
import { RecordReader } from './read-records.ts';

/** Every file we understand. */
export const FORMATS = [
  uciOrderLines,
  flatOrders,
  salesLines,
  products,
  suppliers,
  supplierItems,
  stockOnHand,
  movements,
  receipts,
  locations,
  sellers,
  signalValues,
] as const;

export type FormatName = (typeof FORMATS)[number]['name'];

/** A file's format, and how its rows are cut. */
export interface Recognised {
  readonly format: CsvFormat & { readonly name: FormatName };
  readonly delimiter: string;
  /** Canonical column name of each cell, in the order of the file. */
  readonly columns: readonly string[];
}

const DELIMITERS = [',', ';', '\t'] as const;

/** The format whose columns the header has. Never a guess: anything else is Fault `invalid`, telling what was seen. */
export function recogniseFormat(header: string): Recognised {
  const readings = DELIMITERS.map((delimiter) => ({ delimiter, names: columnNames(header, delimiter) }));
  for (const { delimiter, names } of readings) {
    const format = FORMATS.find((candidate) => hasColumns(candidate, names));
    if (format === undefined) continue;
    refuseRepeated(names);
    const known = [...format.required, ...format.optional];
    const columns = names.map((name) => known.find((column) => column.toLowerCase() === name)!);
    return { format, delimiter, columns };
  }
  const seen = readings.reduce((best, reading) =>
    reading.names.length > best.names.length ? reading : best,
  );
  throw new Fault('invalid', describe(header, seen.names));
}

function columnNames(header: string, delimiter: string): readonly string[] {
  const reader = new RecordReader(delimiter);
  const record = [...reader.push(header), ...reader.end()][0];
  return record !== undefined && 'fields' in record
    ? record.fields.map((name) => name.trim().toLowerCase())
    : [];
}

function hasColumns(format: (typeof FORMATS)[number], names: readonly string[]): boolean {
  const has = new Set(names);
  const known = new Set([...format.required, ...format.optional].map((name) => name.toLowerCase()));
  return (
    format.required.every((name) => has.has(name.toLowerCase())) && names.every((name) => known.has(name))
  );
}

function refuseRepeated(names: readonly string[]): void {
  const repeated = names.find((name, i) => names.indexOf(name) !== i);
  if (repeated !== undefined) throw new Fault('invalid', `The column ${repeated} appears twice.`);
}

function describe(header: string, names: readonly string[]): string {
  if (/^\s*</.test(header)) return 'The file is a web page or XML, not CSV.';
  const has = new Set(names);
  const missing = (format: CsvFormat) => format.required.filter((name) => !has.has(name.toLowerCase()));
  const closest = FORMATS.reduce((best, format) =>
    missing(format).length / format.required.length < missing(best).length / best.required.length
      ? format
      : best,
  );
  const known = new Set<string>([...closest.required, ...closest.optional].map((name) => name.toLowerCase()));
  const unknown = names.filter((name) => !known.has(name));
  return [
    `The columns are of no known format. Seen: ${shorten(names.join(', '))}.`,
    `Closest is ${closest.name}: missing ${shorten(missing(closest).join(', ')) || 'nothing'},`,
    `not expected ${shorten(unknown.join(', ')) || 'nothing'}.`,
    `Accepted: ${FORMATS.map((format) => format.name).join(', ')}.`,
  ].join(' ');
}

function shorten(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: what came from a file may hold any
  const printable = text.replaceAll(/[\u0000-\u001f]/g, ' ');
  return printable.length > 200 ? `${printable.slice(0, 200)}...` : printable;
}
