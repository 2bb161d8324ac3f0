/** Losses of an ascending sample of demand at any level, in logarithmic time after one pass over it. */
export class DemandTable {
  readonly mean: number;
  readonly largest: number;
  readonly #sorted: Float64Array;
  /** Sums of the values from a place on, and of their squares. */
  readonly #sums: Float64Array;
  readonly #squares: Float64Array;

  constructor(sorted: Float64Array) {
    const n = sorted.length;
    if (n === 0) throw new RangeError('no demand to protect against');
    const sums = new Float64Array(n + 1);
    const squares = new Float64Array(n + 1);
    for (let i = n - 1; i >= 0; i--) {
      const value = sorted[i]!;
      sums[i] = sums[i + 1]! + value;
      squares[i] = squares[i + 1]! + value * value;
    }
    this.#sorted = sorted;
    this.#sums = sums;
    this.#squares = squares;
    this.largest = sorted[n - 1]!;
    this.mean = sums[0]! / n;
    if (!Number.isFinite(this.mean)) throw new RangeError('a demand sample holds numbers only');
  }

  /** E[(D - level)+]. */
  loss(level: number): number {
    const at = this.#firstAbove(level);
    const n = this.#sorted.length;
    return (this.#sums[at]! - (n - at) * level) / n;
  }

  /** E[((D - level)+)^2] / 2, the integral of the loss from the level on. */
  secondLoss(level: number): number {
    const at = this.#firstAbove(level);
    const n = this.#sorted.length;
    return (this.#squares[at]! - 2 * level * this.#sums[at]! + (n - at) * level * level) / (2 * n);
  }

  /** P(D + U >= level), U a part of independent demand that is met at any of its units alike: P(U > u) = E[(d - u)+] / E[d]. */
  chanceAtLeast(level: number, other: DemandTable): number {
    const sorted = this.#sorted;
    const [others, sums] = [other.#sorted, other.#sums];
    const count = others.length;
    let i = sorted.length - 1;
    while (i >= 0 && sorted[i]! >= level) i--;
    const alone = sorted.length - 1 - i;
    let sum = 0;
    for (let j = 0; i >= 0; i--) {
      const missing = level - sorted[i]!;
      while (j < count && others[j]! <= missing) j++;
      if (j === count) break;
      sum += sums[j]! - (count - j) * missing;
    }
    return (alone + sum / sums[0]!) / sorted.length;
  }

  #firstAbove(level: number): number {
    const sorted = this.#sorted;
    let low = 0;
    let high = sorted.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (sorted[middle]! > level) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}
