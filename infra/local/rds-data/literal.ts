import { DataApiError } from './data-api-error.ts';

/** A parameter as it comes in a request; nothing in it is checked yet. */
export interface RequestParameter {
  readonly name?: unknown;
  readonly value?: Readonly<Record<string, unknown>> | null;
  readonly typeHint?: unknown;
}

/** The SQL literal of a parameter's value, which the database reads back as exactly this value. */
export function literalOf({ name, value, typeHint }: RequestParameter): string {
  const label = String(name);
  if (typeof value !== 'object' || value === null) throw invalid(label, 'has no value');
  const kind = Object.keys(value).find((key) => value[key] !== undefined && value[key] !== null);
  const held = kind === undefined ? undefined : value[kind];
  if (typeHint !== undefined && typeHint !== null && kind !== 'isNull') {
    if (typeof held !== 'string' || kind !== 'stringValue')
      throw invalid(label, `has type hint ${typeHint} but no stringValue`);
    return hintedLiteral(label, held, String(typeHint));
  }
  switch (kind) {
    case 'isNull':
      return 'NULL';
    case 'booleanValue':
      return held === true ? 'TRUE' : 'FALSE';
    case 'longValue':
      if (!Number.isInteger(held)) throw invalid(label, 'must have an integer longValue');
      return number(BigInt(held as number).toString());
    case 'doubleValue':
      return double(label, held);
    case 'stringValue':
      if (typeof held !== 'string') throw invalid(label, 'must have a string stringValue');
      return textLiteral(held);
    case 'blobValue':
      if (typeof held !== 'string') throw invalid(label, 'must have a base64 blobValue');
      return `x'${Buffer.from(held, 'base64').toString('hex')}'`;
    case 'arrayValue':
      throw new DataApiError('BadRequestException', 'Array parameters are not supported.');
    default:
      throw invalid(label, 'has no value');
  }
}

/**
 * Text in quotes. Quotes are doubled, not escaped, so that no sql_mode lets a value end its literal.
 */
export function textLiteral(text: string): string {
  const needsEscape = text.includes("'") || text.includes('\\');
  return needsEscape ? `'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'` : `'${text}'`;
}

/** Two minus signs in a row would begin a comment. */
const number = (text: string): string => (text.startsWith('-') ? ` ${text}` : text);

function double(label: string, held: unknown): string {
  if (typeof held !== 'number' || !Number.isFinite(held))
    throw invalid(label, 'must have a finite doubleValue');
  const text = Object.is(held, -0) ? '-0' : String(held);
  // without an exponent it would be a DECIMAL
  return number(text.includes('e') ? text : `${text}e0`);
}

function hintedLiteral(label: string, text: string, hint: string): string {
  const check = (fits: boolean): void => {
    if (!fits) throw new DataApiError('ValidationException', `Parameter ${label} is no ${hint}: ${text}`);
  };
  switch (hint) {
    case 'DECIMAL':
      check(/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?$/.test(text));
      return /[eE]/.test(text) ? `CAST('${text}' AS DECIMAL(65,30))` : number(text.replace('+', ''));
    case 'DATE':
      check(isDate(text));
      return `'${text}'`;
    case 'TIME':
      check(/^\d{2}:[0-5]\d:[0-5]\d(\.\d{1,6})?$/.test(text));
      return `'${text}'`;
    case 'TIMESTAMP':
      check(/^.{10} ([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,6})?$/.test(text) && isDate(text.slice(0, 10)));
      return `'${text}'`;
    case 'JSON':
      check(isJson(text));
      return textLiteral(text);
    case 'UUID':
      check(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text));
      return `x'${text.replaceAll('-', '')}'`;
    default:
      throw new DataApiError('ValidationException', `Parameter ${label} has an unknown type hint: ${hint}`);
  }
}

function isDate(text: string): boolean {
  const parsed = /^\d{4}-\d{2}-\d{2}$/.test(text) ? new Date(`${text}T00:00:00Z`) : undefined;
  return parsed !== undefined && !Number.isNaN(parsed.getTime()) && parsed.toISOString().startsWith(text);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

const invalid = (label: string, reason: string): DataApiError =>
  new DataApiError('BadRequestException', `Parameter ${label} ${reason}.`);
