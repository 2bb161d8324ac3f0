import type { DualPrices } from './dual-prices.ts';
import { keeps } from './limits.ts';
import { type Choice, priceOf, take, type ValueProblem } from './value-problem.ts';

/** A level that an item may have in an allocation that beats the known one, and what it gives up at the prices. */
interface Candidate {
  readonly level: number;
  readonly loss: number;
}

interface OpenItem {
  readonly item: number;
  readonly candidates: readonly Candidate[];
}

/** With more items open than this a search finds nothing in its time, and goes too deep. */
const MOST_OPEN = 1000;
/** Differences below this part of the bound are rounding. */
const ROUNDING = 1e-12;

/**
 * Searches for something better than `known`, and answers the best found and whether the search came to its end, which
 * proves it best. By depth-first branch and bound on the losses at the prices (Lagrangian relaxation):
 *   gain = bound - sum over items of (best - chosen level, both at the prices) - prices of what is left unused
 * so whatever beats the known gain has levels of small loss only; most items have one such level and are settled.
 * Looks at `mostNodes` at most.
 */
export function improveChoice(
  problem: ValueProblem,
  { prices, bound }: DualPrices,
  known: Choice,
  mostNodes: number,
): { readonly choice: Choice; readonly isBest: boolean } {
  const tolerance = ROUNDING * bound;
  const gap = (): number => bound - best.gain - tolerance;
  let best = known;
  if (!(gap() > 0)) return { choice: best, isBest: true };
  const base = emptyChoice(problem);
  const open = settle(problem, prices, base, gap());
  if (open.length > MOST_OPEN) return { choice: best, isBest: false };
  const ends = suffixUses(problem, open);
  const count = problem.limits.length;
  let nodes = 0;

  const search = (at: number, lost: number): boolean => {
    nodes += 1;
    if (nodes > mostNodes) return false;
    let unused = 0;
    for (let r = 0; r < count; r++) {
      if (!keeps(base.used[r]! + ends.least[r]![at]!, problem.limits[r]!)) return true;
      const left = problem.limits[r]! - base.used[r]! - ends.most[r]![at]!;
      if (left > 0) unused += (prices[r]! * left) / problem.limits[r]!;
    }
    if (lost + unused >= gap()) return true;
    if (at === open.length) {
      if (base.gain > best.gain + tolerance)
        best = { levels: base.levels.slice(), used: base.used.slice(), gain: base.gain };
      return true;
    }
    const { item, candidates } = open[at]!;
    for (const { level, loss } of candidates) {
      if (lost + loss >= gap()) break;
      const gain = base.gain;
      const used = base.used.slice();
      take(problem, base, item, level);
      const isDone = search(at + 1, lost + loss);
      base.levels[item] = 0;
      base.used.set(used);
      base.gain = gain;
      if (!isDone) return false;
    }
    return true;
  };
  const isBest = search(0, 0);
  return { choice: best, isBest };
}

const emptyChoice = ({ items, limits }: ValueProblem): Choice => ({
  levels: new Int32Array(items.length),
  used: new Float64Array(limits.length),
  gain: 0,
});

/** Gives items with one possible level that level, and answers the others, those of the largest spread first. */
function settle(problem: ValueProblem, prices: Float64Array, base: Choice, gap: number): OpenItem[] {
  const open: (OpenItem & { spread: number })[] = [];
  for (const [i, { quantities, gains }] of problem.items.entries()) {
    const price = priceOf(problem, prices, i);
    let highest = 0;
    for (let k = 1; k < quantities.length; k++)
      highest = Math.max(highest, gains[k]! - price * quantities[k]!);
    const candidates: Candidate[] = [];
    for (let k = 0; k < quantities.length; k++) {
      const loss = highest - (gains[k]! - price * quantities[k]!);
      if (loss < gap) candidates.push({ level: k, loss });
    }
    if (candidates.length === 1) {
      if (candidates[0]!.level > 0) take(problem, base, i, candidates[0]!.level);
      continue;
    }
    const of = (pick: (...levels: number[]) => number) => pick(...candidates.map(({ level }) => level));
    const spread = price * (quantities[of(Math.max)]! - quantities[of(Math.min)]!);
    candidates.sort((a, b) => a.loss - b.loss || b.level - a.level);
    open.push({ item: i, candidates, spread });
  }
  return open.sort((a, b) => b.spread - a.spread || a.item - b.item);
}

/** What the open items from each place on use at least and at most, by limit. */
function suffixUses({ items, uses }: ValueProblem, open: readonly OpenItem[]) {
  const least = uses.map(() => new Float64Array(open.length + 1));
  const most = uses.map(() => new Float64Array(open.length + 1));
  for (let at = open.length - 1; at >= 0; at--) {
    const { item, candidates } = open[at]!;
    const quantities = candidates.map(({ level }) => items[item]!.quantities[level]!);
    for (const [r, use] of uses.entries()) {
      least[r]![at] = least[r]![at + 1]! + Math.min(...quantities) * use[item]!;
      most[r]![at] = most[r]![at + 1]! + Math.max(...quantities) * use[item]!;
    }
  }
  return { least, most };
}
