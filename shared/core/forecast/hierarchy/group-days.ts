/** What is stored of a group: per week ahead, and what each day has of a week's mean. */
export interface GroupOutlook {
  readonly mean: readonly number[];
  /** Quantiles of the units from the first day to the end of each week, by level. */
  readonly sums: Readonly<Record<string, readonly number[]>>;
  readonly shares: readonly number[];
}

const WEEK = 7;

/** The mean of a day, counted from 0: its share of its week. */
export function meanOfDay({ mean, shares }: GroupOutlook, day: number): number {
  return mean[Math.floor(day / WEEK)]! * shares[day % WEEK]!;
}

/** The mean of the first `days` days: the sum of their means. */
export function meanOfDays(outlook: GroupOutlook, days: number): number {
  assertWithin(outlook, days);
  let sum = 0;
  for (let day = 0; day < days; day++) sum += meanOfDay(outlook, day);
  return sum;
}

/**
 * A quantile of the units of the first `days` days, one of the levels that are known; between the ends of two weeks in
 * proportion to the share of the days.
 */
export function quantileOfDays(outlook: GroupOutlook, days: number, level: number | string): number {
  assertWithin(outlook, days);
  const sums = outlook.sums[String(level)];
  if (!sums) throw new RangeError(`the quantile ${level} of sums is not known`);
  const weeks = Math.floor(days / WEEK);
  const before = weeks === 0 ? 0 : sums[weeks - 1]!;
  const share = outlook.shares.slice(0, days % WEEK).reduce((sum, value) => sum + value, 0);
  return share === 0 ? before : before + share * (sums[weeks]! - before);
}

/**
 * The probability that the first `days` days ask for more than `units`, linear between the known quantiles; beyond them
 * the outermost level, since nothing is known there. No days ask for nothing.
 */
export function chanceAbove(outlook: GroupOutlook, days: number, units: number): number {
  if (days === 0) return units < 0 ? 1 : 0;
  const known = Object.keys(outlook.sums)
    .map((level) => ({ level: Number(level), value: quantileOfDays(outlook, days, level) }))
    .sort((a, b) => a.level - b.level);
  const above = known.findIndex(({ value }) => value > units);
  if (above === 0) return 1 - known[0]!.level;
  if (above < 0) return 1 - known.at(-1)!.level;
  const [low, high] = [known[above - 1]!, known[above]!];
  return 1 - (low.level + ((high.level - low.level) * (units - low.value)) / (high.value - low.value));
}

function assertWithin({ mean }: GroupOutlook, days: number): void {
  if (!Number.isInteger(days) || days < 0 || days > WEEK * mean.length)
    throw new RangeError(`${days} days of ${mean.length} weeks`);
}
