import * as z from 'zod';
import { SIGNAL_KINDS } from '../../core/forecast/calendar/signal-regressor.ts';
import { Day } from './page.ts';

export const SIGNAL_SCOPES = ['all', 'location', 'category', 'product'] as const;
export const SIGNAL_FUTURES = ['known', 'carried', 'lagged', 'none'] as const;
/** Values that one request may bring, or one page hold. */
export const MOST_VALUES = 5000;

const name = z
  .string()
  .trim()
  .min(1)
  .max(60)
  .regex(/^[\p{L}\p{N} ._-]+$/u, 'letters, digits, blanks, dots, dashes');

/** GET /signals: something outside that moves demand. */
export const Signal = z.object({
  id: z.int(),
  /** Signals of one name are one input: for each series the most specific one counts. */
  name: z.string(),
  /** `promotion`, `event`: 0 on days without a value. The others: the newest value goes on. */
  kind: z.enum(SIGNAL_KINDS),
  scope: z.enum(SIGNAL_SCOPES),
  /** The product, category or location; null for all. */
  scope_key: z.string().nullable(),
  /**
   * After the planning day: `known` (as given), `carried` (the newest value goes on), `lagged` (as it was a quarter
   * before, in the past as well), `none` (0).
   */
  future: z.enum(SIGNAL_FUTURES),
  values: z.int(),
  first_day: Day.nullable(),
  last_day: Day.nullable(),
  created_at: z.string(),
});
export type Signal = z.infer<typeof Signal>;

/** Body of POST /signals. */
export const NewSignal = z
  .object({
    name,
    kind: z.enum(SIGNAL_KINDS),
    scope: z.enum(SIGNAL_SCOPES).default('all'),
    scope_key: z.string().min(1).max(100).nullable().default(null),
    future: z.enum(SIGNAL_FUTURES),
  })
  .refine(({ scope, scope_key }) => (scope === 'all') === (scope_key === null), {
    path: ['scope_key'],
    message: 'is needed for every scope but all',
  });
export type NewSignal = z.infer<typeof NewSignal>;

export const SignalValue = z.object({ day: Day, value: z.number().min(-1e12).max(1e12) });
export type SignalValue = z.infer<typeof SignalValue>;

/** Body of POST /signals/{id}/values: values replace those of their days, null takes one away. */
export const SignalValues = z.object({
  values: z
    .array(SignalValue.extend({ value: SignalValue.shape.value.nullable() }))
    .min(1)
    .max(MOST_VALUES),
});
export type SignalValues = z.infer<typeof SignalValues>;
