import { normalQuantile } from '../math/normal.ts';
import { seededRandom } from '../math/random.ts';

/** How long an order takes, as days from placing it to having it on the shelf. */
export interface LeadTime {
  readonly meanDays: number;
  readonly deviationDays: number;
}

export interface LeadTimeDemandOptions {
  readonly leadTime: LeadTime;
  /** Days of review added to every lead time (the protection interval). Default 0. */
  readonly reviewDays?: number;
  /** Days in one period of the paths. */
  readonly periodDays: number;
  /** Days of the first period that are already over. Default 0. */
  readonly elapsedDays?: number;
  readonly seed: number;
}

/**
 * Sample of the demand (units) over a random lead time, one value for each simulated path.
 * Lead times are gamma with the stated mean and deviation; a period that is cut is counted in proportion; beyond the
 * end of a path its average goes on. The same seed draws the same lead times, so that a sample with review days is
 * never below the one without.
 */
export function leadTimeDemand(
  paths: readonly ArrayLike<number>[],
  options: LeadTimeDemandOptions,
): Float64Array {
  const { leadTime, reviewDays = 0, periodDays, elapsedDays = 0 } = options;
  if (!(leadTime.meanDays >= 0) || !(leadTime.deviationDays >= 0) || !(reviewDays >= 0)) {
    throw new RangeError('lead time, its deviation and review time are not negative');
  }
  if (!(periodDays > 0) || !(elapsedDays >= 0))
    throw new RangeError('a period has a positive number of days');
  const random = seededRandom(options.seed);
  const isRandom = leadTime.meanDays > 0 && leadTime.deviationDays > 0;
  const shape = isRandom ? (leadTime.meanDays / leadTime.deviationDays) ** 2 : 0;
  return Float64Array.from(paths, (path) => {
    const days = isRandom ? (random.gamma(shape) / shape) * leadTime.meanDays : leadTime.meanDays;
    const from = elapsedDays / periodDays;
    return demandUntil(path, from + (days + reviewDays) / periodDays) - demandUntil(path, from);
  });
}

/** Demand from the start of a path for a number of periods, whole or not. */
export function demandUntil(path: ArrayLike<number>, periods: number): number {
  const length = path.length;
  if (length === 0) throw new RangeError('a path has at least one period');
  const whole = Math.min(length, Math.floor(periods));
  let sum = 0;
  for (let i = 0; i < whole; i++) sum += path[i]!;
  if (periods >= length) return sum + (sum / length) * (periods - length);
  return sum + (periods - whole) * path[whole]!;
}

export interface ProtectionOptions {
  readonly leadTime: LeadTime;
  /** Days from today that are added to the lead time: until an order of the next chance is there. */
  readonly waitDays: number;
  /** Days added to it until the order of the next review is there. */
  readonly reviewDays: number;
  readonly periodDays: number;
}

/**
 * Demand over the lead time and over the protection interval, ascending, from the same paths and the same lead times.
 * The lead times are no draws but the middles of equally likely slices of their gamma distribution, one for each path
 * in a shuffled order, by the cube of a normal score (Wilson & Hilferty 1931): less noise, and no chance to pay for.
 *   shape k = (mean / deviation)^2,   L = mean (1 - 1 / 9k + z / 3 sqrt(k))^3
 */
export function protectionDemand(
  paths: readonly ArrayLike<number>[],
  { leadTime, waitDays, reviewDays, periodDays }: ProtectionOptions,
): { readonly lead: Float64Array; readonly protection: Float64Array } {
  const { meanDays, deviationDays } = leadTime;
  const count = paths.length;
  const lead = new Float64Array(count);
  const protection = new Float64Array(count);
  const isRandom = meanDays > 0 && deviationDays > 0;
  const share = isRandom ? (deviationDays / meanDays) ** 2 / 9 : 0;
  const scores = normalScores(count);
  for (let i = 0; i < count; i++) {
    const days = isRandom ? meanDays * Math.max(0, 1 - share + scores[i]! * Math.sqrt(share)) ** 3 : meanDays;
    lead[i] = demandUntil(paths[i]!, (days + waitDays) / periodDays);
    protection[i] = demandUntil(paths[i]!, (days + reviewDays) / periodDays);
  }
  return { lead: lead.sort(), protection: protection.sort() };
}

const SCORES = new Map<number, Float64Array>();
/** Numbers of paths whose scores are remembered: there is one for each service level in use. */
const MOST_SCORES = 64;

/** Normal scores of the middles of `count` equally likely slices, in an order that has nothing to do with that of the paths. */
function normalScores(count: number): Float64Array {
  const known = SCORES.get(count);
  if (known) return known;
  const scores = Float64Array.from({ length: count }, (_, i) => normalQuantile((i + 0.5) / count));
  const random = seededRandom(count);
  for (let i = count - 1; i > 0; i--) {
    const j = random.integer(i + 1);
    [scores[i], scores[j]] = [scores[j]!, scores[i]!];
  }
  if (SCORES.size < MOST_SCORES) SCORES.set(count, scores);
  return scores;
}
