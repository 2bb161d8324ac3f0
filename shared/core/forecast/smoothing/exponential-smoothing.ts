/** Simple exponential smoothing of a series, with the start level that fits best. */
export interface Smoothed {
  readonly alpha: number;
  readonly firstLevel: number;
  readonly lastLevel: number;
  /** Sum of squared one-step errors. */
  readonly squares: number;
}

/** Bounds of the smoothing weight, as in R forecast. */
const LEAST = 1e-4;
const MOST = 0.9999;

const GRID = [LEAST, 0.003, 0.01, 0.03, 0.06, 0.1, 0.16, 0.23, 0.32, 0.43, 0.55, 0.68, 0.8, 0.92, MOST];

/**
 * The joint optimum of weight and start level (ETS(A,N,N) likelihood). For a given weight the errors are linear in the
 * start level, so that only the weight is searched. NaN leaves the level alone.
 */
export function smoothBest(values: ArrayLike<number>): Smoothed {
  let best = 0;
  const tried = GRID.map((alpha) => smooth(values, alpha));
  for (let i = 1; i < tried.length; i++) if (tried[i]!.squares < tried[best]!.squares) best = i;
  let low = GRID[Math.max(0, best - 1)]!;
  let high = GRID[Math.min(GRID.length - 1, best + 1)]!;
  const golden = (Math.sqrt(5) - 1) / 2;
  let left = smooth(values, high - golden * (high - low));
  let right = smooth(values, low + golden * (high - low));
  for (let i = 0; i < 60 && high - low > 1e-7; i++) {
    if (left.squares <= right.squares) {
      high = right.alpha;
      right = left;
      left = smooth(values, high - golden * (high - low));
    } else {
      low = left.alpha;
      left = right;
      right = smooth(values, low + golden * (high - low));
    }
  }
  const refined = left.squares <= right.squares ? left : right;
  return refined.squares < tried[best]!.squares ? refined : tried[best]!;
}

/** Simple exponential smoothing with this weight: l += alpha (y - l). */
export function smooth(values: ArrayLike<number>, alpha: number): Smoothed {
  // Levels above the first value: small numbers keep their digits, and a constant is smoothed exactly.
  let base = 0;
  for (let t = 0; t < values.length; t++) {
    if (Number.isNaN(values[t])) continue;
    base = values[t]!;
    break;
  }
  // With start level 0 the error is e; one unit of start level takes c from it.
  let level = 0;
  let c = 1;
  let ee = 0;
  let ec = 0;
  let cc = 0;
  for (let t = 0; t < values.length; t++) {
    const e = values[t]! - base - level;
    if (Number.isNaN(e)) continue;
    ee += e * e;
    ec += e * c;
    cc += c * c;
    level += alpha * e;
    c *= 1 - alpha;
  }
  const firstLevel = cc > 0 ? ec / cc : 0;
  return {
    alpha,
    firstLevel: base + firstLevel,
    lastLevel: base + level + firstLevel * c,
    squares: Math.max(0, ee - firstLevel * ec),
  };
}
