import * as z from 'zod';
import { SIGNAL_KINDS } from '../../core/forecast/calendar/signal-regressor.ts';
import { id, optionalId } from './cells.ts';
import { time } from './time-cell.ts';

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;
const LARGEST = 1e12;

const oneOf = <const T extends string>(names: readonly T[]) =>
  z
    .string()
    .trim()
    .toLowerCase()
    .pipe(z.enum(names, `is none of ${names.join(', ')}`));

/** Canonical template: what a signal from outside was, or will be, on a day. Empty columns: it is of everything. */
export const signalValues = {
  name: 'signal_values',
  required: ['signal', 'kind', 'date', 'value'],
  optional: ['future', 'product_id', 'category', 'location_id'],
  row: z.object({
    signal: id(60),
    kind: oneOf(SIGNAL_KINDS),
    date: time.transform((text) => text.slice(0, 10)),
    value: z
      .string()
      .trim()
      .regex(NUMBER, 'is not a number')
      .transform(Number)
      .refine((value) => Math.abs(value) <= LARGEST, `is beyond ${LARGEST}`),
    future: z
      .string()
      .trim()
      .toLowerCase()
      .transform((text) => text || null)
      .pipe(
        z.enum(['known', 'carried', 'lagged', 'none'], 'is none of known, carried, lagged, none').nullable(),
      )
      .nullable()
      .default(null),
    product_id: optionalId(),
    category: optionalId(100),
    location_id: optionalId(50),
  }),
} as const;
