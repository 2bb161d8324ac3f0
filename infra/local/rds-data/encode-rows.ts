import type { CellKind, Column } from './column.ts';

/** A row as the driver hands it over: the bytes of each cell, or null. */
export type RawRow = readonly (Buffer | null)[];

export interface ResultSetOptions {
  readonly decimalReturnType?: unknown;
  readonly longReturnType?: unknown;
}

type Encode = (cell: Buffer) => string;

/** `records` as JSON text. Digits go from the database to the answer untouched, so that none is lost. */
export function encodeRecords(
  columns: readonly Column[],
  rows: readonly RawRow[],
  options: ResultSetOptions,
): string {
  const encoders = columns.map((column) => fieldEncoder(column, options));
  const lines = rows.map((row) => {
    let line = '[';
    for (let i = 0; i < encoders.length; i++) {
      const cell = row[i];
      line += (i === 0 ? '' : ',') + (cell ? encoders[i]!(cell) : '{"isNull":true}');
    }
    return `${line}]`;
  });
  return `[${lines.join(',')}]`;
}

/** `formattedRecords`: a list of objects by label, as JSON text. */
export function encodeObjects(columns: readonly Column[], rows: readonly RawRow[]): string {
  const encoders = columns.map(({ kind }) => PLAIN[kind]);
  const keys = columns.map(({ label }, i) => `${i === 0 ? '' : ','}${JSON.stringify(label)}:`);
  const lines = rows.map((row) => {
    let line = '{';
    for (let i = 0; i < encoders.length; i++) {
      const cell = row[i];
      line += keys[i]! + (cell ? encoders[i]!(cell) : 'null');
    }
    return `${line}}`;
  });
  return `[${lines.join(',')}]`;
}

const digits: Encode = (cell) => cell.toString('latin1');
/** A ZEROFILL column pads with zeros, which JSON forbids. */
const integer: Encode = (cell) => digits(cell).replace(/^(-?)0+(?=\d)/, '$1');
const text: Encode = (cell) => JSON.stringify(cell.toString());
const quotedDigits: Encode = (cell) => `"${cell.toString('latin1')}"`;
const base64: Encode = (cell) => `"${cell.toString('base64')}"`;
const isTrue = (cell: Buffer): boolean => cell.length > 1 || cell[0] !== 48;
const hasBit = (cell: Buffer): boolean => cell.some((byte) => byte !== 0);

const PLAIN: Readonly<Record<CellKind, Encode>> = {
  boolean: (cell) => String(isTrue(cell)),
  bit: (cell) => String(hasBit(cell)),
  long: integer,
  bigint: integer,
  double: digits,
  decimal: integer,
  text,
  blob: base64,
};

function fieldEncoder({ kind, scale }: Column, options: ResultSetOptions): Encode {
  const [name, encode] = fieldOf(kind, scale, options);
  return (cell) => `{"${name}":${encode(cell)}}`;
}

function fieldOf(kind: CellKind, scale: number, options: ResultSetOptions): [name: string, Encode] {
  switch (kind) {
    case 'boolean':
    case 'bit':
      return ['booleanValue', PLAIN[kind]];
    case 'bigint':
      return options.longReturnType === 'STRING' ? ['stringValue', quotedDigits] : ['longValue', integer];
    case 'long':
      return ['longValue', integer];
    case 'double':
      return ['doubleValue', digits];
    case 'decimal':
      if (options.decimalReturnType !== 'DOUBLE_OR_LONG') return ['stringValue', quotedDigits];
      return scale === 0 ? ['longValue', integer] : ['doubleValue', integer];
    case 'text':
      return ['stringValue', text];
    case 'blob':
      return ['blobValue', base64];
  }
}
