import type { CellStyle } from './cell-style.ts';

const PLAIN = /^[+-]?(\d{1,15}(\.\d{0,15})?|\.\d{1,15})$/;
const GROUPED = {
  '.': /^[+-]?(\d{1,3}([,'’]\d{3})+(\.\d*)?)$/,
  ',': /^[+-]?(\d{1,3}([.'’]\d{3})+(,\d*)?)$/,
};
const PLAIN_COMMA = /^[+-]?(\d{1,15}(,\d{0,15})?|,\d{1,15})$/;
/** Spaces count as marks of thousands where they stand before three digits. */
const SPACED = /(\d)[ \u00a0\u202f\u2009](?=\d{3}(\D|$))/g;
const CURRENCY = /^([+-]?)\s*(?:(?:[A-Z]{1,3})?[$£€¥₹₩]|[A-Z]{3}\s)\s*|\s*(?:[$£€¥₹₩]|\s[A-Z]{3})$/g;

/**
 * A number as people and programs write it, or undefined: `-1,234.5`, `−12`, `1.234,5` (decimal comma), `1 234`,
 * `'12` (as Excel marks text), `(12)` and `12-` (both negative). Exponents and hexadecimals are no cells of ours.
 */
export function readNumber(text: string, { decimal }: Pick<CellStyle, 'decimal'>): number | undefined {
  const trimmed = text.trim();
  if (decimal === '.' && PLAIN.test(trimmed)) return Number(trimmed);
  return readUnusual(trimmed, decimal);
}

/** A number that may carry a currency: `$1,234.00`, `1.234,50 €`, `-£3`, `($12.00)`, `USD 12`, `12 EUR`. */
export function readMoney(text: string, { decimal }: Pick<CellStyle, 'decimal'>): number | undefined {
  const trimmed = text.trim();
  if (decimal === '.' && PLAIN.test(trimmed)) return Number(trimmed);
  const { body, isNegative } = signOf(trimmed);
  const bare = body.replace(CURRENCY, (_, sign = '') => sign);
  const amount = readUnusual(bare, decimal);
  if (amount === undefined) return undefined;
  return isNegative ? -amount : amount;
}

function readUnusual(text: string, decimal: '.' | ','): number | undefined {
  const { body, isNegative } = signOf(text);
  if (isNegative && /^[+-]/.test(body)) return undefined;
  let digits = body.replace(/^([+-])\s+/, '$1').replace(SPACED, '$1');
  if (GROUPED[decimal].test(digits)) digits = digits.replaceAll(decimal === '.' ? /[,'’]/g : /[.'’]/g, '');
  if (decimal === ',') {
    if (!PLAIN_COMMA.test(digits)) return undefined;
    digits = digits.replace(',', '.');
  }
  if (!PLAIN.test(digits)) return undefined;
  return isNegative ? -Number(digits) : Number(digits);
}

/** Takes off what makes a number negative besides a leading minus, and the apostrophe of Excel. */
function signOf(text: string): { readonly body: string; readonly isNegative: boolean } {
  const plain = text.replace(/^'/, '').replaceAll('−', '-').trim();
  const inParentheses = /^\((.+)\)$/.exec(plain);
  if (inParentheses) return { body: inParentheses[1]!.trim(), isNegative: true };
  const trailing = /^(.*\d\D*)-$/.exec(plain);
  return trailing ? { body: trailing[1]!.trim(), isNegative: true } : { body: plain, isNegative: false };
}
