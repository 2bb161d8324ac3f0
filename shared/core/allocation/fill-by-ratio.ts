import { type Choice, chooseAt, fits, isKept, priceOf, take, type ValueProblem } from './value-problem.ts';

/**
 * A good allocation: what the items choose at prices at which they keep every limit, filled up by the steps with the
 * largest gain for what they use. A step that does not fit is cut to the largest part that does, and ends its item.
 */
export function fillByRatio(problem: ValueProblem, prices: Float64Array, bound: number): Choice {
  const choice = chooseAt(problem, keptPrices(problem, prices, bound));
  const { items } = problem;
  const heap = new StepHeap(items.length);
  const weight = Float64Array.from(items, (_, i) => priceOf(problem, prices, i));
  const offer = (i: number): void => {
    const { slopes, hull } = items[i]!;
    const at = hullIndex(hull, choice.levels[i]!);
    if (at < slopes.length)
      heap.push(i, weight[i]! > 0 ? slopes[at]! / weight[i]! : Number.POSITIVE_INFINITY);
  };
  for (let i = 0; i < items.length; i++) offer(i);
  while (heap.size > 0) {
    const i = heap.pop();
    const { hull, gains } = items[i]!;
    const from = choice.levels[i]!;
    const to = hull[hullIndex(hull, from) + 1]!;
    let level = to;
    while (level > from && !fits(problem, choice, i, level)) level -= 1;
    while (level > from && gains[level]! <= gains[from]!) level -= 1;
    if (level > from) take(problem, choice, i, level);
    if (level === to) offer(i);
  }
  return choice;
}

const HALVINGS = 40;

/** The prices, raised as little as it takes for every limit to be kept. */
function keptPrices(problem: ValueProblem, prices: Float64Array, bound: number): Float64Array {
  const raised = (by: number): Float64Array => prices.map((price) => price * (1 + by) + bound * by);
  const areKept = (by: number): boolean => isKept(problem, chooseAt(problem, raised(by)));
  if (areKept(0)) return prices;
  let [low, high] = [0, 1e-9];
  for (let i = 0; i < 200 && !areKept(high); i++) [low, high] = [high, high * 4];
  for (let i = 0; i < HALVINGS && high - low > 1e-12 * high; i++) {
    const middle = (low + high) / 2;
    if (areKept(middle)) high = middle;
    else low = middle;
  }
  return raised(high);
}

function hullIndex(hull: Int32Array, level: number): number {
  let low = 0;
  let high = hull.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (hull[middle]! <= level) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Items by the ratio of their next step, the largest first, of equal ones the first item. */
class StepHeap {
  size = 0;
  readonly items: Int32Array;
  readonly ratios: Float64Array;

  constructor(most: number) {
    this.items = new Int32Array(most);
    this.ratios = new Float64Array(most);
  }

  push(item: number, ratio: number): void {
    let at = this.size;
    this.size += 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.isBefore(item, ratio, parent)) break;
      this.move(parent, at);
      at = parent;
    }
    this.items[at] = item;
    this.ratios[at] = ratio;
  }

  pop(): number {
    const first = this.items[0]!;
    this.size -= 1;
    const item = this.items[this.size]!;
    const ratio = this.ratios[this.size]!;
    let at = 0;
    for (let child = 1; child < this.size; child = 2 * at + 1) {
      const right = child + 1;
      const smaller =
        right < this.size && this.isBefore(this.items[right]!, this.ratios[right]!, child) ? right : child;
      if (this.isBefore(item, ratio, smaller)) break;
      this.move(smaller, at);
      at = smaller;
    }
    this.items[at] = item;
    this.ratios[at] = ratio;
    return first;
  }

  isBefore(item: number, ratio: number, other: number): boolean {
    const ratioThere = this.ratios[other]!;
    return ratio > ratioThere || (ratio === ratioThere && item < this.items[other]!);
  }

  move(from: number, to: number): void {
    this.items[to] = this.items[from]!;
    this.ratios[to] = this.ratios[from]!;
  }
}
