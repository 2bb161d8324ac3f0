import { normalHeader } from '../../shared/contracts/csv/column-mapping.ts';
import type { CsvFormat } from '../../shared/contracts/csv/csv-format.ts';
import { FOREIGN_FORMATS } from '../../shared/contracts/csv/foreign/foreign-formats.ts';
import type { ForeignFormat } from '../../shared/contracts/csv/foreign-format.ts';
import { TEMPLATES, type Template, templateNamed } from '../../shared/contracts/csv/templates.ts';
import { Fault } from '../../shared/contracts/fault.ts';
import type { StoredMapping } from '../../shared/data/imports/import-mapping-store.ts';
import { categoryDemand } from './category-demand.ts';
import { RecordReader } from './read-records.ts';

/** What the rows of a file are. */
export type FileKind =
  | { readonly kind: 'own'; readonly template: Template }
  | { readonly kind: 'foreign'; readonly foreign: ForeignFormat }
  | { readonly kind: 'mapped'; readonly template: Template; readonly mapping: StoredMapping };

/** A file's format, and how its rows are cut. */
export interface Recognised {
  /** As reports call it: `products`, `shopify_orders`, `mapping:Till export`. */
  readonly name: string;
  readonly file: FileKind;
  readonly delimiter: string;
  /** Whether quotes hold a cell together. */
  readonly isQuoted: boolean;
  /** Headers as they stand in the file. */
  readonly headers: readonly string[];
  /** The name of each cell in the order of the file: a template's column, or the header in lower case. */
  readonly columns: readonly string[];
  /** Headers whose cells nothing reads. */
  readonly ignored: readonly string[];
}

/** A header cut by one delimiter. */
export interface HeaderReading {
  readonly delimiter: string;
  readonly headers: readonly string[];
  /** Whether there is a quote in the header. */
  readonly hasQuotes: boolean;
}

const DELIMITERS = [',', ';', '\t', '|'] as const;

/** The header cut in every way it may be meant; `delimiter` when a line before it said which. */
export function readingsOf(header: string, delimiter?: string): readonly HeaderReading[] {
  const delimiters = delimiter === undefined ? DELIMITERS : [delimiter];
  return delimiters.map((one) => ({
    delimiter: one,
    headers: headersIn(header, one),
    hasQuotes: header.includes('"'),
  }));
}

/**
 * The format that the header shows. A mapping that somebody made for these headers comes first; a template of ours has
 * to have them exactly; a file of another system shows one of its signatures, and may have more columns, which are
 * ignored. Never a guess: anything else, and what looks like two systems, is Fault `invalid` telling what was seen.
 */
export function recogniseFormat(
  readings: readonly HeaderReading[],
  mapping?: StoredMapping,
  foreignFormats: readonly ForeignFormat[] = FOREIGN_FORMATS,
): Recognised {
  for (const reading of readings) {
    const found = mappedBy(reading, mapping) ?? ownFormat(reading) ?? foreignFormat(reading, foreignFormats);
    if (found !== undefined) return found;
  }
  const seen = readings.reduce((best, one) => (one.headers.length > best.headers.length ? one : best));
  throw new Fault('invalid', describe(seen.headers, foreignFormats));
}

function headersIn(header: string, delimiter: string): readonly string[] {
  const reader = new RecordReader(delimiter);
  const record = [...reader.push(header), ...reader.end()][0];
  return record !== undefined && 'fields' in record ? record.fields.map((name) => name.trim()) : [];
}

function mappedBy(
  { delimiter, headers }: HeaderReading,
  mapping: StoredMapping | undefined,
): Recognised | undefined {
  if (mapping === undefined) return undefined;
  const columns = headers.map(normalHeader);
  const expected = new Set(mapping.headers.map(normalHeader));
  if (new Set(columns).size !== expected.size || columns.some((name) => !expected.has(name)))
    return undefined;
  const template = templateNamed(mapping.template)!;
  const used = new Set(
    Object.values(mapping.columns).flatMap((source) =>
      typeof source === 'string' ? [normalHeader(source)] : [],
    ),
  );
  return {
    name: template.name,
    file: { kind: 'mapped', template, mapping },
    delimiter,
    isQuoted: true,
    headers,
    columns,
    ignored: headers.filter((name) => !used.has(normalHeader(name))),
  };
}

