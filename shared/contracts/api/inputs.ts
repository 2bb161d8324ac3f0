import * as z from 'zod';
import * as cells from '../csv/cells.ts';

/** Which part of a list. */
export const pageQuery = (max: number, usual = Math.min(100, max)) => ({
  skip: z.coerce.number().int().min(0).max(10_000_000).default(0),
  limit: z.coerce.number().int().min(1).max(max).default(usual),
});

const numberOrText = z.union([z.number(), z.string()]);

/** A number as people would write it: 0.1 + 0.2 is 0.3. */
function withoutNoise(value: number | string): string {
  return typeof value === 'number' ? String(Number(value.toPrecision(15))) : value;
}

/** Money in a request, a number or a decimal string, as integer ten-thousandths. */
export const moneyInput = numberOrText.transform(withoutNoise).pipe(cells.exactMoney);

/** Money that must not be negative. */
export const priceInput = moneyInput.refine((amount) => amount >= 0, 'must not be negative');

/** The same in whole cents, where no more is kept. */
export const centsInput = priceInput.refine((amount) => amount % 100 === 0, 'is no whole number of cents');

/** Whole units, a number or text. */
export const unitsInput = numberOrText.transform((value) => String(value)).pipe(cells.quantity);

/** Identifier of up to `max` characters. */
export const idInput = (max = 64) => cells.id(max);

/** Identifier that becomes that of a movement. */
export const movementIdInput = (max = 64) => cells.movementId(max);

/** Free text of up to `max` characters, or null. */
export const textInput = (max: number) => z.string().trim().max(max).nullable();

/** An instant: ISO 8601 with its zone, or a plain day, which begins at midnight UTC. */
export const timeInput = z
  .union([z.iso.datetime({ offset: true }), z.iso.date()])
  .transform((text) => new Date(text).toISOString());

/** A serial number in a path. */
export const serialParam = z.coerce.number().int().min(1);
