import type { PriceBreak } from './price-breaks.ts';

/** What a supplier sells of an item at once, in units. */
export interface SoldQuantities {
  /** Fewest units of an order; 0 or 1 for none. */
  readonly minimumQuantity: number;
  readonly orderMultiple: number;
  /** Most units of an order; null or left out for none. */
  readonly maximumQuantity?: number | null;
}

/** Largest quantity that the terms allow; 0 when none is. */
export function mostSold({ minimumQuantity, orderMultiple, maximumQuantity }: SoldQuantities): number {
  if (maximumQuantity === undefined || maximumQuantity === null) return Number.POSITIVE_INFINITY;
  const most = Math.floor(maximumQuantity / orderMultiple + 1e-9) * orderMultiple;
  return most >= minimumQuantity ? most : 0;
}

/** Why no quantity at all keeps to the terms; undefined where one does. */
export function whyNothingIsSold(terms: SoldQuantities): string | undefined {
  const { minimumQuantity, orderMultiple, maximumQuantity } = terms;
  if (mostSold(terms) > 0) return undefined;
  return minimumQuantity > maximumQuantity!
    ? `the minimum of ${minimumQuantity} is above the maximum of ${maximumQuantity}`
    : `no quantity is a multiple of ${orderMultiple} between ${minimumQuantity} and ${maximumQuantity}`;
}

/** The first price that is dearer than that of fewer units, the smallest break first; undefined where prices fall. */
export function dearerBreak(
  unitCost: number,
  breaks: readonly PriceBreak[],
): { readonly place: number; readonly why: string } | undefined {
  let least = unitCost;
  for (const [place, { from, unitCost: price }] of breaks.entries()) {
    if (price > least)
      return { place, why: `from ${from} on a unit costs ${price}, fewer of them ${least} each` };
    least = price;
  }
  return undefined;
}
