/** What a charge is spread over the lines of an order by. */
export type ChargeBasis = 'value' | 'quantity' | 'weight';

/** Freight, duty or another charge on an order. */
export interface Charge {
  /** In hundredths of the currency. */
  readonly cents: number;
  readonly basis: ChargeBasis;
}

/** A line as charges see it. */
export interface ChargedLine {
  readonly quantity: number;
  /** Ten-thousandths of the currency a unit. */
  readonly unitCost: number;
  /** Of a unit, in any unit that all lines share; undefined where nobody knows. */
  readonly unitWeight?: number | undefined;
}

/**
 * Shares whole cents by weights so that they add up to the cent: each gets the whole part of its exact share, and the
 * cents that are left go to the largest fractions, of equal ones to the first (Hamilton's method). Without any weight all
 * get the same.
 *   10.00 over weights 1, 1, 1: 3.34, 3.33, 3.33
 */
export function shareCents(cents: number, weights: readonly number[]): number[] {
  if (!Number.isSafeInteger(cents) || cents < 0) throw new RangeError(`${cents} cents`);
  if (weights.some((weight) => !(weight >= 0) || !Number.isFinite(weight)))
    throw new RangeError('a weight below zero');
  if (weights.length === 0) {
    if (cents > 0) throw new RangeError(`nothing to share ${cents} cents over`);
    return [];
  }
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const exact = weights.map((weight) => (total > 0 ? cents * (weight / total) : cents / weights.length));
  const shares = exact.map(Math.floor);
  const left = cents - shares.reduce((sum, share) => sum + share, 0);
  const order = exact
    .map((value, i) => ({ i, fraction: value - Math.floor(value) }))
    .sort((a, b) => b.fraction - a.fraction || a.i - b.i);
  for (let k = 0; k < left; k++) shares[order[k % order.length]!.i]! += 1;
  return shares;
}

/**
 * What of all charges falls on each line, in cents: by value (quantity x unit cost), quantity, or weight. The parts of each
 * charge add up to it exactly. A charge by weight needs the weight of every line that has units.
 */
export function spreadCharges(lines: readonly ChargedLine[], charges: readonly Charge[]): number[] {
  const totals = lines.map(() => 0);
  for (const charge of charges) {
    const shares = shareCents(
      charge.cents,
      lines.map((line) => weightOf(line, charge.basis)),
    );
    for (const [i, share] of shares.entries()) totals[i]! += share;
  }
  return totals;
}

function weightOf({ quantity, unitCost, unitWeight }: ChargedLine, basis: ChargeBasis): number {
  if (basis === 'quantity') return quantity;
  if (basis === 'value') return quantity * unitCost;
  if (unitWeight === undefined && quantity > 0) throw new RangeError('a line of unknown weight');
  return quantity * (unitWeight ?? 0);
}

/**
 * What a unit has cost once it is here: its price and its part of the charges, with six decimals.
 *   (unit cost x quantity + charges) / quantity;   2.50 and 1.00 over 8 units: 2.625
 */
export const landedUnitCost = ({ quantity, unitCost }: ChargedLine, chargeCents: number): string =>
  quantity === 0
    ? (unitCost / 10_000).toFixed(6)
    : (unitCost / 10_000 + chargeCents / 100 / quantity).toFixed(6);
