/** The constant-size memory of a series that its features are read from. All numbers are plain JSON. */
export interface DemandMemoryState {
  /** Values seen; also the place in the season. */
  readonly seen: number;
  /** The newest season, as a ring that `seen % period` points into. */
  readonly ring: readonly number[];
  readonly last: number;
  readonly fast: number;
  readonly slow: number;
}

/** Weights of the newest value on the two levels. */
const FAST = 0.3;
const SLOW = 0.05;

/** Features of the next value; each scales with the series, so that twice the demand gives twice the forecast. */
export class DemandMemory {
  readonly period: number;
  readonly hasWave: boolean;
  readonly size: number;
  readonly ring: Float64Array;
  seen = 0;
  last = 0;
  fast = 0;
  slow = 0;

  constructor(period: number, hasWave: boolean) {
    this.period = period;
    this.hasWave = hasWave;
    this.size = 3 + (period > 1 ? 1 : 0) + (hasWave ? 2 : 0);
    this.ring = new Float64Array(period);
  }

  /** Last value, fast and slow level, the value a season ago, and a yearly wave of the height of the slow level. */
  fill(features: Float64Array): void {
    features[0] = this.last;
    features[1] = this.fast;
    features[2] = this.slow;
    if (this.period === 1) return;
    const at = this.seen % this.period;
    features[3] = this.seen >= this.period ? this.ring[at]! : this.slow;
    if (this.size < 6) return;
    const angle = (2 * Math.PI * at) / this.period;
    features[4] = Math.sin(angle) * this.slow;
    features[5] = Math.cos(angle) * this.slow;
  }

  add(value: number): void {
    this.ring[this.seen % this.period] = value;
    this.last = value;
    // Until there are enough values the levels are their plain means.
    this.fast += Math.max(FAST, 1 / (this.seen + 1)) * (value - this.fast);
    this.slow += Math.max(SLOW, 1 / (this.seen + 1)) * (value - this.slow);
    this.seen++;
  }

  /** Starts again as another memory of the same shape stands. */
  copy({ seen, ring, last, fast, slow }: DemandMemoryState | DemandMemory): void {
    this.seen = seen;
    this.ring.set(ring);
    this.last = last;
    this.fast = fast;
    this.slow = slow;
  }

  toState(): DemandMemoryState {
    return { seen: this.seen, ring: [...this.ring], last: this.last, fast: this.fast, slow: this.slow };
  }
}
