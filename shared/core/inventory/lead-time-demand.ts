import type { Futures } from '../forecast/futures.ts';
import { gammaQuantile } from '../math/incomplete-gamma.ts';
import { normalQuantile } from '../math/normal.ts';
import { seededRandom } from '../math/random.ts';
import { sortSample } from '../math/sort-sample.ts';
import { firstPart, type PeriodSplit, type SplitChance, splitOfPeriod } from './split-period.ts';

/** How long an order takes, as days from placing it to having it on the shelf. */
export interface LeadTime {
  readonly meanDays: number;
  readonly deviationDays: number;
}

export interface ProtectionOptions {
  readonly leadTime: LeadTime;
  /** Days added to the lead time until the order of today's chance is there; default 0, */
  readonly waitDays?: number;
  /** until that of the next chance is there, */
  readonly lookDays: number;
  /** and until that of the next review is there. */
  readonly reviewDays: number;
  readonly periodDays: number;
}

/** Demands of equally likely futures. None is below the one before it, future by future. */
export interface ProtectionDemand {
  /** Each ascending. */
  readonly lead: Float64Array;
  readonly look: Float64Array;
  readonly protection: Float64Array;
  /** What each future has from the end of `lead` to that of `look`, and to that of `protection`; in no order. */
  readonly betweenLooks: Float64Array;
  readonly betweenReviews: Float64Array;
  /** What `lead` has, in the order of these. */
  readonly leadByFuture: Float64Array;
}

/**
 * Demand until the goods of three chances to order are there, from the same futures and the same lead times. A period that
 * is cut falls into parts by `splitOfPeriod`; beyond the end of a future its average goes on. Lead times are no draws but
 * the middles of equally likely slices of their gamma distribution, one for each future in a shuffled order, by the cube of
 * a normal score (Wilson & Hilferty 1931): less noise, and no chance to pay for.
 *   shape k = (mean / deviation)^2,   L = mean (1 - 1 / 9k + z / 3 sqrt(k))^3,   and exactly where k < 1
 */
export function protectionDemand(
  futures: Futures,
  { leadTime, waitDays = 0, lookDays, reviewDays, periodDays }: ProtectionOptions,
): ProtectionDemand {
  const { meanDays, deviationDays } = leadTime;
  if (!(meanDays >= 0) || !(deviationDays >= 0) || !(waitDays >= 0) || !(periodDays > 0))
    throw new RangeError('days are not negative, and a period has some');
  if (!(waitDays <= lookDays && lookDays <= reviewDays))
    throw new RangeError('a later chance brings its goods no earlier');
  const { count, periods: length, values } = futures;
  if (count === 0 || length === 0) throw new RangeError('there is a future, of at least one period');
  const found = [new Float64Array(count), new Float64Array(count), new Float64Array(count)] as const;
  const chances = chancesOf(count);
  const walks = walksOf({ leadTime, waitDays, lookDays, reviewDays, periodDays }, chances);
  const splits: PeriodSplit[] = [];
  const splitAt = (period: number): PeriodSplit => (splits[period] ??= splitOfPeriod(futures, period));
  for (let i = 0; i < count; i++) {
    // whole periods walked, and their demand
    let walked = 0;
    let before = 0;
    // the share walked of the next one, and its demand
    let share = 0;
    let part = 0;
    for (let cut = 0; cut < found.length; cut++) {
      const periods = walks[cut]![i]!;
      const whole = Math.min(length, Math.floor(periods + 1e-9));
      while (walked < whole) {
        before += values[walked++ * count + i]!;
        share = 0;
        part = 0;
      }
      const rest = Math.max(0, periods - whole);
      if (whole === length) part = (before / whole) * rest;
      else if (rest > share) {
        const units = values[whole * count + i]! - part;
        // most weeks of most products sell nothing
        if (units !== 0) {
          const left = 1 - share;
          const { evenness, isCount } = splitAt(whole);
          part += firstPart(units, (rest - share) / left, evenness * left, isCount, chances[i]!.cuts[cut]!);
        }
        share = rest;
      }
      found[cut]![i] = before + part;
    }
  }
  const [lead, look, protection] = found;
  const since = (later: Float64Array): Float64Array => {
    const units = new Float64Array(count);
    for (let i = 0; i < count; i++) units[i] = later[i]! - lead[i]!;
    return units;
  };
  // before they are sorted
  const [betweenLooks, betweenReviews] = [since(look), since(protection)];
  const leadByFuture = lead.slice();
  return {
    lead: sortSample(lead),
    look: sortSample(look),
    protection: sortSample(protection),
    betweenLooks,
    betweenReviews,
    leadByFuture,
  };
}

