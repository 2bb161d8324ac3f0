import { dualPrices } from './dual-prices.ts';
import { fillByRatio } from './fill-by-ratio.ts';
import { type GainLevels, gainLevels } from './gain-levels.ts';
import { improveChoice } from './improve-choice.ts';
import { type Limits, type Lot, limitedBy, type Resource } from './limits.ts';
import type { GainInput } from './marginal-gain.ts';
import { type Choice, valueProblem } from './value-problem.ts';

/** An item with its lot sizes, and what its units are worth. */
export interface ValuedItem extends Lot {
  readonly value: GainInput;
}

/** What an allocation gains, beside what could be gained. Money. */
export interface ValueBound {
  readonly gain: number;
  /** No allocation that keeps the limits gains more. */
  readonly most: number;
  /** Whether the search came to its end, so that nothing gains more than this allocation. */
  readonly isBest: boolean;
  /** What is gained without any limit: the limits cost the difference. */
  readonly unlimited: number;
  /** About what one more unit of a limit would gain. */
  readonly prices: { readonly [resource in Resource]?: number };
  readonly items: readonly ItemGain[];
}

/** One item of it. Quantities in units, gains in money. */
export interface ItemGain {
  readonly gain: number;
  /** What it would get without limits, and gain. */
  readonly wanted: number;
  readonly wantedGain: number;
  /** Gain a unit of its first step, which is its best; null where nothing gains. */
  readonly first: number | null;
  /** Gain a unit of its last step that was given, and of the next that was not (below 0: it would lose); null without one. */
  readonly last: number | null;
  readonly next: number | null;
}

/** Nodes of the search for something better than the greedy allocation: a few tenths of a second at most. */
const MOST_NODES = 200_000;

/**
 * Quantities that gain most: expected gain by demand samples, steps in the order of what they gain for what they use,
 * and a search that repairs what steps of unequal size leave. See `docs/theory/allocation.md`.
 */
export function allocateByValue(
  items: readonly ValuedItem[],
  limits: Limits,
  { mostNodes = MOST_NODES } = {},
): { readonly quantities: number[]; readonly bound: ValueBound } {
  return allocateLevels(
    items.map((item) => gainLevels(item, item.value)),
    items,
    limits,
    { mostNodes },
  );
}

/** The same for curves of gains that are known already. */
export function allocateLevels(
  offered: readonly GainLevels[],
  lots: readonly Lot[],
  limits: Limits,
  { mostNodes = MOST_NODES } = {},
): { readonly quantities: number[]; readonly bound: ValueBound } {
  const problem = valueProblem(offered, lots, limits);
  const dual = dualPrices(problem);
  const filled = fillByRatio(problem, dual.prices, dual.bound);
  const { choice, isBest } = improveChoice(problem, dual, filled, mostNodes);
  const limited = limitedBy(limits);
  const gains = offered.map((item, i) => itemGain(item, choice, i));
  return {
    quantities: gains.map((_, i) => problem.items[i]!.quantities[choice.levels[i]!]!),
    bound: {
      gain: choice.gain,
      most: isBest ? choice.gain : Math.max(choice.gain, dual.bound),
      isBest,
      unlimited: gains.reduce((sum, { wantedGain }) => sum + wantedGain, 0),
      prices: Object.fromEntries(
        limited.map((resource, r) => [
          resource,
          problem.limits[r]! > 0 ? dual.prices[r]! / problem.limits[r]! : 0,
        ]),
      ),
      items: gains,
    },
  };
}

function itemGain(
  { quantities, gains, slopes, beyond }: GainLevels,
  { levels }: Choice,
  i: number,
): ItemGain {
  const at = levels[i]!;
  const slope = (from: number, to: number): number =>
    (gains[to]! - gains[from]!) / (quantities[to]! - quantities[from]!);
  return {
    gain: gains[at]!,
    wanted: quantities[quantities.length - 1]!,
    wantedGain: gains[gains.length - 1]!,
    first: slopes[0] ?? null,
    last: at > 0 ? slope(at - 1, at) : null,
    next: at < gains.length - 1 ? slope(at, at + 1) : beyond,
  };
}
