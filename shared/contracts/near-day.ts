import * as z from 'zod';

/** First and last day of what is invented or measured: beyond them a date is a slip, and dates near the year 10000 have no next day. */
export const FIRST_DAY = '1970-01-01';
export const LAST_DAY = '2100-12-31';

/** A day such as 2024-01-31 from 1970 to 2100. */
export const NearDay = z.iso
  .date('is no day such as 2024-01-31')
  .refine((day) => day >= FIRST_DAY && day <= LAST_DAY, `is not from ${FIRST_DAY} to ${LAST_DAY}`);
