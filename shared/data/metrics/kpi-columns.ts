import * as z from 'zod';

/** A sum that may be nothing: 0 then. */
export const sumColumn = z.coerce.number();

/** An amount of money as the database has it, as integer ten-thousandths; a sum over nothing is 0. */
export const amountColumn = z
  .union([z.string(), z.number()])
  .nullable()
  .transform((value) => Math.round(Number(value ?? 0) * 10_000));
