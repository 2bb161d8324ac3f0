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
