import type { Futures } from '../forecast/futures.ts';

/** How the demand of one period falls into its parts, when parts of equal length have equal chances. */
export interface PeriodSplit {
  /** Sum of the weights of a Dirichlet distribution over the parts; infinite when chance does not bunch demand. */
  readonly evenness: number;
  /** Whether totals are whole and vary as counts do, whose units fall one by one; else the period is cut as gamma variables are. */
  readonly isCount: boolean;
}

/** Totals up to this are split unit by unit. */
const MOST_UNITS = 32;
/** Above it parts are in proportion. */
const MOST_EVENNESS = 1e6;
/** A sample of Poisson counts has a variance a little off its mean: this far below it still counts as one. */
const LEAST_DISPERSION = 0.8;

/**
 * The split under which k of n days have k / n of the period's variance, not (k / n)^2 as by proportion:
 *   counts, variance v >= mean m      Dirichlet-multinomial with m^2 / (v - m): its total is negative binomial; v = m multinomial
 *   else                              Dirichlet with m^2 / v: the total is gamma
 * over the futures' period `at`. What it shares with the next period is its level, which days share too: it is taken out of v.
 */
export function splitOfPeriod({ count, periods, values }: Futures, at: number): PeriodSplit {
  const beside = (at + 1 < periods ? at + 1 : at - 1) * count;
  let [sum, squares, other, products] = [0, 0, 0, 0];
  let isWhole = true;
  for (let i = 0; i < count; i++) {
    const value = values[at * count + i]!;
    sum += value;
    squares += value * value;
    if (!Number.isInteger(value)) isWhole = false;
    if (beside < 0) continue;
    other += values[beside + i]!;
    products += value * values[beside + i]!;
  }
  const mean = sum / count;
  const shared = beside < 0 ? 0 : Math.max(0, products / count - (mean * other) / count);
  const variance = Math.max(0, squares / count - mean * mean - shared);
  if (!(mean > 0)) return { evenness: Number.POSITIVE_INFINITY, isCount: false };
  if (isWhole && variance >= LEAST_DISPERSION * mean)
    return { evenness: (mean * mean) / Math.max(0, variance - mean), isCount: true };
  return { evenness: (mean * mean) / variance, isCount: false };
}

/** Chance for one split: standard normal and uniform numbers. */
export interface SplitChance {
  readonly scores: readonly [number, number];
  readonly ranks: readonly [number, number];
}

/** Units of a period that fall into the first `share` of what is left of it, by the split of what is left. */
export function firstPart(
  total: number,
  share: number,
  evenness: number,
  isCount: boolean,
  { scores, ranks }: SplitChance,
): number {
  if (share <= 0) return 0;
  if (share >= 1) return total;
  if (!(total > 0)) return total * share;
  if (isCount && total <= MOST_UNITS) return unitsOfFirst(total, share, evenness, ranks[0]);
  // Units that fall one by one bunch less than the law of their means: a total of n has the variance of this evenness.
  const even = isCount ? evennessOfUnits(total, evenness) : evenness;
  if (even > MOST_EVENNESS) return total * share;
  const first = gammaAt(even * share, scores[0], ranks[0]);
  const rest = gammaAt(even * (1 - share), scores[1], ranks[1]);
  const part = first + rest > 0 ? first / (first + rest) : ranks[0] < share ? 1 : 0;
  return isCount ? Math.round(total * part) : total * part;
}

/** Beta with the variance of a beta-binomial share of n units: n / (1 + (n - 1) / (a + 1)) - 1. */
function evennessOfUnits(units: number, evenness: number): number {
  return units / (1 + (units - 1) / (evenness + 1)) - 1;
}

/** Quantile of the beta-binomial distribution, by its recursion from 0; binomial where evenness is infinite. */
function unitsOfFirst(units: number, share: number, evenness: number, rank: number): number {
  const isEven = evenness > MOST_EVENNESS;
  const odds = share / (1 - share);
  const own = evenness * share;
  const rest = evenness - own;
  let p = 1;
  for (let j = 0; j < units; j++) p *= isEven ? 1 - share : (rest + j) / (evenness + j);
  let sum = p;
  let k = 0;
  for (; k < units && sum < rank; k++) {
    const step = isEven ? odds : (own + k) / (rest + units - k - 1);
    p *= ((units - k) / (k + 1)) * step;
    sum += p;
  }
  return k;
}

/** Gamma of scale 1 by the cube of a normal score (Wilson & Hilferty 1931); a shape below 1 is lifted by 1 and thinned. */
function gammaAt(shape: number, score: number, rank: number): number {
  if (shape < 1) return gammaAt(shape + 1, score, rank) * rank ** (1 / shape);
  const share = 1 / (9 * shape);
  return shape * Math.max(0, 1 - share + score * Math.sqrt(share)) ** 3;
}
