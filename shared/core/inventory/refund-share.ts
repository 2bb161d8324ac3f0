/** What a line brought, and how much of it has come back so far. Money in ten-thousandths. */
export interface RefundableLine {
  readonly quantity: number;
  /** Goods without tax and shipping: quantity x price - discount. */
  readonly revenue: number;
  readonly returned: number;
  readonly refunded: number;
}

/**
 * What is given back for so many more units when nobody names a sum: their share of what the goods brought, never more
 * than is left. The shares of all units of a line add up to its revenue exactly, in whatever parts they come back.
 *   floor(revenue (returned + units) / quantity) - floor(revenue returned / quantity)
 * 3 units for 10.00: 3.3333, 3.3333, 3.3334.
 */
export function refundShare(line: RefundableLine, units: number): number {
  const { quantity, revenue, returned, refunded } = line;
  if (units < 0 || returned + units > quantity)
    throw new RangeError(`${returned} + ${units} of ${quantity} units`);
  const upTo = (count: number) => Number((BigInt(revenue) * BigInt(count)) / BigInt(quantity));
  return Math.max(0, Math.min(upTo(returned + units) - upTo(returned), revenue - refunded));
}
