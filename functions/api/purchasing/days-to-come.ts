import { Fault } from '../../../shared/contracts/fault.ts';

/** A day of a request: which field says it. */
type SaidDay = readonly [field: string, day: string | null | undefined];

/** Goods do not come before they are ordered. Fault `invalid` names each field that says so; null: nobody knows when that was. */
export function mustFollowOrder(orderedOn: string | null, days: readonly SaidDay[]): void {
  if (orderedOn === null) return;
  const details = days
    .filter(([, day]) => day != null && day < orderedOn)
    .map(([field, day]) => ({ field, reason: `${day} is before ${orderedOn}, the day of the order` }));
  if (details.length > 0)
    throw new Fault('invalid', 'Goods cannot come before they are ordered', { details });
}

/** The days that lines say, with the fields that say them. */
export const daysOfLines = <F extends string>(
  field: F,
  lines: readonly { readonly [key in F]?: string | null | undefined }[] = [],
): SaidDay[] => lines.map((line, i) => [`lines.${i}.${field}`, line[field]]);
