import type { FieldPacket } from 'mysql2';

/** What a cell becomes in an answer. */
export type CellKind = 'boolean' | 'bit' | 'long' | 'bigint' | 'double' | 'decimal' | 'text' | 'blob';

/** A result column: how its cells are read, and what `columnMetadata` says of it. */
export interface Column {
  readonly label: string;
  readonly kind: CellKind;
  readonly scale: number;
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** Column types of the wire protocol; all others are text or bytes. */
const Types = {
  DECIMAL: 0,
  TINY: 1,
  SHORT: 2,
  LONG: 3,
  FLOAT: 4,
  DOUBLE: 5,
  NULL: 6,
  TIMESTAMP: 7,
  LONGLONG: 8,
  INT24: 9,
  DATE: 10,
  TIME: 11,
  DATETIME: 12,
  YEAR: 13,
  NEWDATE: 14,
  VARCHAR: 15,
  BIT: 16,
  JSON: 245,
  NEWDECIMAL: 246,
  VAR_STRING: 253,
  STRING: 254,
} as const;

const NOT_NULL = 1;
const UNSIGNED = 32;
const BINARY = 128;
const AUTO_INCREMENT = 512;
const ENUM = 256;
const SET = 2048;
const BINARY_CHARSET = 63;
const BYTES_PER_CHARACTER = 4;

interface ColumnType {
  readonly kind: CellKind;
  readonly typeName: string;
  /** Of java.sql.Types, which the Data API reports. */
  readonly code: number;
}

const NUMBERS: Readonly<Record<number, ColumnType>> = {
  [Types.TINY]: { kind: 'long', typeName: 'TINYINT', code: -6 },
  [Types.SHORT]: { kind: 'long', typeName: 'SMALLINT', code: 5 },
  [Types.INT24]: { kind: 'long', typeName: 'MEDIUMINT', code: 4 },
  [Types.LONG]: { kind: 'long', typeName: 'INT', code: 4 },
  [Types.LONGLONG]: { kind: 'bigint', typeName: 'BIGINT', code: -5 },
  [Types.FLOAT]: { kind: 'double', typeName: 'FLOAT', code: 7 },
  [Types.DOUBLE]: { kind: 'double', typeName: 'DOUBLE', code: 8 },
  [Types.DECIMAL]: { kind: 'decimal', typeName: 'DECIMAL', code: 3 },
  [Types.NEWDECIMAL]: { kind: 'decimal', typeName: 'DECIMAL', code: 3 },
};

const OTHERS: Readonly<Record<number, ColumnType>> = {
  [Types.DATE]: { kind: 'text', typeName: 'DATE', code: 91 },
  [Types.NEWDATE]: { kind: 'text', typeName: 'DATE', code: 91 },
  [Types.TIME]: { kind: 'text', typeName: 'TIME', code: 92 },
  [Types.DATETIME]: { kind: 'text', typeName: 'DATETIME', code: 93 },
  [Types.TIMESTAMP]: { kind: 'text', typeName: 'TIMESTAMP', code: 93 },
  [Types.YEAR]: { kind: 'text', typeName: 'YEAR', code: 91 },
  [Types.BIT]: { kind: 'bit', typeName: 'BIT', code: -7 },
  [Types.JSON]: { kind: 'text', typeName: 'JSON', code: -1 },
  [Types.NULL]: { kind: 'text', typeName: 'NULL', code: 0 },
};

/** Reads a column definition of the driver. */
export function columnOf(field: FieldPacket): Column {
  const { name, columnLength = 0, decimals = 0, extendedFormat, schema, table, orgName } = field;
  const flags = Number(field.flags);
  // MariaDB keeps JSON as text and says so beside the type.
  const type = extendedFormat === 'json' ? OTHERS[Types.JSON]! : typeOf(field, flags);
  const isNumber = field.columnType !== undefined && field.columnType in NUMBERS;
  const isUnsigned = isNumber && (flags & UNSIGNED) !== 0;
  const scale = type.kind === 'decimal' ? decimals : 0;
  return {
    label: name,
    kind: type.kind,
    scale,
    metadata: {
      name: orgName === '' ? name : orgName,
      label: name,
      type: type.code,
      typeName: isUnsigned && type.kind !== 'boolean' ? `${type.typeName} UNSIGNED` : type.typeName,
      schemaName: schema ?? '',
      tableName: table,
      arrayBaseColumnType: 0,
      isAutoIncrement: (flags & AUTO_INCREMENT) !== 0,
      isCaseSensitive: (flags & BINARY) !== 0,
      isCurrency: false,
      isSigned: isNumber && !isUnsigned,
      nullable: (flags & NOT_NULL) === 0 ? 1 : 0,
      precision: precisionOf(type, columnLength, scale, isUnsigned),
      scale,
    },
  };
}

function typeOf(field: FieldPacket, flags: number): ColumnType {
  const { columnType = -1, columnLength = 0 } = field;
  if (columnType === Types.TINY && columnLength === 1) return { kind: 'boolean', typeName: 'BIT', code: -7 };
  return NUMBERS[columnType] ?? OTHERS[columnType] ?? textType(field, flags, columnLength);
}

function textType({ columnType, characterSet }: FieldPacket, flags: number, length: number): ColumnType {
  const isBinary = characterSet === BINARY_CHARSET;
  if (flags & ENUM) return { kind: 'text', typeName: 'ENUM', code: 1 };
  if (flags & SET) return { kind: 'text', typeName: 'SET', code: 1 };
  if (columnType === Types.STRING)
    return isBinary
      ? { kind: 'blob', typeName: 'BINARY', code: -2 }
      : { kind: 'text', typeName: 'CHAR', code: 1 };
  if (columnType === Types.VAR_STRING || columnType === Types.VARCHAR)
    return isBinary
      ? { kind: 'blob', typeName: 'VARBINARY', code: -3 }
      : { kind: 'text', typeName: 'VARCHAR', code: 12 };
  const size = length < 2 ** 10 ? 'TINY' : length < 2 ** 18 ? '' : length < 2 ** 26 ? 'MEDIUM' : 'LONG';
  return isBinary
    ? { kind: 'blob', typeName: `${size}BLOB`, code: -4 }
    : { kind: 'text', typeName: `${size}TEXT`, code: -1 };
}

function precisionOf({ kind, code }: ColumnType, length: number, scale: number, isUnsigned: boolean): number {
  if (kind === 'decimal') return length - (scale > 0 ? 1 : 0) - (isUnsigned ? 0 : 1);
  if (code === 1 || code === 12 || code === -1) return Math.floor(length / BYTES_PER_CHARACTER);
  return length;
}
