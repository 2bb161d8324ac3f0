/** What a price may rest on. Money in any one currency. */
export interface PriceInput {
  readonly price: number;
  /** What another unit costs: the supplier's price; for stock beyond need what it brings otherwise. */
  readonly marginalCost: number;
  readonly elasticity: { readonly value: number; readonly error: number };
  readonly rails: PriceRails;
}

/** What a suggestion never goes beyond. */
export interface PriceRails {
  /** Largest change at once, as a share of today's price. */
  readonly mostChange: number;
  readonly floor: number;
  /** The highest price that was ever asked, or null when nobody knows. */
  readonly ceiling: number | null;
}

export interface PriceAdvice {
  readonly price: number;
  readonly kind: 'raise' | 'lower' | 'keep';
  /** Expected growth of demand and of profit, as shares; the least of profit over the interval of the elasticity. */
  readonly demandChange: number;
  readonly profitChange: number;
  readonly leastProfitChange: number;
  /** What kept the price from going further, if anything did. */
  readonly bound: 'change' | 'floor' | 'ceiling' | null;
}

/** The elasticity is looked at in the middle and at both ends of its 80 % interval. */
const ENDS = [-1.2816, 0, 1.2816];
/** Prices between the rails that are tried. */
const STEPS = 80;

/**
 * The price between the rails at which profit (price - cost) x demand grows most for sure: the least growth over the
 * interval of the elasticity is maximised, and today's price stays when none is sure to earn more. It is a suggestion;
 * nothing applies it.
 */
export function suggestPrice({ price, marginalCost, elasticity, rails }: PriceInput): PriceAdvice {
  if (!(price > 0)) throw new RangeError(`a price of ${price}`);
  const low = Math.max(price * (1 - rails.mostChange), Math.min(price, rails.floor));
  const high = Math.min(
    price * (1 + rails.mostChange),
    Math.max(price, rails.ceiling ?? price * (1 + rails.mostChange)),
  );
  const profitAt = (at: number, slope: number) => (at - marginalCost) * (at / price) ** slope;
  const today = price - marginalCost;
  const growth = (at: number, slope: number) => profitAt(at, slope) - today;
  const slopes = ENDS.map((z) => Math.min(0, elasticity.value + z * elasticity.error));
  const sure = (at: number) => Math.min(...slopes.map((slope) => growth(at, slope)));
  let best = price;
  for (let i = 0; i <= STEPS; i++) {
    const at = low + ((high - low) * i) / STEPS;
    if (sure(at) > sure(best) + 1e-9 * price) best = at;
  }
  const scale = Math.max(Math.abs(today), 1e-9);
  const isAt = (edge: number) => Math.abs(best - edge) < 1e-9 * price;
  return {
    price: best,
    kind: best > price ? 'raise' : best < price ? 'lower' : 'keep',
    demandChange: (best / price) ** elasticity.value - 1,
    profitChange: growth(best, elasticity.value) / scale,
    leastProfitChange: sure(best) / scale,
    bound: boundOf(best, price, isAt, low, high, rails),
  };
}

function boundOf(
  best: number,
  price: number,
  isAt: (edge: number) => boolean,
  low: number,
  high: number,
  { floor, ceiling }: PriceRails,
): PriceAdvice['bound'] {
  if (best < price && isAt(low)) return isAt(floor) ? 'floor' : 'change';
  if (best > price && isAt(high)) return ceiling !== null && isAt(ceiling) ? 'ceiling' : 'change';
  return null;
}
