import { sampleQuantile } from '../../math/sample-quantile.ts';

/** A series of the plan, with the futures that its forecast comes from. */
export interface SpikeSeries {
  readonly category: string;
  /** Newest known quantities, oldest first; NaN is unknown. */
  readonly recent: ArrayLike<number>;
  /** Simulated futures, all of the same number and length (`Fitted.paths`). */
  readonly paths: readonly ArrayLike<number>[];
}

export interface Spike {
  readonly category: string;
  /** Periods ahead, from 1. */
  readonly step: number;
  /** Usual quantity of a period, and expected quantity of this one. */
  readonly usual: number;
  readonly expected: number;
  /** expected / usual - 1, with its interval. */
  readonly lift: number;
  readonly lowLift: number;
  readonly highLift: number;
}

export interface SpikeOptions {
  /** Least expected lift. Default 0.25. */
  readonly lift?: number;
  /** Probability that the interval holds. Default 0.8. */
  readonly coverage?: number;
}

/**
 * Periods ahead in which a category is expected to sell clearly more than usual: the lift is at least that asked for,
 * and the chance of any lift at least 1 - (1 - coverage) / 2. Sums over the series of a category are taken within each
 * simulated future. Most lift first. A category that sold nothing lately has no usual quantity, hence no spikes.
 */
export function upcomingSpikes(series: readonly SpikeSeries[], options: SpikeOptions = {}): Spike[] {
  const { lift: least = 0.25, coverage = 0.8 } = options;
  const spikes: Spike[] = [];
  for (const [category, members] of Map.groupBy(series, (one) => one.category)) {
    const usual = members.reduce((sum, { recent }) => sum + meanOf(recent), 0);
    const count = members[0]!.paths.length;
    const horizon = members[0]!.paths[0]?.length ?? 0;
    if (
      members.some(({ paths }) => paths.length !== count || paths.some((path) => path.length !== horizon))
    ) {
      throw new RangeError(`the futures of category ${category} differ in number or length`);
    }
    if (!(usual > 0)) continue;
    for (let h = 0; h < horizon; h++) {
      const sums = Float64Array.from({ length: count }, (_, i) =>
        members.reduce((sum, { paths }) => sum + paths[i]![h]!, 0),
      ).sort();
      const expected = sums.reduce((sum, value) => sum + value / count, 0);
      const lift = expected / usual - 1;
      const lowLift = sampleQuantile(sums, (1 - coverage) / 2) / usual - 1;
      const highLift = sampleQuantile(sums, (1 + coverage) / 2) / usual - 1;
      if (lift < least || lowLift <= 0) continue;
      spikes.push({ category, step: h + 1, usual, expected, lift, lowLift, highLift });
    }
  }
  return spikes.sort((a, b) => b.lift - a.lift);
}

function meanOf(values: ArrayLike<number>): number {
  const known = Array.from(values).filter((value) => !Number.isNaN(value));
  return known.reduce((sum, value) => sum + value / known.length, 0);
}
