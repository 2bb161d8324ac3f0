import { gammaQuantile } from '../../math/incomplete-gamma.ts';
import { countLaw, countLawQuantiles, drawCount } from '../../math/panjer-counts.ts';
import type { Random } from '../../math/random.ts';

/** Demand of one period: none, or a size; nothing else is known. */
export interface HurdleDemand {
  /** Probability that there is demand. */
  readonly probability: number;
  /** Mean and variance of the size of a demand. */
  readonly size: number;
  readonly variance: number;
  /** Whole sizes are 1 and a count more (see countLaw); others are gamma distributed. */
  readonly isWhole: boolean;
}

/** Quantiles of the demand of one period at these levels, in any order. */
export function hurdleQuantiles(demand: HurdleDemand, levels: readonly number[]): number[] {
  const { probability, size, variance, isWhole } = demand;
  const without = 1 - probability;
  const inside = levels.map((level) => (level - without) / probability);
  if (isWhole && size >= 1) {
    const law = countLaw({ mean: size - 1, variance });
    const order = inside.map((_, i) => i).sort((a, b) => inside[a]! - inside[b]!);
    const found = countLawQuantiles(
      law,
      order.map((i) => Math.min(1 - 1e-12, Math.max(0, inside[i]!))),
    );
    const back = new Array<number>(levels.length);
    order.forEach((i, at) => {
      back[i] = levels[i]! <= without ? 0 : 1 + found[at]!;
    });
    return back;
  }
  return levels.map((level, i) => {
    if (level <= without || !(size > 0)) return 0;
    if (!(variance > 0)) return size;
    return gammaQuantile(Math.min(1 - 1e-12, inside[i]!), size ** 2 / variance) * (variance / size);
  });
}

/** One period's demand drawn by chance. */
export function drawHurdle({ probability, size, variance, isWhole }: HurdleDemand, random: Random): number {
  if (!(random.uniform() < probability)) return 0;
  if (isWhole && size >= 1) return 1 + drawCount(countLaw({ mean: size - 1, variance }), random);
  if (!(variance > 0)) return size;
  return random.gamma(size ** 2 / variance) * (variance / size);
}