function ownFormat({ delimiter, headers }: HeaderReading): Recognised | undefined {
  const names = headers.map(normalHeader);
  const template = TEMPLATES.find((candidate) => hasColumns(candidate, names));
  if (template === undefined) return undefined;
  const repeated = names.find((name, i) => names.indexOf(name) !== i);
  if (repeated !== undefined) throw new Fault('invalid', `The column ${repeated} appears twice.`);
  const known: readonly string[] = [...template.required, ...template.optional];
  const columns = names.map((name) => known.find((column) => column.toLowerCase() === name)!);
  const file = { kind: 'own', template } as const;
  return { name: template.name, file, delimiter, isQuoted: true, headers, columns, ignored: [] };
}

function foreignFormat(
  { delimiter, headers, hasQuotes }: HeaderReading,
  formats: readonly ForeignFormat[],
): Recognised | undefined {
  const columns = headers.map(normalHeader);
  const has = new Set(columns);
  const matches = formats.filter(({ signatures }) =>
    signatures.some((names) => names.every((name) => has.has(name))),
  );
  if (matches.length > 1) {
    const names = matches.map(({ name }) => name).join(' and ');
    throw new Fault(
      'invalid',
      `The columns are those of ${names} at once. Say by a mapping how to read them.`,
    );
  }
  const foreign = matches[0] ?? categoryDemand(columns);
  if (foreign === undefined) return undefined;
  const file = { kind: 'foreign', foreign } as const;
  const isQuoted = foreign.isUnquoted !== true || delimiter !== '\t' || hasQuotes;
  return { name: foreign.name, file, delimiter, isQuoted, headers, columns, ignored: [] };
}

function hasColumns(format: CsvFormat, names: readonly string[]): boolean {
  const has = new Set(names);
  const known = new Set([...format.required, ...format.optional].map((name) => name.toLowerCase()));
  return (
    format.required.every((name) => has.has(name.toLowerCase())) && names.every((name) => known.has(name))
  );
}

/** What was seen, what comes closest, what is accepted, and what to do. */
function describe(headers: readonly string[], foreignFormats: readonly ForeignFormat[]): string {
  const names = headers.map(normalHeader);
  if (/^\s*</.test(names[0] ?? '')) return 'The file is a web page or XML, not CSV.';
  const has = new Set(names);
  const candidates = [
    ...TEMPLATES.map((format: CsvFormat) => ({
      name: format.name,
      needs: format.required,
      allows: new Set([...format.required, ...format.optional].map(normalHeader)),
    })),
    ...foreignFormats.flatMap(({ name, signatures }) =>
      signatures.map((needs) => ({ name, needs, allows: has })),
    ),
  ];
  const missing = (needs: readonly string[]) => needs.filter((name) => !has.has(normalHeader(name)));
  const share = (needs: readonly string[]) => missing(needs).length / needs.length;
  const closest = candidates.reduce((best, one) => (share(one.needs) < share(best.needs) ? one : best));
  const unknown = names.filter((name) => !closest.allows.has(name));
  const accepted = [...new Set([...candidates.map(({ name }) => name), 'category_demand'])];
  return [
    `The columns are of no known format. Seen: ${shorten(names.join(', '))}.`,
    `Closest is ${closest.name}: missing ${shorten(missing(closest.needs).join(', ')) || 'nothing'},`,
    `not expected ${shorten(unknown.join(', ')) || 'nothing'}.`,
    `Accepted: ${accepted.join(', ')}.`,
    'For any other file POST /imports/mappings says which column is which; then retry this import.',
  ].join(' ');
}

function shorten(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: what came from a file may hold any
  const printable = text.replaceAll(/[\u0000-\u001f]/g, ' ');
  return printable.length > 200 ? `${printable.slice(0, 200)}...` : printable;
}
