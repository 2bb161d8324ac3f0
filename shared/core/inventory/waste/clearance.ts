import { incompleteGamma } from '../../math/incomplete-gamma.ts';

/** Stock to get rid of, and what is known of its demand. Money in any one currency. */
export interface ClearanceInput {
  readonly units: number;
  /** Of today; no step goes above it. */
  readonly price: number;
  /** Units a day at that price. */
  readonly perDay: number;
  /** Percent by which demand changes when the price rises by one; negative. */
  readonly elasticity: number;
  /** Cost of keeping one unit for a day. */
  readonly holdingPerDay: number;
  /** Days in which it has to be sold. */
  readonly days: number;
  /** What one unit brings that is left in the end. */
  readonly salvage: number;
  /** No step goes below it. */
  readonly floor: number;
}

/** A price for a number of days. */
export interface PriceStep {
  readonly price: number;
  readonly days: number;
}

/** What is expected of prices: units sold in each step, and the money in the end. */
export interface Expectation {
  readonly sold: readonly number[];
  readonly revenue: number;
  readonly holding: number;
  /** Of what is left. */
  readonly salvaged: number;
  /** Revenue and salvage less the cost of holding until then. */
  readonly recovered: number;
}

/** Demand is never expected to grow by more than this, whatever the elasticity says of prices that nobody has tried. */
export const MOST_UPLIFT = 10;
const STAGES = 3;
/** Prices that are tried: every 5 % down to 75 % off. */
const GRID = Array.from({ length: 16 }, (_, i) => 1 - i / 20);

/** By how much demand grows at a price: (price / today's)^elasticity, at most tenfold. */
export function upliftAt(
  price: number,
  { price: today, elasticity }: Pick<ClearanceInput, 'price' | 'elasticity'>,
): number {
  return Math.min(MOST_UPLIFT, (price / today) ** elasticity);
}

/**
 * What these prices are expected to bring. Demand comes by chance (Poisson) at the rate of each step, so that of U units
 * E min(U, N) = L P(N <= U-1) + U P(N > U) are sold while L are asked for; holding is paid for the mean of what is there.
 * `upliftOf` = growth of demand by price, by the elasticity if left out.
 */
export function expectOf(
  input: ClearanceInput,
  steps: readonly PriceStep[],
  upliftOf: (price: number) => number = (price) => upliftAt(price, input),
): Expectation {
  const { units, perDay, holdingPerDay } = input;
  let asked = 0;
  let gone = 0;
  let revenue = 0;
  let holding = 0;
  const sold = steps.map(({ price, days }) => {
    asked += perDay * upliftOf(price) * days;
    const now = expectedSales(units, asked);
    const step = Math.max(0, now - gone);
    holding += holdingPerDay * days * (units - gone - step / 2);
    gone += step;
    revenue += step * price;
    return step;
  });
  const salvaged = (units - gone) * Math.min(input.salvage, input.price);
  return { sold, revenue, holding, salvaged, recovered: revenue + salvaged - holding };
}

/** Expected units sold of so many when so many are asked for on average: E min(units, Poisson(asked)). */
export function expectedSales(units: number, asked: number): number {
  if (!(units > 0) || !(asked > 0)) return 0;
  const whole = Math.floor(units);
  if (whole === 0) return Math.min(units, asked);
  // P(N <= n) = Q(n + 1, L)
  const upToLess = incompleteGamma(whole, asked).upper;
  const beyond = incompleteGamma(whole + 1, asked).lower;
  return Math.min(units, asked, asked * upToLess + whole * beyond);
}

export interface Ladder {
  readonly steps: readonly (PriceStep & { readonly discount: number; readonly sold: number })[];
  readonly expected: Expectation;
  /** The same days at today's price. */
  readonly keep: Expectation;
}

/**
 * Prices in three steps, each no higher than the one before, that are expected to recover most, none below the floor and
 * none above today's. The first of equals is the highest: a discount has to earn something. Raising the floor never
 * makes the lowest price lower, and nothing is better by less than today's price.
 */
