/** Sums over stretches of a series in constant time each; unknown values count for nothing. */
export class RunningSums {
  private readonly sums: Float64Array;
  private readonly squares: Float64Array;
  private readonly known: Int32Array;
  private readonly nonZero: Int32Array;

  constructor(values: Float64Array) {
    const n = values.length;
    this.sums = new Float64Array(n + 1);
    this.squares = new Float64Array(n + 1);
    this.known = new Int32Array(n + 1);
    this.nonZero = new Int32Array(n + 1);
    for (let t = 0; t < n; t++) {
      const value = values[t]!;
      const isKnown = !Number.isNaN(value);
      this.sums[t + 1] = this.sums[t]! + (isKnown ? value : 0);
      this.squares[t + 1] = this.squares[t]! + (isKnown ? value * value : 0);
      this.known[t + 1] = this.known[t]! + (isKnown ? 1 : 0);
      this.nonZero[t + 1] = this.nonZero[t]! + (isKnown && value !== 0 ? 1 : 0);
    }
  }

  /** Mean of the periods `from` up to and without `to`; NaN when none is known. */
  mean(from: number, to: number): number {
    const a = Math.max(0, from);
    const b = Math.min(to, this.sums.length - 1);
    if (b <= a) return Number.NaN;
    return (this.sums[b]! - this.sums[a]!) / (this.known[b]! - this.known[a]!);
  }

  /** Standard deviation of a stretch. */
  deviation(from: number, to: number): number {
    const a = Math.max(0, from);
    const b = Math.min(to, this.sums.length - 1);
    if (b <= a) return Number.NaN;
    const n = this.known[b]! - this.known[a]!;
    const mean = (this.sums[b]! - this.sums[a]!) / n;
    return Math.sqrt(Math.max(0, (this.squares[b]! - this.squares[a]!) / n - mean * mean));
  }

  /** Share of the known periods of a stretch that are not zero. */
  shareOfDemand(from: number, to: number): number {
    const a = Math.max(0, from);
    const b = Math.min(to, this.sums.length - 1);
    if (b <= a) return Number.NaN;
    return (this.nonZero[b]! - this.nonZero[a]!) / (this.known[b]! - this.known[a]!);
  }
}
