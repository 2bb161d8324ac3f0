import * as z from 'zod';
import { currentStyle } from './cell-style.ts';
import { mayBeGrouped } from './detect-style.ts';
import { readMoney, readNumber } from './number-text.ts';

/**
 * Cells of a CSV file as text -> checked values. Every limit is that of the column the value ends in,
 * because JSON_TABLE shortens and rounds without a word.
 */

/** Money as an integer number of ten-thousandths: sums and products stay exact. */
export type Money = number;

const MONEY_SCALE = 10_000;
/** DECIMAL(12, 4). */
const MONEY_LIMIT = 1e8;
/** Units of one line: far above any real line, far below where sums would lose exactness. */
const QUANTITY_LIMIT = 10_000_000;

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not get in
const CONTROL = /[\u0000-\u001f\u007f]/;

/** What a spreadsheet makes of a long number: `5.12E+12` stands for many ids. */
const SHORTENED = /^\d(?:[.,]\d+)?E\+\d+$/i;

/** An identifier: trimmed, not empty. */
export const id = (max = 64) =>
  z
    .string()
    .trim()
    .min(1, 'is empty')
    .max(max, `is longer than ${max} characters`)
    .refine((text) => !CONTROL.test(text), 'contains control characters')
    .refine((text) => !SHORTENED.test(text), 'was shortened by a spreadsheet');

/** What a spreadsheet takes for a formula. */
const FORMULA = /^[=+\-@]/;

/** Text for a cell that people open with a spreadsheet: behind an apostrophe it is no formula. `plainId` reads it back. */
export const asPlainCell = (text: string): string => (FORMULA.test(text) ? `'${text}` : text);

/** An identifier as `asPlainCell` writes it. */
export const plainId = (max = 64) =>
  z
    .string()
    .trim()
    .transform((value) => (value.startsWith("'") && FORMULA.test(value.slice(1)) ? value.slice(1) : value))
    .pipe(id(max));

/** An identifier that may be left empty. */
export const optionalId = (max = 64) => emptyOr(id(max));

/** An identifier that becomes that of a movement: `:shortage` ends those of the ledger's own. */
export const movementId = (max = 64) =>
  id(max).refine((text) => !/(^|:)shortage$/.test(text), 'ends in shortage, which the ledger says itself');

/** Free text, trimmed; empty is null. */
export const text = (max: number) =>
  z
    .string()
    .trim()
    .max(max, `is longer than ${max} characters`)
    .transform((value) => (value === '' ? null : value))
    .nullable()
    .default(null);

/** Text that must be there. */
export const requiredText = (max: number) =>
  z.string().trim().min(1, 'is empty').max(max, `is longer than ${max} characters`);

/** Why units such as `2.000` are refused where nothing tells. */
export const GROUPED_UNITS =
  'may be thousands or a fraction: retry the import with a style that says which mark is the decimal mark';

/** Whole units, signed: `6`, `-12`, `6.0`, `1,200`. */
export const quantity = z.string().transform((value, context) => {
  const style = currentStyle();
  const units = readNumber(value, style);
  if (units === undefined) return fail(context, 'is not a number');
  if (style.isDecimalOpen && mayBeGrouped(value)) return fail(context, GROUPED_UNITS);
  if (!Number.isInteger(units)) return fail(context, 'is not a whole number of units');
  if (Math.abs(units) > QUANTITY_LIMIT) return fail(context, `is beyond ${QUANTITY_LIMIT} units`);
  return units;
});

const moneyCell = (isExact: boolean) =>
  z.string().transform((value, context): Money => {
    const amount = readMoney(value, currentStyle());
    if (amount === undefined) return fail(context, 'is not an amount of money');
    if (Math.abs(amount) >= MONEY_LIMIT) return fail(context, 'is an amount beyond 99,999,999');
    const scaled = amount * MONEY_SCALE;
    const rounded = Math.round(scaled);
    if (isExact && Math.abs(scaled - rounded) > noiseOf(scaled))
      return fail(context, 'has more than the 4 decimals that are kept');
    return rounded;
  });

/** What the multiplication leaves behind: 2.5555 times 10,000 is no whole number. */
const noiseOf = (value: number): number => 4 * Number.EPSILON * Math.abs(value) + 1e-9;

/** An amount of money, signed: `2.55`, `-3.1`, `$1,234.50`. At most 4 decimals count: files are full of computed ones. */
export const money = moneyCell(false);

/** The same, where somebody can be asked what is meant by more decimals. */
export const exactMoney = moneyCell(true);

/** Money that may be left empty. */
export const optionalMoney = emptyOr(money);

/** Whole units from zero up, or empty. */
export const optionalUnits = emptyOr(quantity.refine((units) => units >= 0, 'is negative'));

/** A number of days or the like, 0 up to 9,999. */
export const days = z.string().transform((value, context) => {
  const number = readNumber(value, currentStyle());
  if (number === undefined) return fail(context, 'is not a number');
  if (number < 0 || number > 9_999) return fail(context, 'is not between 0 and 9,999 days');
  return Math.round(number * 100) / 100;
});

/** What one unit takes of a measure, 0 up to a million with six decimals, or empty. */
export const optionalMeasure = emptyOr(
  z.string().transform((value, context) => {
    const number = readNumber(value, currentStyle());
    if (number === undefined) return fail(context, 'is not a number');
    if (number < 0 || number > 1_000_000) return fail(context, 'is not between 0 and 1,000,000');
    return Math.round(number * 1e6) / 1e6;
  }),
);

/** A flag: 1/0, true/false, yes/no; empty is false. */
export const flag = z
  .string()
  .trim()
  .toLowerCase()
  .transform((value, context) => {
    if (value === '1' || value === 'true' || value === 'yes') return true;
    if (value === '' || value === '0' || value === 'false' || value === 'no') return false;
    return fail(context, 'is neither 1 nor 0');
  })
  .default(false);

/** A flag that may be left empty: null, and what is known stays. */
export const optionalFlag = emptyOr(flag);

/** `12.5000` for the integer 125000: money as the database and JSON take it. */
export function toDecimal(amount: Money): string {
  const digits = String(Math.abs(amount)).padStart(5, '0');
  return `${amount < 0 ? '-' : ''}${digits.slice(0, -4)}.${digits.slice(-4)}`;
}

/** The cell, or null where it is empty or the file has no such column. */
export function emptyOr<T>(cell: z.ZodType<T, string | undefined> | z.ZodType<T, string>) {
  return z
    .string()
    .transform((value, context): T | null => {
      if (value.trim() === '') return null;
      const result = cell.safeParse(value);
      return result.success ? result.data : fail(context, result.error.issues[0]!.message);
    })
    .nullable()
    .default(null);
}

function fail(context: z.RefinementCtx, message: string): never {
  context.addIssue({ code: 'custom', message });
  return z.NEVER;
}
