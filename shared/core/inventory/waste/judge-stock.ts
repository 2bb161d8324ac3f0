import {
  chanceOfSilence,
  expectedInterval,
  probabilityDead,
  type RatePrior,
  type SalesRecord,
} from './dead-stock.ts';

/** What is known of the stock of one product at one place. */
export interface StockFacts {
  readonly onHand: number;
  readonly committed: number;
  readonly onOrder: number;
  readonly sales: SalesRecord;
  /** Days by the calendar since the last sale; null when it never sold. */
  readonly daysSinceSale: number | null;
  /** Units of the last 91 days, and of the 91 days after this day a year ago. */
  readonly soldRecently: number;
  readonly soldSameSeason: number;
  /** Units of the days of its silence a year earlier: few if it is always silent then. */
  readonly soldSilentSeason: number;
  readonly expected: { readonly perDay: number; readonly high: number | null; readonly days: number };
  /** Units past their day, and units that will be before anybody buys them. */
  readonly expired: number;
  readonly expiring: number;
}

export interface WasteRules {
  readonly endsPerDay: number;
  readonly deadProbability: number;
  readonly slowPerDay: number;
  readonly coverDays: number;
}

/** What stock is, worst first; every unit on hand is one of these. */
export const WASTE_KINDS = ['expired', 'expiring', 'dead', 'excess', 'slow', 'healthy'] as const;
export type WasteKind = (typeof WASTE_KINDS)[number];

export interface StockJudgement {
  readonly probabilityDead: number;
  readonly chanceOfSilence: number;
  /** Days in stock between days with a sale, while it is wanted. */
  readonly expectedInterval: number;
  /** `seasonal`: silent, and yet it sold in these weeks a year ago. */
  readonly verdict: 'dead' | 'doubtful' | 'seasonal' | 'wanted';
  readonly velocity: number;
  /** Days for which the stock lasts at that velocity; null when nothing sells. */
  readonly daysOfStock: number | null;
  readonly isSlow: boolean;
  readonly position: number;
  /** Demand of the days of cover that is not exceeded in 97.5 of 100 cases. */
  readonly orderUpTo: number;
  /** Of the position, on hand or coming. */
  readonly excess: number;
  /** Of that, units that are on hand and would be too many if nothing came any more. */
  readonly excessOnHand: number;
  readonly monthsOfCover: number | null;
  /** Units on hand by what they are: they sum to what is on hand. */
  readonly units: Readonly<Record<WasteKind, number>>;
}

/** From this probability on an item that is not dead is doubtful. */
const DOUBTFUL = 0.5;
/** Days of the sales that velocity is taken from. */
const VELOCITY_DAYS = 91;
const DAYS_A_MONTH = 365.25 / 12;

/**
 * What a stock is: dead by the odds of its silence, slow by its velocity, excess above the demand that its days of cover
 * may bring. `excess = max(0, position - what expires - orderUpTo)`, orderUpTo = mean + (high - mean of the forecast) x
 * sqrt(cover / its days), rounded up; without an interval two standard deviations of chance. Of it what is on order is
 * too much first, since it can still be put off: `excessOnHand = max(0, excess - on order)`. On hand 20,
 * on order 60, order-up-to 40: 40 too many, none of them on hand.
 */
export function judgeStock(
  facts: StockFacts,
  prior: RatePrior | undefined,
  rules: WasteRules,
): StockJudgement {
  const { onHand, sales, expected } = facts;
  const known = prior ?? { shape: 1, days: Math.max(365, sales.daysInStock) };
  const odds = prior ? probabilityDead(sales, prior, rules.endsPerDay) : 0;
  const verdict = verdictOf(facts, odds, rules);
  const velocity = facts.soldRecently / Math.max(1, Math.min(VELOCITY_DAYS, sales.daysInStock));
  const isSlow = verdict !== 'dead' && velocity < rules.slowPerDay;
  const position = onHand + facts.onOrder - facts.committed;
  const orderUpTo = Math.ceil(upperDemand(expected, rules.coverDays) - 1e-9);
  const excess = Math.max(0, position - facts.expired - facts.expiring - orderUpTo);
  const excessOnHand = Math.max(0, excess - facts.onOrder);
  return {
    probabilityDead: odds,
    chanceOfSilence: chanceOfSilence(sales, known),
    expectedInterval: expectedInterval(sales, known),
    verdict,
    velocity,
    daysOfStock: velocity > 0 ? onHand / velocity : null,
    isSlow,
    position,
    orderUpTo,
    excess,
    excessOnHand,
    monthsOfCover: expected.perDay > 0 ? Math.max(0, position) / expected.perDay / DAYS_A_MONTH : null,
    units: shareOut(onHand, facts, { isDead: verdict === 'dead', excess: excessOnHand, isSlow }),
  };
}

function verdictOf(facts: StockFacts, odds: number, rules: WasteRules): StockJudgement['verdict'] {
  if (odds < DOUBTFUL) return 'wanted';
  if (isSeasonal(facts)) return 'seasonal';
  return odds >= rules.deadProbability ? 'dead' : 'doubtful';
}

/** Sales a day in the season that is coming, as a multiple of those in the one of its silence. */
const SEASON_CONTRAST = 4;

/** Silent as in the same days a year earlier, before weeks in which it sold: its season is coming. */
function isSeasonal({ daysSinceSale, soldSameSeason, soldSilentSeason }: StockFacts): boolean {
  if (daysSinceSale === null || daysSinceSale === 0 || daysSinceSale >= 365) return false;
  const silent = soldSilentSeason / daysSinceSale;
  return soldSameSeason > 0 && soldSameSeason / VELOCITY_DAYS > SEASON_CONTRAST * silent;
}

function upperDemand({ perDay, high, days }: StockFacts['expected'], coverDays: number): number {
  const mean = perDay * coverDays;
  if (high === null) return mean + 1.96 * Math.sqrt(mean);
  return mean + Math.max(0, high - perDay * days) * Math.sqrt(coverDays / days);
}

/** Every unit on hand is of one kind: the worst that it is. */
function shareOut(
  onHand: number,
  { expired, expiring }: Pick<StockFacts, 'expired' | 'expiring'>,
  { isDead, excess, isSlow }: { readonly isDead: boolean; readonly excess: number; readonly isSlow: boolean },
): Record<WasteKind, number> {
  let rest = Math.max(0, onHand);
  const take = (units: number) => {
    const taken = Math.min(rest, Math.max(0, units));
    rest -= taken;
    return taken;
  };
  return {
    expired: take(expired),
    expiring: take(expiring),
    dead: isDead ? take(rest) : 0,
    excess: take(excess),
    slow: isSlow ? take(rest) : 0,
    healthy: take(rest),
  };
}
