import { hash } from 'node:crypto';
import * as z from 'zod';
import { money } from '../csv/cells.ts';
import { cutText } from '../cut-text.ts';

/** Parts that the payloads of all shops are made of. */

/** An id that is sometimes a number, as text. */
export const externalId = z
  .union([
    z
      .string()
      .trim()
      .min(1)
      .max(64)
      .refine((text) => text.isWellFormed(), 'is not well-formed'),
    z.int(),
  ])
  .transform((value) => String(value));

/** An instant with its zone, in UTC. */
export const instant = z
  .string()
  .refine((text) => !Number.isNaN(Date.parse(text)), 'is not a time')
  .transform((text) => new Date(text).toISOString());

/** An instant in UTC that is written without a zone, as WooCommerce's `_gmt` fields are. */
export const utcInstant = z
  .string()
  .transform((text) => (/(Z|[+-]\d\d:?\d\d)$/.test(text) ? text : `${text}Z`))
  .pipe(instant);

/** An amount; what is missing is 0. */
export const amount = z
  .union([z.string(), z.number()])
  .nullish()
  .transform((value) => (value === null || value === undefined || value === '' ? '0' : String(value)))
  .pipe(money);

/** Units, a whole number, as number or text. */
export const units = z.union([z.number(), z.string()]).transform((value, context) => {
  const number = Number(value);
  if (Number.isInteger(number) && Math.abs(number) <= 10_000_000) return number;
  context.addIssue({ code: 'custom', message: 'is not a whole number of units' });
  return z.NEVER;
});

/** Free text, cut to what a column holds; empty is null. */
export const words = (max: number) =>
  z
    .string()
    .nullish()
    .transform((value) => cutText(value?.trim() ?? '', max).trimEnd() || null);

/** A stock keeping unit, whole: cut, two of them could be one. */
export const skuText = words(1000);

/** A stock keeping unit as a product id, or else, where there is none or it is too long, a name made from the shop's own id. */
export function productIdOf(sku: string | null, system: string, id: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they must not get in
  const clean = sku?.replace(/[\u0000-\u001f\u007f]/g, '').trim() ?? '';
  return clean !== '' && clean.length <= MOST_ID ? clean : madeId(system, id);
}

/** A product id made of names that a shop gave; longer ones end in letters that stand for all of it. */
export function madeId(...names: readonly string[]): string {
  const id = names.join('-');
  return id.length <= MOST_ID
    ? id
    : `${cutText(id, MOST_ID - 13)}~${hash('sha256', id, 'base64url').slice(0, 12)}`;
}
const MOST_ID = 64;