export function clearanceLadder(input: ClearanceInput): Ladder {
  const prices = GRID.map((share) => share * input.price).filter(
    (price, i) => i === 0 || price >= input.floor - 1e-9,
  );
  const days = stageDays(input.days);
  const keep = expectOf(input, stepsAt(days, [input.price]));
  let best = stepsAt(days, [input.price]);
  let expected = keep;
  const tryOut = (chosen: readonly number[], from: number): void => {
    if (chosen.length === days.length) {
      const steps = stepsAt(days, chosen);
      const found = expectOf(input, steps);
      if (found.recovered > expected.recovered + 1e-9 * Math.abs(expected.recovered)) {
        best = steps;
        expected = found;
      }
      return;
    }
    for (let i = from; i < prices.length; i++) tryOut([...chosen, prices[i]!], i);
  };
  tryOut([], 0);
  return {
    steps: best.map((step, i) => ({
      ...step,
      discount: 1 - step.price / input.price,
      sold: expected.sold[i]!,
    })),
    expected,
    keep,
  };
}

const stageDays = (days: number): number[] => {
  const count = Math.max(1, Math.min(STAGES, Math.floor(days)));
  const each = Math.floor(days / count);
  return Array.from({ length: count }, (_, i) => (i < count - 1 ? each : days - each * (count - 1)));
};

const stepsAt = (days: readonly number[], prices: readonly number[]): PriceStep[] =>
  days.map((length, i) => ({ days: length, price: prices[Math.min(i, prices.length - 1)]! }));

/** Largest growth of demand that is looked for. */
const MOST_GROWTH = 50;

/**
 * By how much demand would have to grow for a discount to be worth it, compared with today's price: for those of whom
 * no elasticity is known. Null when no growth up to fiftyfold would do.
 */
export function breakEvenUplift(input: Omit<ClearanceInput, 'elasticity'>, price: number): number | null {
  const whole = { ...input, elasticity: 0 };
  const steps = [{ price, days: input.days }];
  const keep = expectOf(whole, [{ price: input.price, days: input.days }]).recovered;
  const gain = (uplift: number) => expectOf(whole, steps, () => uplift).recovered - keep;
  if (gain(MOST_GROWTH) < 0) return null;
  let low = 1;
  let high = MOST_GROWTH;
  if (gain(low) >= 0) return low;
  for (let i = 0; i < 40; i++) {
    const middle = (low + high) / 2;
    if (gain(middle) >= 0) high = middle;
    else low = middle;
  }
  return high;
}

/** The named legacy: 30 % off from 90 days without a sale on, 50 % from 180, 70 % from 365; nothing before. */
export function legacyDiscount(daysWithoutSale: number): number {
  if (daysWithoutSale >= 365) return 0.7;
  if (daysWithoutSale >= 180) return 0.5;
  return daysWithoutSale >= 90 ? 0.3 : 0;
}

/** Discounts of a promotion that are tried. */
const PROMOTION_GRID = [0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5];

/** A discount for some days after which today's price is back, when that is expected to recover more than none. */
export function promotionOf(
  input: ClearanceInput,
  promotionDays: number,
):
  | {
      readonly price: number;
      readonly discount: number;
      readonly uplift: number;
      readonly gain: number;
      readonly sold: number;
    }
  | undefined {
  const rest = Math.max(0, input.days - promotionDays);
  const days = Math.min(promotionDays, input.days);
  const keep = expectOf(input, [{ price: input.price, days: input.days }]);
  let best: ReturnType<typeof promotionOf>;
  for (const discount of PROMOTION_GRID) {
    const price = input.price * (1 - discount);
    if (price < input.floor - 1e-9) continue;
    const found = expectOf(input, [
      { price, days },
      { price: input.price, days: rest },
    ]);
    const gain = found.recovered - keep.recovered;
    if (gain > (best?.gain ?? 0) + 1e-9)
      best = { price, discount, uplift: upliftAt(price, input), gain, sold: found.sold[0]! };
  }
  return best;
}