/** Terms whose walks are remembered: a supplier's items share them. */
const MOST_WALKS = 64;
const WALKS = new Map<string, readonly Float64Array[]>();

/** Periods, whole or not, until the goods of each chance to order are there, future by future. */
function walksOf(
  { leadTime, waitDays, lookDays, reviewDays, periodDays }: Required<ProtectionOptions>,
  chances: readonly PathChance[],
): readonly Float64Array[] {
  const { meanDays, deviationDays } = leadTime;
  const terms = [chances.length, meanDays, deviationDays, waitDays, lookDays, reviewDays, periodDays].join();
  const known = WALKS.get(terms);
  if (known) return known;
  const days = leadTimesOf(leadTime, chances);
  const walks = [waitDays, lookDays, reviewDays].map((end) => days.map((lead) => (lead + end) / periodDays));
  if (WALKS.size >= MOST_WALKS) WALKS.delete(WALKS.keys().next().value!);
  WALKS.set(terms, walks);
  return walks;
}

/** Days of each path's lead time. */
function leadTimesOf({ meanDays, deviationDays }: LeadTime, chances: readonly PathChance[]): Float64Array {
  const days = new Float64Array(chances.length).fill(meanDays);
  if (meanDays === 0 || deviationDays === 0) return days;
  const shape = (meanDays / deviationDays) ** 2;
  if (shape < 1) return days.map((_, i) => (meanDays / shape) * gammaQuantile(chances[i]!.rank, shape));
  const share = (deviationDays / meanDays) ** 2 / 9;
  const deviation = Math.sqrt(share);
  for (let i = 0; i < days.length; i++)
    days[i] = meanDays * Math.max(0, 1 - share + chances[i]!.leadTime * deviation) ** 3;
  return days;
}

/** What chance adds to one path: its lead time, and where its cut periods are cut. */
interface PathChance {
  /** Of its lead time, and the normal score of that. */
  readonly rank: number;
  readonly leadTime: number;
  readonly cuts: readonly [SplitChance, SplitChance, SplitChance];
}

const CHANCES = new Map<number, readonly PathChance[]>();
/** Numbers of paths whose chances are remembered. */
const MOST_CHANCES = 8;

/** Middles of `count` equally likely slices, for each purpose in another order that has nothing to do with the paths'. */
function chancesOf(count: number): readonly PathChance[] {
  const known = CHANCES.get(count);
  if (known) return known;
  const random = seededRandom(count);
  const ranks = (): Float64Array => {
    const values = Float64Array.from({ length: count }, (_, i) => (i + 0.5) / count);
    for (let i = count - 1; i > 0; i--) {
      const j = random.integer(i + 1);
      [values[i], values[j]] = [values[j]!, values[i]!];
    }
    return values;
  };
  const leadTimes = ranks();
  const cuts = [0, 1, 2].map(() => [ranks(), ranks(), ranks(), ranks()] as const);
  const cutOf = (cut: number, i: number): SplitChance => {
    const [a, b, c, d] = cuts[cut]!;
    return { scores: [normalQuantile(a[i]!), normalQuantile(b[i]!)], ranks: [c[i]!, d[i]!] };
  };
  const chances = Array.from(leadTimes, (rank, i) => ({
    rank,
    leadTime: normalQuantile(rank),
    cuts: [cutOf(0, i), cutOf(1, i), cutOf(2, i)] as const,
  }));
  if (CHANCES.size < MOST_CHANCES) CHANCES.set(count, chances);
  return chances;
}
